"""The texts of a page in order, kept and removed, for a terminal and for programs."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, Final

from crawler.inspection.inspection import Inspection
from crawler.reports.block_words import evidence, headline
from pipelines.inspection.page_fates import TextFate
from pipelines.inspection.selector_suggestions import SelectorFinder, Suggestion

_EXCERPT: Final = 76  # characters of a text that are shown
_OTHERS: Final = 4  # values that lost
_SIGNS: Final = {"kept": "+", "restored": "+", "removed": "-", "unread": "?"}


def metadata_lines(inspection: Inspection) -> Iterator[str]:
    """Title, authors and date, each with its source, and the values that lost."""
    if not inspection.fates and not inspection.is_stored:
        return  # nothing was read
    for field in inspection.metadata:
        source = f"  ({field.source})" if field.source else ""
        yield f"  {field.name.partition('_')[0]:<9}  {field.value or '(none)'}{source}"
        for one in field.others[:_OTHERS]:
            yield f"  {'':<9}  not: {_excerpt(one.value)}  ({one.source})"


def text_lines(inspection: Inspection, finder: SelectorFinder | None) -> Iterator[str]:
    """Each text of the page; neighbours that were removed for one reason together.

    `finder` gives each a selector; None: the page's HTML is not at hand.
    """
    yield ""
    if inspection.fates:
        yield _counted(inspection)
    if inspection.fault:
        yield f"  {inspection.fault}"
    before = None
    for _, group in groupby(inspection.fates, key=_together):
        texts = list(group)
        yield from _group(texts, inspection)
        place = finder.place([one.number for one in texts]) if finder else None
        if place is not None and place.selector != before:
            yield f"          {place.selector}{_besides(place, len(texts))}"
        before = place.selector if place else None


def page_document(inspection: Inspection, finder: SelectorFinder | None) -> dict[str, Any]:
    """The same for programs, each text by itself."""
    return {
        "capture_id": inspection.capture_id,
        "fault": inspection.fault,
        "as_stored": inspection.is_stored,
        "metadata": {
            field.name: {
                "value": field.value,
                "source": field.source,
                "others": [{"source": o.source, "value": o.value} for o in field.others],
            }
            for field in inspection.metadata
        },
        "blocks": [_document(fate, inspection, finder) for fate in inspection.fates],
    }


def _document(
    fate: TextFate, inspection: Inspection, finder: SelectorFinder | None
) -> dict[str, Any]:
    place = finder.place([fate.number]) if finder else None
    return {
        "number": fate.number,
        "position": fate.position,
        "fate": fate.fate,
        "reason": fate.reason,
        "why": headline(fate.fate, fate.reason),
        "evidence": [
            {"text": one.text, "urls": list(one.urls)}
            for one in evidence(fate.evidence, inspection.urls, score=fate.score)
        ],
        "kind": fate.kind,
        "text": fate.text,
        "words": fate.words,
        "selector": place.selector if place else None,
        "selector_covers": list(place.covers) if place else [],
    }


def _besides(place: Suggestion, texts: int) -> str:
    """What a selector finds besides the texts that it stands below."""
    others = len(place.covers) - texts
    return f"   (and {others} other text{'' if others == 1 else 's'} here)" if others > 0 else ""


def _counted(inspection: Inspection) -> str:
    fates = inspection.fates
    counts = {sign: sum(one.fate == sign for one in fates) for sign in _SIGNS}
    words = sum(one.words for one in fates if one.is_kept)
    restored = f", {counts['restored']} of them restored" if counts["restored"] else ""
    unread = f", {counts['unread']} not in the stored text" if counts["unread"] else ""
    as_read = "" if inspection.is_stored or not fates else ", as the page reads today"
    return (
        f"Texts, in order: {counts['kept'] + counts['restored']} kept ({words} words){restored},"
        f" {counts['removed']} removed{unread}{as_read}"
    )


def _together(fate: TextFate) -> tuple[str, str, int]:
    """Texts with the same key are shown as one; a kept text stands alone."""
    return fate.fate, fate.reason, fate.number if fate.is_kept else -1


def _group(texts: Sequence[TextFate], inspection: Inspection) -> Iterator[str]:
    first = texts[0]
    more = f"  ({len(texts)} texts)" if len(texts) > 1 else ""
    at = "" if first.position is None else str(first.position)
    yield f"  {_SIGNS[first.fate]} {at:>4}  {_excerpt(first.text)}{more}"
    if first.fate == "kept" and not first.ruled:
        return
    yield f"          {headline(first.fate, first.reason)}"
    for sentence in evidence(first.evidence, inspection.urls):
        example = f", for example {sentence.urls[0]}" if sentence.urls else ""
        yield f"          {sentence.text}{example}"


def _excerpt(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _EXCERPT else f"{line[: _EXCERPT - 1]}…"
