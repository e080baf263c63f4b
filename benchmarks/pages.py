"""The benchmark's sets: real pages with the text a reader would want of them."""

import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from models.text import one_line, plain

BENCH: Final = Path(__file__).parents[2] / "shared" / "bench"
SEEDS: Final = Path(__file__).parents[2] / "shared" / "seeds"
SETS: Final = ("sites", "news", "zyte", "wcxb")


@dataclass(frozen=True, slots=True)
class Sample:
    """One page and the text that it should give."""

    set: str
    id: str
    url: str
    site: str
    text: str = field(repr=False)
    body: bytes = field(repr=False)
    title: str | None = None
    paragraphs: tuple[str, ...] = ()  # all must be there (seeds only)
    without: tuple[str, ...] = ()  # lines that must not (seeds only)

    @property
    def url_id(self) -> int:
        """A number for the page, as the database would give one."""
        return zlib.crc32(self.id.encode())


def samples(name: str) -> Iterator[Sample]:
    """The pages of a set, in its own order."""
    with (BENCH / name / "truth.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            row: dict[str, Any] = json.loads(line)
            page = BENCH / name / "pages" / f"{row['id']}.html.gz"
            yield Sample(
                set=name,
                id=row["id"],
                url=row["url"] or f"https://unknown.invalid/{row['id']}",
                site=row["site"],
                text=plain(row["text"]),
                body=gzip.decompress(page.read_bytes()),
                title=row.get("title"),
            )


def seeds() -> Iterator[Sample]:
    """The articles of the five small sites whose truth is whole."""
    truth = json.loads((SEEDS / "truth.json").read_text(encoding="utf-8"))
    for url, true in truth.items():
        parts = urlsplit(url)
        yield Sample(
            set="seeds",
            id=url,
            url=url,
            site=parts.netloc,
            text="\n".join(true["text"]),
            body=(SEEDS / parts.netloc / parts.path.lstrip("/")).read_bytes(),
            title=true["title"],
            paragraphs=tuple(one_line(part) for part in true["text"]),
            without=tuple(true["without"]),
        )
