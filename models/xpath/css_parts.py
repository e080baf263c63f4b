"""Parts of CSS selectors, combined by `and`, `or` and `not`: what XPath's predicates become. Pure.

A condition is a disjunction of conjunctions: a tuple of `Compound`s, one of which has to match.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Final, Literal

MOST: Final = 50  # selectors in one, parted by commas
_PLAIN: Final = re.compile(r"[a-zA-Z_][a-zA-Z0-9_-]*")


class NotCarriedOver(ValueError):
    """No CSS selector means exactly the same; the message says why, in half a sentence."""


class NeverMatches(NotCarriedOver):
    """The same, of an expression that selects nothing, since it cannot be read."""


@dataclass(frozen=True, slots=True)
class Part:
    """One condition of an element, or its opposite.

    `css` is a type selector (`name`), a simple selector, `:has(...)` (`has`), or what stands
    before the element, with its combinator (`before`). `of`: the name that `:nth-of-type` needs
    where no type selector stands before it, so in `:not()`.
    """

    css: str
    kind: Literal["name", "simple", "has", "before"] = "simple"
    is_negated: bool = False
    of: str = ""


Compound = tuple[Part, ...]  # all have to match
Condition = tuple[Compound, ...]  # one has to match
ALWAYS: Final[Condition] = ((),)


def one(css: str, kind: Literal["name", "simple", "has", "before"] = "simple") -> Condition:
    """The condition that a single part is."""
    return ((Part(css, kind),),)


def all_of(conditions: Iterable[Condition]) -> Condition:
    """Each of the conditions. Raises NotCarriedOver if that takes too many selectors."""
    found = ALWAYS
    for condition in conditions:
        found = _few(tuple(left + right for left, right in product(found, condition)))
    return found


def any_of(conditions: Iterable[Condition]) -> Condition:
    """One of the conditions. Raises NotCarriedOver if that takes too many selectors."""
    return _few(tuple(compound for condition in conditions for compound in condition))


def negation(condition: Condition) -> Condition:
    """The opposite. Raises NotCarriedOver for parts of which CSS has none."""
    return all_of(any_of(((_opposite(part),),) for part in compound) for compound in condition)


def _opposite(part: Part) -> Part:
    if part.kind in ("has", "before"):
        raise NotCarriedOver("it denies what is around an element; CSS as used here cannot")
    return _opposite_of(part)


def _few(condition: Condition) -> Condition:
    if len(condition) > MOST:
        raise NotCarriedOver(f"it takes more than {MOST} selectors")
    return condition


def rendered(condition: Condition, after: str = "") -> tuple[str, ...]:
    """A selector for each of the condition's compounds that an element can match, each once.

    `after`: the combinator that stands before them, if any. Raises NotCarriedOver if nothing can
    match, and for conditions of the surroundings that the place does not allow.
    """
    found = [_compound_text(compound, after) for compound in condition]
    possible = tuple(dict.fromkeys(text for text in found if text))
    if not possible:
        raise NotCarriedOver("it selects nothing on any page")
    return possible


def _compound_text(compound: Compound, after: str) -> str:
    """Empty for a compound that no element matches."""
    parts = list(dict.fromkeys(compound))
    names = [part.css for part in parts if part.kind == "name" and not part.is_negated]
    if len(names) > 1 or any(_opposite_of(part) in parts for part in parts):
        return ""
    before = [part.css for part in parts if part.kind == "before"]
    if len(before) > 1 or (before and after):
        raise NotCarriedOver("it asks for what stands above an element that has a path already")
    has = [part.css for part in parts if part.kind == "has"]
    if has and "+" in f"{after}{''.join(before)[-3:]}":  # which cssselect reads wrongly
        raise NotCarriedOver("it asks for what is inside the next element")
    simple = [part for part in parts if part.kind == "simple" or part.is_negated]
    texts = [f":not({part.of}{part.css})" if part.is_negated else part.css for part in simple]
    return "".join((*before, *(names or ([] if texts else ["*"])), *texts, *has))


def _opposite_of(part: Part) -> Part:
    return replace(part, is_negated=not part.is_negated)


def quoted(text: str) -> str:
    """A CSS string in single quotes; what cannot be printed is written as its number.

    Raises NotCarriedOver for a backslash: cssselect reads `\\\\b` as the character of number 11.
    """
    if "\\" in text:
        raise NotCarriedOver("it has a backslash, which selectors as used here cannot")
    escaped = text.replace("'", "\\'")
    return "'" + "".join(c if c.isprintable() else f"\\{ord(c):x} " for c in escaped) + "'"


def attribute(name: str, sign: str, value: str) -> str:
    """`[name='value']`; `sign` is one of `=`, `~=`, `*=`, `^=`, `$=`. Short for ids and classes."""
    if _PLAIN.fullmatch(value) and (name, sign) in (("id", "="), ("class", "~=")):
        return f"{'#' if name == 'id' else '.'}{value}"
    return f"[{name}{sign}{quoted(value)}]"


def joined(selectors: Sequence[str]) -> str:
    """One selector that matches what any of them does."""
    return ", ".join(dict.fromkeys(selectors))
