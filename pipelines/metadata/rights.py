"""What a page tells robots and miners: robots directives and TDM reservation, page and headers.

Robots directives are of `<meta name=robots>` and `X-Robots-Tag`; those for one robot alone count if
that is us, and else stand with its name. TDM reservation is of W3C's TDMRep: `tdm-reservation` and
`tdm-policy`, in the page, in headers or in the file of its host, which go before each other in this
order.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from models.items import Metadata
from models.tdm_rules import TdmRule
from pipelines.metadata.markup import absolute

AGENT: Final = "winnow"
NAMED: Final = ("googlebot", AGENT)  # robots with metas of their own that are read
MOST: Final = 1_000  # characters of all directives
_DIRECTIVE: Final = re.compile(r"[a-z][a-z0-9_-]{1,40}(?::[^,;]{1,100})?")
_VALUED: Final = frozenset(
    {"max-snippet", "max-image-preview", "max-video-preview", "unavailable_after"}
)
_USUAL: Final = frozenset({"all", "index", "follow"})  # what holds where nothing is said
_RESERVED: Final = {"1": True, "0": False}
_STRICTEST: Final = (True, None, False)  # of reservations, the strictest first
TDM: Final = "tdm_reservation"  # in `Metadata.sources`: 'meta' | 'header' | 'file'

Headers = Iterable[tuple[str, str]]


class Rights(NamedTuple):
    """The fields of a page's Metadata that are about rights."""

    robots_directives: str | None = None
    tdm_reservation: bool | None = None
    tdm_policy: str | None = None


def declared_rights(metas: Mapping[str, Sequence[str]], url: str) -> Rights:
    """What the metas of a page at `url` say, by folded names (`Markup.metas`)."""
    said = [one for text in metas.get("robots", ()) for one in _directives(text, None)]
    for agent in NAMED:
        said += [one for text in metas.get(agent, ()) for one in _directives(text, agent)]
    policies = (absolute(text, url) for text in metas.get("tdmpolicy", ()))
    return Rights(
        _joined(said),
        _reservation(metas.get("tdmreservation", ())),
        next(filter(None, policies), None),
    )


def header_rights(headers: Headers, url: str) -> Rights:
    """What the headers of an answer from `url` say."""
    given: dict[str, list[str]] = {}
    for name, value in headers:
        given.setdefault(name.lower(), []).append(value)
    said = [one for value in given.get("x-robots-tag", ()) for one in _tagged(value)]
    policies = (absolute(text, url) for text in given.get("tdm-policy", ()))
    return Rights(
        _joined(said),
        _reservation(given.get("tdm-reservation", ())),
        next(filter(None, policies), None),
    )


def with_headers(metadata: Metadata, headers: Headers, url: str) -> Metadata:
    """A page's metadata with the rights that its headers tell; the same one if they tell none."""
    found = header_rights(headers, url)
    if found == Rights():
        return metadata
    both = f"{metadata.robots_directives or ''},{found.robots_directives or ''}"
    robots = _joined(one.strip() for one in both.split(","))
    if metadata.tdm_reservation is not None or found.tdm_reservation is None:
        return replace(metadata, robots_directives=robots)
    sources = {**metadata.sources, TDM: "header"}
    said = found._replace(robots_directives=robots)._asdict()
    return replace(metadata, **said, sources=sources)


def with_file(metadata: Metadata, rule: TdmRule | None) -> Metadata:
    """A page's metadata with what the file of its host says of it, if page and headers do not."""
    if rule is None or metadata.tdm_reservation is not None:
        return metadata
    sources = {**metadata.sources, TDM: "file"}
    policy = metadata.tdm_policy or rule.policy
    return replace(metadata, tdm_reservation=rule.is_reserved, tdm_policy=policy, sources=sources)


def strictest(first: Metadata, others: Iterable[Metadata]) -> Metadata:
    """The first page's metadata with the rights of a story: all directives, the first
    reservation of text and data mining that any page makes. It is not reserved (0) only if each
    page says so.
    """
    pages = [first, *others]
    said = (one.strip() for page in pages for one in (page.robots_directives or "").split(","))
    strict = min(pages, key=lambda page: _STRICTEST.index(page.tdm_reservation))
    sources = {name: source for name, source in first.sources.items() if name != TDM}
    if TDM in strict.sources:
        sources[TDM] = strict.sources[TDM]
    return replace(
        first,
        robots_directives=_joined(said),
        tdm_reservation=strict.tdm_reservation,
        tdm_policy=strict.tdm_policy,
        sources=sources,
    )


def _directives(text: str, agent: str | None) -> Iterator[str]:
    """The directives of one list; those for another robot than us begin with its name."""
    for part in text.lower().split(","):
        said = re.sub(r"\s*:\s*", ":", " ".join(part.split()))
        if _DIRECTIVE.fullmatch(said) and said not in _USUAL:
            yield said if agent in (None, AGENT) else f"{agent}:{said}"


def _tagged(value: str) -> Iterator[str]:
    """The directives of an X-Robots-Tag: a robot's name goes before those that are for it."""
    agent: str | None = None
    for part in value.split(","):
        name, colon, rest = part.partition(":")
        name = name.strip().lower()
        if colon and name not in _VALUED:
            agent = name
            yield from _directives(rest, agent)
        else:
            yield from _directives(part, agent)


def _reservation(said: Iterable[str]) -> bool | None:
    """As TDMRep has it, what is neither 1 nor 0 says nothing."""
    return next((_RESERVED[text.strip()] for text in said if text.strip() in _RESERVED), None)


def _joined(said: Iterable[str]) -> str | None:
    joined = ""
    for one in sorted({one for one in said if one}):
        longer = f"{joined}, {one}" if joined else one
        if len(longer) > MOST:
            break
        joined = longer
    return joined or None
