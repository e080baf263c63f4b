"""A page read in a worker: all that the crawl's process needs of it, made where it is parsed."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from models.archive.reader import load
from models.articles.extraction_codec import digest, pack
from models.evidence import Observation
from models.items import CaptureRef, Extraction, Page
from models.sites.config import ExtractionRules
from pipelines.boilerplate.observation import observation_of
from pipelines.page_reader import extract

# What a worker loads before its first page; the last two the crawl's own process never needs.
WARM: Final = f"{__name__} trafilatura htmldate"


@dataclass(frozen=True, slots=True)
class ParsedPage:
    """What a page gives by itself."""

    extraction: Extraction = field(repr=False)
    packed: bytes = field(repr=False)  # the extraction, as SQL keeps it
    observation: Observation = field(repr=False)  # what the page shows its site's memory


def read(page: Page, rules: ExtractionRules | None) -> ParsedPage:
    """A page's reading, from its bytes. Raises ExtractionFailed as `extract` does."""
    extraction = extract(page.body, page.charset, page.final_url, page.hint, rules, page.fetched_at)
    shown = observation_of(page.url, page.url_id, page.fetched_at, extraction)
    return ParsedPage(extraction, pack(extraction), shown)


def reread(
    folder: Path,
    copy: CaptureRef,
    page: Page,
    rules: ExtractionRules | None,
    known: bytes | None = None,
) -> ParsedPage | None:
    """The reading of an archived copy; None if its digest is `known`: nothing has changed.

    `page` has no bytes: they stay in the worker, and of a page that reads as before nothing is
    sent back. Raises ArchiveError if the copy cannot be read, ExtractionFailed as `extract` does.
    """
    stored = load(copy, folder)
    whole = replace(
        page, body=stored.body, charset=stored.charset, final_url=stored.final_url,
        fetched_at=stored.fetched_at,
    )  # fmt: skip
    found = read(whole, rules)
    return None if known is not None and digest(found.packed) == known else found
