"""What an XPath asks of an attribute's value or an element's text, as CSS. Pure."""

import re
from typing import Final

from models.xpath.css_parts import (
    Condition,
    NotCarriedOver,
    all_of,
    any_of,
    attribute,
    negation,
    one,
    quoted,
)
from models.xpath.parser import Call, Expression, Literal, Path, Step

_HTML_NAME: Final = re.compile(r"[a-z_][a-z0-9_-]*")
_SPACE: Final = re.compile(r"[ \t\r\n\f]")
_SPACES: Final = " \t\r\n"  # between words, to normalize-space()
_SELF: Final = Path((Step("self", "node()"),))
_WORDS: Final = "it looks for several words, however far apart they are written"
_CHANGED: Final = "it changes a text with {}() before it looks at it, and CSS cannot"


def html_name(name: str) -> str:
    """The name of an element or attribute. Raises NotCarriedOver for one that HTML never has."""
    if ":" in name:
        raise NotCarriedOver(f"{name} is a name with a namespace, and HTML has none")
    if not _HTML_NAME.fullmatch(name):
        raise NotCarriedOver(f"{name} selects nothing: names in HTML are in lower case")
    return name


def attribute_of(asked: Expression) -> str | None:
    """The attribute that a path like `@class` selects; None for all else.

    Raises NotCarriedOver for one that HTML never has.
    """
    match asked:
        case Path((Step("attribute", name, (), False),), False, None) if not name.endswith(")"):
            if name == "*":
                raise NotCarriedOver("it looks at every attribute, and CSS at one by its name")
            return html_name(name)
    return None


def contained(inside: Expression, value: str) -> Condition:
    """`contains(inside, value)`. Raises NotCarriedOver."""
    if not value:
        raise NotCarriedOver("it looks for an empty text, which is everywhere")
    if name := attribute_of(inside):
        return one(attribute(name, "*=", value))
    match inside:
        case Call("concat", (Literal(before), middle, Literal(after))):
            return _padded(before, middle, after, value)
        case Call("concat", (Literal(before), middle)):
            return _padded(before, middle, "", value)
        case Call("normalize-space") if _SPACE.search(value):
            raise NotCarriedOver(_WORDS)
        case Call("string" | "normalize-space", arguments):  # words stay as they are
            return contained(arguments[0] if arguments else _SELF, value)
        case Path((Step("self", "node()", (), False),), False, None):
            return one(f":contains({quoted(value)})")
    raise NotCarriedOver(_why_not(inside))


def _why_not(inside: Expression) -> str:
    match inside:
        case Call(name):
            return _CHANGED.format(name)
        case Path((*_, Step("child", "text()"))):
            return "it looks at one text between tags; CSS looks at the whole element"
    return "it looks at the text of another element"


def started(inside: Expression, value: str) -> Condition:
    """`starts-with(inside, value)`. Raises NotCarriedOver."""
    if not value:
        raise NotCarriedOver("it looks for an empty text, which is everywhere")
    if name := attribute_of(inside):
        return one(attribute(name, "^=", value))
    if isinstance(inside, Call):
        raise NotCarriedOver(_CHANGED.format(inside.name))
    raise NotCarriedOver("it asks how a text begins, and CSS knows only that of an attribute")


def compared(left: Expression, value: str, sign: str) -> Condition:
    """`left = value` or `left != value`. Raises NotCarriedOver."""
    if name := attribute_of(left):
        same = one(attribute(name, "=", value))
        return same if sign == "=" else all_of((one(f"[{name}]"), negation(same)))
    if isinstance(left, Call):
        raise NotCarriedOver(_CHANGED.format(left.name))
    raise NotCarriedOver("it compares the text of an element, and CSS cannot")


def _padded(before: str, middle: Expression, after: str, value: str) -> Condition:
    """`contains(concat(before, middle, after), value)`, with one space or none on either side."""
    is_normal = isinstance(middle, Call) and middle.name == "normalize-space"
    inner = middle.arguments[0] if isinstance(middle, Call) and is_normal and middle.arguments \
        else middle  # fmt: skip
    name = attribute_of(inner)
    if name is None or before not in ("", " ") or after not in ("", " "):
        raise NotCarriedOver(_CHANGED.format("concat"))
    word = value.strip(" ")
    if not word:
        raise NotCarriedOver("it looks for spaces alone")
    if is_normal:
        return _words(name, value, at_start=bool(before), at_end=bool(after))
    return any_of(_places(name, value, at_start=bool(before), at_end=bool(after)))


def _words(name: str, value: str, *, at_start: bool, at_end: bool) -> Condition:
    """A part of a word, its begin, its end or a whole one, in a value with single spaces."""
    word = value.strip(" ")
    if _SPACE.search(word):
        raise NotCarriedOver(_WORDS)
    if value == word:
        return one(attribute(name, "*=", word))
    if value == f" {word} " and at_start and at_end:
        return one(attribute(name, "~=", word))
    if value == f" {word}" and at_start:
        found = [("^=", word), *(("*=", f"{space}{word}") for space in _SPACES)]
    elif value == f"{word} " and at_end:
        found = [("$=", word), *(("*=", f"{word}{space}") for space in _SPACES)]
    else:
        raise NotCarriedOver("it asks for words that are not the first or the last")
    return any_of(one(attribute(name, sign, part)) for sign, part in found)


def _places(name: str, value: str, *, at_start: bool, at_end: bool) -> list[Condition]:
    """Where a value can be, if the attribute has a space added at its start or end."""
    head, tail = at_start and value[:1] == " ", at_end and value[-1:] == " "
    found = [("*=", value)]
    if head:
        found.append(("^=", value[1:]))
    if tail:
        found.append(("$=", value[:-1]))
    if head and tail:
        found.append(("=", value[1:-1]))
    return [one(attribute(name, sign, part)) for sign, part in found]
