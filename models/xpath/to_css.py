"""An XPath as a CSS selector that selects exactly the same elements of every page. Pure.

Selectors are evaluated as `[extraction]` has them evaluated: by cssselect, on HTML read by lxml.
"""

from collections.abc import Sequence
from dataclasses import replace

from models.xpath.conditions import step_condition
from models.xpath.css_parts import (
    MOST,
    Condition,
    NeverMatches,
    NotCarriedOver,
    all_of,
    joined,
    one,
    rendered,
)
from models.xpath.parser import (
    Expression,
    Filtered,
    Literal,
    Number,
    Operation,
    Path,
    Step,
    parse_xpath,
)
from models.xpath.tokens import NoXPath, TooMuch

_DOT = Step("self", "node()")
_Part = tuple[str, Condition]  # a combinator, and what the element behind it is


def to_css(xpath: str) -> str:
    """The selector, with a comma for each `|` and `or`.

    Raises NotCarriedOver with the reason if there is none; NeverMatches for what is no XPath.
    """
    try:
        paths = _paths(parse_xpath(xpath))
    except NoXPath as wrong:
        raise NeverMatches(str(wrong)) from wrong
    except TooMuch as wrong:
        raise NotCarriedOver(str(wrong)) from wrong
    return joined([selector for path in paths for selector in _selectors(path)])


def _paths(found: Expression) -> list[Path]:
    """The paths of a union, each from the root of the page."""
    match found:
        case Operation("|", left, right):
            return [*_paths(left), *_paths(right)]
        case Path(steps, _, start) if start is not None:
            return [replace(path, steps=path.steps + steps) for path in _paths(start)]
        case Path(_, True):
            return [found]
        case Path():
            raise NotCarriedOver("it begins with neither / nor //, so it has no place to begin")
        case Filtered():
            raise NotCarriedOver("it picks from all that the brackets select; CSS cannot")
        case Literal() | Number():
            raise NotCarriedOver("it is a text or a number, and selects nothing")
    raise NotCarriedOver("it computes a value, and selects no elements")


def _selectors(path: Path) -> Sequence[str]:
    parts = [_first(path.steps[0])] if path.steps else []
    for step in path.steps[1:]:
        if step.axis == "self" and not step.is_deep:
            if step != _DOT:
                combinator, condition = parts[-1]
                also = step_condition(step, is_counted=False)
                parts[-1] = combinator, all_of((condition, also))
        else:
            parts.append(_later(step))
    if not parts:
        raise NotCarriedOver("it selects the page as a whole")
    found = [""]
    for combinator, condition in parts:
        texts = rendered(condition, combinator)
        found = [f"{left}{combinator}{text}" for left in found for text in texts]
        if len(found) > MOST:
            raise NotCarriedOver(f"it takes more than {MOST} selectors")
    return found


def _first(step: Step) -> _Part:
    match step.axis, step.is_deep:
        case "child", True:
            return "", step_condition(step, is_counted=True)
        case "child", False:
            return "", all_of((one(":root"), step_condition(step, is_counted=True)))
        case (("descendant" | "descendant-or-self"), _):
            return "", step_condition(step, is_counted=False)
    raise _refused(step)


def _later(step: Step) -> _Part:
    is_next = step.axis == "following-sibling" and step.predicates[:1] == (Number(1),)
    match step.axis, step.is_deep:
        case "child", is_deep:
            return (" " if is_deep else " > "), step_condition(step, is_counted=True)
        case "descendant", _:
            return " ", step_condition(step, is_counted=False)
        case "following-sibling", False if is_next and step.test == "*":
            rest = replace(step, predicates=step.predicates[1:])
            return " + ", step_condition(rest, is_counted=False)
        case "following-sibling", False:
            return " ~ ", step_condition(step, is_counted=False)
    raise _refused(step)


def _refused(step: Step) -> NotCarriedOver:
    if step.axis == "attribute":
        return NotCarriedOver("it selects an attribute, and CSS selects elements alone")
    if step.axis in ("parent", "ancestor", "ancestor-or-self"):
        return NotCarriedOver("it goes back up the page, and CSS cannot")
    return NotCarriedOver(f"CSS has nothing like {step.axis}:: here")
