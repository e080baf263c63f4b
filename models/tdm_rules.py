"""The rules of a site's /.well-known/tdmrep.json, as W3C's TDMRep has them. Pure.

https://www.w3.org/community/reports/tdmrep/CG-FINAL-tdmrep-20240510/: an array of rules, each with
a `location`, a `tdm-reservation` of 0 or 1 and perhaps a `tdm-policy`. The first rule whose
location matches holds, not the longest; where none does, the file says nothing of a page.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple
from urllib.parse import quote, urljoin, urlsplit

WELL_KNOWN: Final = "/.well-known/tdmrep.json"
MOST_RULES: Final = 1_000
LONGEST: Final = 2_000  # characters of a location or an address
_RESERVED: Final = {0: False, 1: True}
_ESCAPE: Final = re.compile("%([0-9A-Fa-f]{2})")
_UNRESERVED: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_KEPT: Final = "!#$%&'()*+,/:;=?@[]~"  # not quoted where a location or a path has them


class TdmRule(NamedTuple):
    """What holds for the pages of a location."""

    location: str  # a path and query: `*` is any characters, `$` at its end is the end
    is_reserved: bool
    policy: str | None = None  # URL


class ReadRules(NamedTuple):
    """What a file says."""

    rules: tuple[TdmRule, ...]
    faults: tuple[str, ...] = ()  # rules that are none, one line each


@dataclass(frozen=True, slots=True)
class TdmFile:
    """An origin's file as it was last read."""

    asked_at: datetime  # aware, UTC
    rules: tuple[TdmRule, ...] = ()
    fault: str | None = None  # why it could not be read; the rules are then those of before


@dataclass(slots=True)
class TdmFiles:
    """The files of the origins that a run has asked for or that were known before, by origin."""

    known: dict[str, TdmFile] = field(default_factory=dict)

    def rule_of(self, url: str) -> TdmRule | None:
        """What the file of a page's origin says of it; None: nothing."""
        file = self.known.get(origin(url))
        return first_match(file.rules, url) if file is not None and file.rules else None

    def rules_of(self, urls: Iterable[str]) -> Mapping[str, TdmRule]:
        """What is said of these pages, by URL; those of which nothing is said are left out."""
        found = {url: self.rule_of(url) for url in urls}
        return {url: rule for url, rule in found.items() if rule is not None}


def origin(url: str) -> str:
    """Scheme, host and port of an http(s) URL: 'https://news.example'."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}".lower()


def read_rules(body: bytes, url: str) -> ReadRules:
    """The rules of a file that came from `url`. Raises ValueError, in words, if it is none."""
    try:
        said = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as wrong:
        html = body.lstrip()[:1] == b"<"
        raise ValueError("it is HTML, not JSON" if html else f"it is no JSON: {wrong}") from wrong
    if not isinstance(said, list):
        raise ValueError("it is no JSON array of rules")
    rules, faults = list[TdmRule](), list[str]()
    for number, one in enumerate(said[:MOST_RULES], 1):
        try:
            rules.append(_rule(one, url))
        except ValueError as wrong:
            faults.append(f"rule {number}: {wrong}")
    if len(said) > MOST_RULES:
        faults.append(f"only the first {MOST_RULES} of {len(said)} rules are read")
    return ReadRules(tuple(rules), tuple(faults))


def first_match(rules: Iterable[TdmRule], url: str) -> TdmRule | None:
    """The first rule for a URL: the report calls it the most specific one."""
    parts = urlsplit(url)
    asked = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    target = _octets(asked).replace("*", "%2A").replace("$", "%24")
    return next((rule for rule in rules if _matches(rule.location, target)), None)


def _rule(said: Any, url: str) -> TdmRule:
    if not isinstance(said, dict):
        raise ValueError("it is no JSON object")
    location, reserved = said.get("location"), said.get("tdm-reservation")
    if not isinstance(location, str) or not location.startswith(("/", "*")):
        raise ValueError("its location is no path")
    if len(location) > LONGEST:
        raise ValueError(f"its location is longer than {LONGEST} characters")
    if type(reserved) is not int or reserved not in _RESERVED:  # true is no 1, nor is "1"
        raise ValueError("its tdm-reservation is neither 0 nor 1")
    return TdmRule(location, _RESERVED[reserved], _address(said.get("tdm-policy"), url))


def _address(said: Any, url: str) -> str | None:
    """A policy's URL; one that is none is no reason to pass over a reservation."""
    if not isinstance(said, str) or len(said) > LONGEST:
        return None
    try:
        found = urljoin(url, said.strip())
        is_web = urlsplit(found).scheme in ("http", "https") and bool(urlsplit(found).hostname)
    except ValueError:
        return None
    return found if said.strip() and is_web else None


def _matches(location: str, target: str) -> bool:
    """Whether a location is the beginning of a path and query, or with `$` the whole of it.

    No regular expression: what a site writes must not cost more than its length.
    """
    is_whole = location.endswith("$")
    begin, *others = _octets(location.removesuffix("$")).replace("$", "%24").split("*")
    if not target.startswith(begin):
        return False
    at = len(begin)
    if not others:
        return not is_whole or at == len(target)
    end = others.pop() if is_whole else ""
    for part in others:
        found = target.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return len(target) - len(end) >= at and target.endswith(end)


def _octets(text: str) -> str:
    """One spelling of a path: what need not be percent-encoded is not, all beyond ASCII is."""
    return quote(_ESCAPE.sub(_unescaped, text), safe=_KEPT)


def _unescaped(found: re.Match[str]) -> str:
    character = chr(int(found[1], 16))
    return character if character in _UNRESERVED else found[0].upper()
