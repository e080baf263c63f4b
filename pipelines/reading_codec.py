"""What a worker of a fleet is asked and answers, as JSON: nothing from a broker is unpickled.

A chunk holds what its captures have in common once. An answer carries the extraction as SQL keeps
it; what follows from it is made again by whoever asked. Both sides are of one version of Winnow, so
a form that is not known is refused, not converted.
"""

import base64
import traceback
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from cattrs.preconf.json import JsonConverter, make_converter

from models.articles import extraction_codec
from models.errors import ArchiveError, ExtractionFailed, LeadsElsewhere, PageTooLarge, WinnowError
from models.items import CaptureRef, Extraction, Page, Signs, StoryPages, StoryPart
from models.sites.config import ExtractionRules
from models.tdm_rules import TdmRule
from models.templates import Lesson
from pipelines.boilerplate.observation import observation_of
from pipelines.pool import PoolCrash, PoolTimeout
from pipelines.reading import Members, ParsedPage, reread
from pipelines.templates.matching import Searched
from pipelines.templates.reading_off import SiteTemplates

FORM: Final = 1  # of the JSON
_FAULTS: Final[Mapping[str, type[WinnowError]]] = {
    one.__name__: one
    for one in (
        ArchiveError, ExtractionFailed, LeadsElsewhere, PageTooLarge, PoolCrash, PoolTimeout,
    )
}  # fmt: skip


class FaultElsewhere(WinnowError):
    """A worker met what no reading should raise; the message ends with its traceback."""


class ChunkRefused(WinnowError):
    """A chunk or an answer of a form that this version does not know."""


@dataclass(frozen=True, slots=True)
class AskedCopy:
    """One archived copy to be read, as `reread` takes it, but for the archive's folder."""

    copy: CaptureRef
    page: Page
    rules: ExtractionRules | None = None
    known: bytes | None = None
    parts: tuple[StoryPart, ...] = ()
    templates: SiteTemplates = field(default_factory=SiteTemplates)
    reserved: Mapping[str, TdmRule] = field(default_factory=dict)
    members: Members = field(default_factory=dict)  # records that workers cannot read themselves


@dataclass(frozen=True, slots=True)
class _Shared:
    """What many captures of a chunk have in common."""

    rules: ExtractionRules | None
    templates: SiteTemplates  # of no page yet


@dataclass(frozen=True, slots=True)
class _Capture:
    """One capture of a chunk."""

    copy: CaptureRef | None  # None: the page names it
    page: Page
    page_hash: int
    known: bytes | None = None
    parts: tuple[StoryPart, ...] = ()
    reserved: dict[str, TdmRule] = field(default_factory=dict)
    members: dict[int, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _How:
    """How a page was read: all of a reading that does not follow from what SQL keeps."""

    basis: str
    signs: Signs
    pages: StoryPages
    lesson: Lesson | None
    searched: Searched | None


def encode_chunk(readings: Sequence[AskedCopy]) -> dict[str, Any]:
    """The readings as JSON's values."""
    shared: dict[_Shared, int] = {}
    captures = []
    for one in readings:
        common = _Shared(one.rules, replace(one.templates, page_hash=0))
        copy = None if one.copy == one.page.archived else one.copy
        asked = _Capture(
            copy,
            one.page,
            one.templates.page_hash,
            one.known,
            one.parts,
            dict(one.reserved),
            dict(one.members),
        )
        captures.append([shared.setdefault(common, len(shared)), _json().unstructure(asked)])
    return {
        "form": FORM,
        "shared": [_json().unstructure(common) for common in shared],
        "captures": captures,
    }


def parted(chunk: Any) -> list[tuple[Any, Any]]:
    """What `read_encoded` takes of each capture of a chunk. Raises ChunkRefused."""
    if not isinstance(chunk, dict) or chunk.get("form") != FORM:
        raise ChunkRefused("a chunk of captures of another version of Winnow")
    shared = chunk["shared"]
    return [(shared[number], capture) for number, capture in chunk["captures"]]


def decode_reading(common: Any, capture: Any) -> AskedCopy:
    """A reading as it was before `encode_chunk`. Raises ChunkRefused."""
    try:
        shared = _json().structure(common, _Shared)
        asked = _json().structure(capture, _Capture)
    except Exception as wrong:
        raise ChunkRefused(f"what a broker brought is no capture to be read: {wrong}") from wrong
    copy = asked.copy or asked.page.archived
    if copy is None:
        raise ChunkRefused("what a broker brought names no archived copy")
    templates = replace(shared.templates, page_hash=asked.page_hash)
    return AskedCopy(
        copy, asked.page, shared.rules, asked.known, asked.parts, templates, asked.reserved,
        asked.members,
    )  # fmt: skip


def read_encoded(folder: Path, common: Any, capture: Any) -> dict[str, Any]:
    """The answer to one capture of a chunk, read in this process from an archive's folder.

    Raises MemoryError and ChunkRefused; what a reading raises is an answer.
    """
    one = decode_reading(common, capture)
    return answer_of(
        lambda: reread(
            folder,
            one.copy,
            one.page,
            one.rules,
            one.known,
            one.parts,
            one.templates,
            one.reserved,
            one.members,
        )
    )


def answer_of(read: Callable[[], ParsedPage | None]) -> dict[str, Any]:
    """What a reading gives, or raises, as JSON's values; a MemoryError is raised."""
    try:
        found = read()
    except MemoryError:
        raise
    except Exception as fault:  # noqa: BLE001 - raised again by whoever asked
        return encode_fault(fault)
    return {} if found is None else _encode_page(found)


def encode_fault(fault: Exception) -> dict[str, Any]:
    """A fault by the name of its kind, and its words."""
    name = type(fault).__name__
    if _FAULTS.get(name) is type(fault):
        return {"fault": name, "said": str(fault)}
    return {"fault": None, "said": "".join(traceback.format_exception(fault))}


def decode_answer(answer: Any, reading: AskedCopy) -> ParsedPage | None:
    """What the reading gave; raises what it raised, FaultElsewhere, or ChunkRefused."""
    if not isinstance(answer, dict):
        raise ChunkRefused("an answer of another version of Winnow")
    if not answer:
        return None
    if "fault" in answer:
        raise _FAULTS.get(answer["fault"], FaultElsewhere)(answer["said"])
    try:
        how = _json().structure(answer["how"], _How)
        packed = _bytes(answer["packed"])
        kept = _extraction(packed, answer.get("words"))
    except Exception as wrong:
        raise ChunkRefused(f"what a worker answered is no reading: {wrong!r}") from wrong
    extraction = replace(kept, basis=how.basis, signs=how.signs, pages=how.pages)
    page = reading.page
    shown = observation_of(page.url, page.url_id, reading.copy.fetched_at, extraction)
    return ParsedPage(extraction, packed, replace(shown, lesson=how.lesson), how.searched)


def _encode_page(found: ParsedPage) -> dict[str, Any]:
    read: Extraction = found.extraction
    how = _How(read.basis, read.signs, read.pages, found.observation.lesson, found.searched)
    answer = {"packed": _text(found.packed), "how": _json().unstructure(how)}
    words = extraction_codec.encoded(read)
    if not extraction_codec.is_clean(words):
        answer["words"] = _text(zlib.compress(words.encode("utf-8", "surrogatepass"), 1))
    return answer


def _extraction(packed: bytes, words: str | None) -> Extraction:
    """What SQL keeps is cleaned of what no database takes; a page that had some is sent apart."""
    if words is None:
        return extraction_codec.unpack(packed)
    return extraction_codec.decoded(zlib.decompress(_bytes(words)).decode("utf-8", "surrogatepass"))


def _text(octets: bytes) -> str:
    return base64.b64encode(octets).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text)


@cache
def _json() -> JsonConverter:
    made = make_converter()
    made.register_unstructure_hook(bytes, _text)  # cattrs' own base 85 takes fifty times as long
    made.register_structure_hook(bytes, lambda value, _: _bytes(value))
    return made
