"""Positions of an XPath as CSS: `[2]`, `[last()]`, `[position() < 3]`. Pure.

CSS counts siblings, by name or all; XPath counts what the step and the earlier predicates left.
"""

from typing import Final

from models.xpath.css_parts import Condition, NotCarriedOver, Part, negation
from models.xpath.parser import Call, Expression, Number, Operation

_MIRRORED: Final = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_POSITION: Final = Call("position")
_LAST: Final = Call("last")


def is_position(asked: Expression) -> bool:
    """Whether a predicate asks for a position alone."""
    match asked:
        case Number() | Call("last", ()):
            return True
        case Operation("+" | "-", left, right):
            return is_position(left) and is_position(right)
        case Operation(sign, left, right):
            return sign in _MIRRORED and _POSITION in (left, right)
    return False


def position(asked: Expression, counted: str | None) -> Condition:
    """The siblings at a position; `counted`: the name of those that are counted, or `*`.

    None: others are counted than CSS can. Raises NotCarriedOver for that, and for what no page has.
    """
    if counted is None:
        raise NotCarriedOver("it counts what other conditions left, and CSS counts all siblings")
    match asked:
        case Operation(sign, left, right) if sign in _MIRRORED:
            value = right if left == _POSITION else left
            sign = sign if left == _POSITION else _MIRRORED[sign]
        case _:
            sign, value = "=", asked
    place, is_from_end = _place(value)
    if is_from_end:
        sign = _MIRRORED[sign]
    match sign:
        case "=" | "!=":
            formula = str(place)
        case "<" | "<=":
            formula = f"-n+{_at_least_one(place - (sign == '<'))}"
        case _:
            formula = f"n+{place + (sign == '>')}"
    end = "last-" if is_from_end else ""
    kind, of = ("child", "") if counted == "*" else ("of-type", counted)
    found: Condition = ((Part(f":nth-{end}{kind}({formula})", of=of),),)
    return negation(found) if sign == "!=" else found


def _place(value: Expression) -> tuple[int, bool]:
    """A whole number from 1, and whether it counts from the end."""
    match value:
        case Number(number):
            return _whole(number), False
        case Call("last", ()):
            return 1, True
        case Operation("-", Call("last", ()), Number(number)):
            return _whole(number + 1), True
    raise NotCarriedOver("it computes a position")


def _whole(number: float) -> int:
    if not number.is_integer():
        raise NotCarriedOver("it selects nothing on any page")
    return _at_least_one(int(number))


def _at_least_one(number: int) -> int:
    if number < 1:
        raise NotCarriedOver("it selects nothing on any page")
    return number
