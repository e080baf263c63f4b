"""Which member of a cluster the others repeat, and by what that is known."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from models.urls import url_key
from pipelines.duplicates.sketch import tokens

EARLIEST_TRUSTED: Final = 1995  # the year; what a site dates earlier is an archive's or a fault
FAR: Final = timedelta(days=3 * 365)  # from all copies' dates and from our first visit: a fault
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
    """The original of a cluster: a pure function of its members, whenever each was crawled.

    Each criterion keeps those it speaks for; the one that leaves a single member is the
    reason. The sitting original is therefore replaced only where it is strictly beaten.
    """
    left = list(members)
    for reason, keep in _CRITERIA:
        kept = keep(left, members)
        left = kept or left
        if len(left) == 1:
            return Original(left[0].article_id, reason)
    # what is left is alike in all that tells; which was crawled first must not matter
    first = min(left, key=lambda member: (member.url, member.article_id))
    return Original(first.article_id, "first by address")


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
    """Those that others name, without those that name another themselves: they are its copies."""
    pages = {member.article_id: _page(member.url) or b"" for member in members}
    names: dict[bytes, bytes] = {}
    for member in members:
        page, claim = pages[member.article_id], _page(member.canonical_url)
        if claim is not None and claim != page and claim in pages.values():
            names[page] = min(claim, names.get(page, claim))  # whichever of them comes first
    return [
        member
        for member in left
        if (page := pages[member.article_id]) in names.values() and not _is_copy(page, names)
    ]


def _is_copy(page: bytes, names: Mapping[bytes, bytes]) -> bool:
    """Whether a page names another one that does not, in the end, name it in turn."""
    met = set()
    while page in names and page not in met:
        met.add(page)
        page = names[page]
    return bool(met) and page not in met


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


def _earliest(left: list[Candidate], members: Sequence[Candidate]) -> list[Candidate]:
    """Those that may be the first: a day without a time is as early as its midnight may be."""
    spans = {member.article_id: _span(member, members) for member in left}
    known = [span for span in spans.values() if span is not None]
    if not known:
        return left
    earliest_end = min(end for _, end in known)
    return [m for m in left if (span := spans[m.article_id]) and span[0] <= earliest_end]


def _span(member: Candidate, members: Sequence[Candidate]) -> tuple[datetime, datetime] | None:
    """From when to when it may have been published; None where its date is not to be trusted."""
    at = member.published_at
    if at is None or at.year < EARLIEST_TRUSTED:
        return None
    if at > member.first_seen_at + timedelta(days=1):
        return None
    others = [m.published_at for m in members if m.published_at and m is not member]
    if others and all(abs(at - near) > FAR for near in (*others, member.first_seen_at)):
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
