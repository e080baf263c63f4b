"""What papers say around their stories, in thirteen languages: bars, calls, who wrote it."""

from pathlib import Path
from typing import Final, NamedTuple


class Paper(NamedTuple):
    """The words of one paper; `papers.tsv` has a line for each."""

    headline: str
    brief: tuple[str, ...]  # a whole story
    cookies: str
    accept: str
    calls: tuple[str, ...]  # to have an account, to comment, an offer, the app, letters, the desk
    writer: str
    by: str  # before a writer's name
    about: str  # the writer
    day: str  # 14 March 2024


def _read(line: str) -> tuple[str, Paper]:
    language, headline, *fields = line.split("\t")
    cookies, accept, *calls = fields[2:-4]
    return language, Paper(headline, tuple(fields[:2]), cookies, accept, tuple(calls), *fields[-4:])


PAPERS: Final = dict(
    map(_read, Path(__file__).with_suffix(".tsv").read_text(encoding="utf-8").splitlines())
)
