"""Verbs are found by their files; each has a parser that reads its options."""

from scrapy.settings import Settings

from crawler.operations.verbs import command_of, modules, parser_of
from tests.support.desk import ROOT


def test_every_file_of_a_command_is_a_verb() -> None:
    ours = {path.stem for path in (ROOT / "crawler/commands").glob("*.py")} - {"__init__"}
    assert set(modules()) == ours | {"list", "settings"}
    assert list(modules()) == sorted(modules())


def test_a_verb_s_parser_reads_its_options() -> None:
    command = command_of(modules()["visit"])
    command.settings = Settings()
    opts, words = parser_of(command, "visit").parse_known_args(["example", "--jobs", "3"])
    assert (opts.jobs, words) == (3, ["example"])
