"""Which facts of a revision a later look at the same wording corrects. Pure: values in and out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from models.articles.revisions import REPORTED

_PUBLISHED: Final = ("published_at", "published_precision", "published_offset")
# as the page has it now, and not as it once had it
_NEWEST: Final = frozenset(
    {"partial", "robots_directives", "tdm_reservation", "tdm_policy", "tdm_source"}
)


def corrections(
    stored: Mapping[str, Any], fresh: Mapping[str, Any], seen_at: datetime, *, wholly: bool
) -> dict[str, Any]:
    """Which stored facts the fresh ones replace, where the wording is the same.

    `wholly`: the same page was read by a better extractor, so its word counts. Otherwise the
    page was fetched again: a gap is filled, authors and a date as exact are taken over, and
    nothing known is lost to a page that says less, or that dates itself anew at each visit: no
    article came out after it was first seen (`seen_at`). Only it tells whether it is `partial`, and
    which rights its publisher reserves."""
    differing = {name: value for name, value in fresh.items() if stored[name] != value}
    if wholly:
        return differing
    taken = {
        name: value
        for name, value in differing.items()
        if name in _NEWEST
        or (value not in (None, [], {}) and (name in REPORTED or stored[name] in (None, [])))
    }
    if sorted(fresh["authors"]) == sorted(stored["authors"]):
        taken.pop("authors", None)  # some pages name them in another order each time
    poorer = fresh["published_precision"] == "day" and stored["published_precision"] == "time"
    anew = stored["published_at"] is not None and (fresh["published_at"] or seen_at) > seen_at
    if poorer or anew:
        for name in _PUBLISHED:
            taken.pop(name, None)
    elif "published_at" in taken and "published_offset" in differing:
        taken["published_offset"] = fresh["published_offset"]  # of another date, so null as well
    if taken:
        taken["field_sources"] = {**stored["field_sources"], **_sources(fresh, taken)}
    return taken


def _sources(fresh: Mapping[str, Any], taken: Mapping[str, Any]) -> dict[str, str]:
    return {name: source for name, source in fresh["field_sources"].items() if name in taken}
