"""Why a text was kept or removed, and on what evidence, in sentences."""

import math
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

REASONS: Final = {  # of v1_removed_blocks
    "repeated": "the site repeats it",
    "comment": "comments of readers, or a call to comment",
    "related": "leads to other stories",
    "advert": "an advert",
    "promo": "a call to subscribe, share or follow, or a note on the author",
    "cookie": "a cookie or consent notice",
    "navigation": "navigation",
    "caption": "a caption or a label of a picture",
    "headline": "the headline, which is stored as the title",
    "rule": "a rule of the site's TOML file removes it",
    "other": "reads like no article text",
}
_KEPT: Final = "reads like article text"
_RULED: Final = "a rule of the site's TOML file keeps it"
_RESTORED: Final = "restored by the site's memory"
_UNREAD: Final = "not among the texts that were read"
_EXAMPLES: Final = 3
_CLEARLY: Final = 0.995  # a probability or share that is written as all


class Sentence(NamedTuple):
    """One piece of evidence, with the pages that show it."""

    text: str
    urls: tuple[str, ...] = ()


def headline(fate: str, reason: str) -> str:
    """What became of a text and why, in a few words; `fate` as of TextFate."""
    if fate == "unread":
        return _UNREAD
    if fate == "removed":
        return REASONS[reason]
    if reason == "rule":
        return _RULED
    return _RESTORED if fate == "restored" else _KEPT


def evidence(
    found: Mapping[str, Any], urls: Mapping[int, str], *, score: float | None = None
) -> Iterator[Sentence]:
    """The stored evidence of a text in sentences; `urls`: addresses by url_id.

    `score`: the log-odds by the page alone, if the evidence has none.
    """
    if found.get("pages"):
        shown = tuple(urls[page] for page in found.get("seen_on", ()) if page in urls)
        yield Sentence(_shown_on(found["pages"], found.get("share") or 0.0), shown[:_EXAMPLES])
    if (place := found.get("place")) is not None:
        kept = found.get("place_kept", -1)
        if kept >= 0:
            yield Sentence(f"other pages keep {kept:.0%} of the words at its place ({place})")
    if "said_at" in found:
        yield Sentence(f"the page says the same in a better place, at block {found['said_at']}")
    odds = found.get("score", score)
    if odds is not None:
        yield Sentence(f"by this page alone: article text with a probability of {_percent(odds)}")


def _shown_on(pages: int, share: float) -> str:
    """The evidence compares a sample of pages: their number follows from the share."""
    if share >= _CLEARLY:
        return f"on all {pages} other pages of this site that it was compared with"
    if not share:
        return f"on {pages} other pages of this site, in other places or words"
    return (
        f"on {pages} of {round(pages / share)} other pages of this site that it was compared with"
    )


def _percent(odds: float) -> str:
    chance = 1 / (1 + math.exp(-max(-50.0, min(50.0, odds))))
    if chance >= _CLEARLY:
        return "over 99%"
    return "under 1%" if chance <= 1 - _CLEARLY else f"{100 * chance:.0f}%"
