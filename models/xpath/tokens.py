"""The tokens of an XPath 1.0 expression, with their places. Pure."""

import re
from typing import Final, NamedTuple

MAX_LENGTH: Final = 4_000  # characters
_WORDS: Final = frozenset({"and", "or", "mod", "div"})  # operators, where a value stands before
_NAME: Final = r"[^\W\d][\w.\-\u00b7]*"
_TOKEN: Final = re.compile(
    rf"""(?P<space>[ \t\r\n]+)
    |(?P<literal>"[^"]*"|'[^']*')
    |(?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)
    |(?P<name>{_NAME}(?::(?!:)(?:{_NAME}|\*))?)
    |(?P<sign>//|::|\.\.|!=|<=|>=|[/|+\-=<>()\[\].@,*$])""",
    re.VERBOSE,
)
# after these, `*` is no product and `and` is no operator
_BEFORE_A_VALUE: Final = frozenset({
    "@", "::", "(", "[", ",", "/", "//", "|", "+", "-", "=", "!=", "<", "<=", ">", ">=", "$",
})  # fmt: skip


class NoXPath(ValueError):
    """The text is no XPath 1.0 expression; the message says where it ends to be one."""


class TooMuch(ValueError):
    """The expression is longer or deeper than any that a person writes."""


class Token(NamedTuple):
    """`kind`: `literal`, `number`, `name`, `operator`, `sign` or, after the last one, `end`."""

    kind: str
    text: str  # the product sign is "* ", to tell it from a step's
    place: int  # counted from 1


def tokens_of(text: str) -> list[Token]:
    """All tokens, and the end. Raises NoXPath for what is none, TooMuch for a very long text."""
    if len(text) > MAX_LENGTH:
        raise TooMuch(f"an XPath of more than {MAX_LENGTH} characters")
    found: list[Token] = []
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            what = "a quote is not closed" if text[place] in "'\"" else f"{text[place]!r}"
            raise NoXPath(f"no XPath: {what} at character {place + 1}")
        kind, word = str(match.lastgroup), match[0]
        if (word == "*" or word in _WORDS) and _ends_value(found[-1:]):
            kind, word = "operator", "* " if word == "*" else word
        if kind != "space":
            found.append(Token(kind, word, place + 1))
        place = match.end()
    return [*found, Token("end", "", len(text) + 1)]


def _ends_value(before: list[Token]) -> bool:
    """Whether a value ends with the token before, so that an operator has to follow."""
    return any(
        one.kind not in ("operator", "sign")
        or (one.kind == "sign" and one.text not in _BEFORE_A_VALUE)
        for one in before
    )
