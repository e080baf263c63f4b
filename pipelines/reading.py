"""A page read in a worker: all that the crawl's process needs of it, made where it is parsed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from models.archive.reader import capture_of, local_member
from models.articles.extraction_codec import digest, pack
from models.evidence import Observation
from models.items import CaptureRef, Extraction, Hint, Page, StoryPart
from models.sites.config import ExtractionRules
from models.tdm_rules import TdmRule
from pipelines.boilerplate.observation import observation_of
from pipelines.joining import joined, shown_whole
from pipelines.metadata.rights import with_file, with_headers
from pipelines.page_reader import ReadPage, read_page
from pipelines.templates.matching import Searched
from pipelines.templates.reading_off import SiteTemplates

# What a worker loads before its first page; the last two the crawl's own process never needs.
WARM: Final = f"{__name__} trafilatura htmldate"


@dataclass(frozen=True, slots=True)
class ParsedPage:
    """What a page gives by itself."""

    extraction: Extraction = field(repr=False)
    packed: bytes = field(repr=False)  # the extraction, as SQL keeps it
    observation: Observation = field(repr=False)  # what the page shows its site's memory
    searched: Searched | None = None  # why; None: it was read off a template


_NO_TEMPLATES: Final = SiteTemplates()
TdmRules = Mapping[str, TdmRule]  # by the final URLs of the pages that they are for
_NO_RULES: Final[TdmRules] = {}
Members = Mapping[int, bytes]  # records of captures, compressed, by capture_id
_ALL_LOCAL: Final[Members] = {}


def read(
    page: Page,
    rules: ExtractionRules | None,
    templates: SiteTemplates = _NO_TEMPLATES,
    reserved: TdmRules = _NO_RULES,
) -> ParsedPage:
    """A page's reading, from its bytes. Raises ExtractionFailed as `extract` does.

    `reserved`: what the file of its host says of the page.
    """
    found = _read(page, rules, templates, reserved)
    parsed = _parsed(page, found.extraction)
    observation = replace(parsed.observation, lesson=found.lesson)
    return replace(parsed, observation=observation, searched=found.searched)


def read_story(
    page: Page, first: Extraction, parts: Sequence[Extraction], *, is_view: bool, partial: bool
) -> ParsedPage:
    """The reading of a story's first page with its further ones, or with a view of all."""
    whole = shown_whole(first, parts[0]) if is_view else joined(first, parts, partial=partial)
    return _parsed(page, whole)


def reread(
    folder: Path,
    copy: CaptureRef,
    page: Page,
    rules: ExtractionRules | None,
    known: bytes | None = None,
    parts: Sequence[StoryPart] = (),
    templates: SiteTemplates = _NO_TEMPLATES,
    reserved: TdmRules = _NO_RULES,
    members: Members = _ALL_LOCAL,
) -> ParsedPage | None:
    """The reading of an archived copy; None if its digest is `known`: nothing has changed.

    `page` has no bytes: they stay in the worker, and of a page that reads as before nothing is
    sent back. `parts`: the further pages of its story. `members`: the records of copies that are
    not in the local `folder`: a worker loads no library of object storage. Raises ArchiveError if
    a copy cannot be read, ExtractionFailed as `extract` does.
    """
    whole = _loaded(folder, copy, page, members)
    found = read(whole, rules, templates, reserved)
    if parts:
        copies = [part.copy for part in parts if part.copy is not None]
        pages = [
            _read(
                _loaded(folder, one, page, members, further=True), rules, _NO_TEMPLATES, reserved
            ).extraction
            for one in copies
        ]
        found = read_story(
            whole, found.extraction, pages, is_view=parts[0].number == 0,
            partial=len(copies) < len(parts),
        )  # fmt: skip
    return None if known is not None and digest(found.packed) == known else found


def _loaded(
    folder: Path, copy: CaptureRef, page: Page, members: Members, *, further: bool = False
) -> Page:
    member = members.get(copy.capture_id)
    stored = capture_of(copy, local_member(copy, folder) if member is None else member)
    return replace(
        page, body=stored.body, charset=stored.charset, final_url=stored.final_url,
        headers=stored.headers,
        fetched_at=stored.fetched_at, hint=Hint() if further else page.hint,
    )  # fmt: skip


def _read(
    page: Page, rules: ExtractionRules | None, templates: SiteTemplates, reserved: TdmRules
) -> ReadPage:
    found = read_page(
        page.body, page.charset, page.final_url, page.hint, rules, page.fetched_at, templates
    )
    by_page = with_headers(found.extraction.metadata, page.headers, page.final_url)
    metadata = with_file(by_page, reserved.get(page.final_url))
    if metadata is found.extraction.metadata:
        return found
    return found._replace(extraction=replace(found.extraction, metadata=metadata))


def _parsed(page: Page, extraction: Extraction) -> ParsedPage:
    shown = observation_of(page.url, page.url_id, page.fetched_at, extraction)
    return ParsedPage(extraction, pack(extraction), shown)
