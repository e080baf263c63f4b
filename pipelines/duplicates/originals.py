"""Which member of a cluster the others repeat, and by what that is known."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from models.urls import url_key
from pipelines.duplicates.sketch import tokens

EARLIEST_TRUSTED: Final = 1995  # the year; what a site dates earlier is an archive's or a fault
LEAD, TAIL = 160, 400  # characters at both ends where an agency is credited
_DATELINE: Final = re.compile(r"\(([^()\n]{2,40})\)")
_CREDIT: Final = re.compile(  # looked ahead to, so that "source: A with B" credits both
    r"(?:©|\(c\)|\b(?:copyright|source|quelle|fuente|fonte|kilde|källa|bron|with|avec|mit|from|by"
    r"|via))(?=[\s:]+((?:[^\W\d_][\w.'’-]*\s?){1,4}))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """What of an article speaks for its being the original, or against it."""

    article_id: int
    url: str
    canonical_url: str | None
    site_names: frozenset[str]  # folded: what others would credit it as
    credits: frozenset[str]  # folded: whom it credits itself
    published_at: datetime | None  # aware; at midnight where only the day is known
    day_only: bool
    first_seen_at: datetime  # aware
    excerpt: bool  # a part of another member
    tokens: int


@dataclass(frozen=True, slots=True)
class Original:
    """The member that the others repeat."""

    article_id: int
    reason: str


def elect_original(members: Sequence[Candidate]) -> Original:
    """The original of a cluster: a pure function of its members, whatever their order.

    Each criterion keeps those it speaks for; the one that leaves a single member is the
    reason. The sitting original is therefore replaced only where it is strictly beaten.
    """
    left = list(members)
    for reason, keep in _CRITERIA:
        kept = keep(left, members)
        left = kept or left
        if len(left) == 1:
            return Original(left[0].article_id, reason)
    first = min(left, key=lambda member: (member.first_seen_at, member.article_id))
    return Original(first.article_id, "seen first")


def credited(authors: Sequence[str], text: str) -> frozenset[str]:
    """Folded names of whom a text credits: its authors, its dateline, its last lines."""
    named = [*authors, *_DATELINE.findall(text[:LEAD])]
    named += [name for end in (text[:LEAD], text[-TAIL:]) for name in _CREDIT.findall(end)]
    return frozenset(part for name in named for part in _parts(name))


def site_names(site: str, host: str) -> frozenset[str]:
    """Folded names that a site goes by: its own, its host's, each without 'news' at its end."""
    labels = [label for label in host.lower().split(".")[:-1] if label != "www"]
    names = {"".join(tokens(name)) for name in (site, *labels)}
    names |= {name.removesuffix("news") for name in names}
    return frozenset(name for name in names if len(name) > 1)


def _parts(name: str) -> set[str]:
    """A credit and each beginning of it: 'Reuters in Paris' credits Reuters."""
    words = tokens(name)[:4]
    return {"".join(words[:end]) for end in range(1, len(words) + 1)}


def _named_canonical(left: list[Candidate], members: Sequence[Candidate]) -> list[Candidate]:
    named: dict[bytes, set[int]] = {}
    for member in members:
        claim = _page(member.canonical_url)
        if claim is not None and claim != _page(member.url):
            named.setdefault(claim, set()).add(member.article_id)
    return [m for m in left if named.get(_page(m.url) or b"", set()) - {m.article_id}]


def _page(url: str | None) -> bytes | None:
    """The page that a URL is of; None where it is none: a claim may be anything."""
    try:
        return None if url is None else url_key(url)
    except ValueError:
        return None


def _credited(left: list[Candidate], members: Sequence[Candidate]) -> list[Candidate]:
    return [
        member
        for member in left
        if any(
            other.article_id != member.article_id
            and other.credits & member.site_names
            and not other.site_names & member.site_names
            for other in members
        )
    ]


def _earliest(left: list[Candidate], _members: Sequence[Candidate]) -> list[Candidate]:
    """Those that may be the first: a day without a time is as early as its midnight may be."""
    spans = {member.article_id: _span(member) for member in left}
    known = [span for span in spans.values() if span is not None]
    if not known:
        return left
    earliest_end = min(end for _, end in known)
    return [m for m in left if (span := spans[m.article_id]) and span[0] <= earliest_end]


def _span(member: Candidate) -> tuple[datetime, datetime] | None:
    """From when to when it may have been published; None where its date is not to be trusted."""
    at = member.published_at
    if at is None or at.year < EARLIEST_TRUSTED:
        return None
    if at > member.first_seen_at + timedelta(days=1):
        return None
    return at, at + timedelta(days=1) - timedelta.resolution if member.day_only else at


def _whole(left: list[Candidate], _members: Sequence[Candidate]) -> list[Candidate]:
    return [member for member in left if not member.excerpt]


def _longest(left: list[Candidate], _members: Sequence[Candidate]) -> list[Candidate]:
    most = max(member.tokens for member in left)
    return [member for member in left if member.tokens == most]


_Keep = Callable[[list[Candidate], Sequence[Candidate]], list[Candidate]]
_CRITERIA: Final[tuple[tuple[str, _Keep], ...]] = (
    ("named as canonical by others", _named_canonical),
    ("credited by others", _credited),
    ("published first", _earliest),
    ("not an excerpt", _whole),
    ("longest", _longest),
)
