"""What a step of an XPath asks of an element, as parts of CSS selectors that mean the same. Pure.

Selectors are evaluated as `[extraction]` has them evaluated: by cssselect, on HTML read by lxml.
"""

import re
from typing import Final

from models.xpath.css_parts import (
    ALWAYS,
    Compound,
    Condition,
    NotCarriedOver,
    Part,
    all_of,
    any_of,
    negation,
    one,
    rendered,
)
from models.xpath.parser import Call, Expression, Literal, Number, Operation, Path, Step
from models.xpath.positions import is_position, position
from models.xpath.texts import attribute_of, compared, contained, html_name, started

_ABOVE: Final = {"parent": " > ", "ancestor": " ", "preceding-sibling": " ~ "}
_COMPARISONS: Final = ("=", "!=", "<", "<=", ">", ">=")
_CLASS: Final = re.compile(r"\.[a-zA-Z_][a-zA-Z0-9_-]*")


def step_condition(step: Step, *, is_counted: bool) -> Condition:
    """What the step's test and predicates ask of the element.

    `is_counted`: a position counts all siblings that pass the test, as after `/` and `//`.
    Raises NotCarriedOver for what CSS cannot say.
    """
    found = [_name(step.test)]
    for number, predicate in enumerate(step.predicates):
        counted = step.test if is_counted and number == 0 else None
        found.append(_condition(predicate, counted))
    return all_of(found)


def _name(test: str) -> Condition:
    if test == "*":
        return ALWAYS
    if test == "node()":
        raise NotCarriedOver("it selects texts, too, and CSS selects elements alone")
    if test.endswith(")"):
        raise NotCarriedOver(f"it selects {test}, and CSS selects elements alone")
    return one(html_name(test), "name")


def _condition(asked: Expression, counted: str | None) -> Condition:
    """`counted`: the node test whose siblings a position counts; None: CSS cannot count so."""
    match asked:
        case Operation("and" | "or" as word, left, right):
            both = (_truth(left, counted), _truth(right, counted))
            return all_of(both) if word == "and" else any_of(both)
        case Call("not", (inner,)):
            return negation(_truth(inner, counted))
        case Call("contains", (inside, Literal(value))):
            return contained(inside, value)
        case Call("starts-with", (inside, Literal(value))):
            return started(inside, value)
        case Path():
            return _exists(asked)
    return position(asked, counted) if is_position(asked) else _comparison(asked)


def _truth(asked: Expression, counted: str | None) -> Condition:
    """As a predicate, but a number is no position there."""
    if is_position(asked) and not (isinstance(asked, Operation) and asked.operator in _COMPARISONS):
        raise NotCarriedOver("it takes a number for yes or no")
    return _condition(asked, counted)


def _comparison(asked: Expression) -> Condition:
    match asked:
        case Operation("=" | "!=" as sign, Literal(value), left):
            return _compared(left, value, sign)
        case Operation("=" | "!=" as sign, left, Literal(value)):
            return _compared(left, value, sign)
        case Operation(sign) if sign in _COMPARISONS:
            raise NotCarriedOver("it compares other things than an attribute and a text")
        case Call(name):
            raise NotCarriedOver(f"CSS has nothing like {name}() as it is used here")
        case Operation("|"):
            raise NotCarriedOver("a predicate has several paths")
    raise NotCarriedOver("it asks for something that is the same for every element")


def _compared(left: Expression, value: str, sign: str) -> Condition:
    if left in (Call("name"), Call("local-name")):
        same = one(html_name(value), "name")
        return same if sign == "=" else negation(same)
    return compared(left, value, sign)


def _exists(path: Path) -> Condition:
    """That the path selects something, seen from the element."""
    steps = path.steps
    if path.is_rooted or path.start is not None:
        raise NotCarriedOver("a predicate looks at the page as a whole")
    if len(steps) > 1 and steps[0] == Step("self", "node()"):
        steps = steps[1:]  # of `./a` and `.//a`
    if len(steps) > 1:
        raise NotCarriedOver("a predicate has a path of several steps")
    if name := attribute_of(path):
        return one(f"[{name}]")
    [step] = steps
    match step.axis, step.is_deep:
        case "self", False:
            return step_condition(step, is_counted=False)
        case (("child" | "descendant"), _):
            return _has(step)
        case (("parent" | "ancestor" | "preceding-sibling"), False):
            return _above(step)
    raise NotCarriedOver(f"CSS as used here has nothing like {step.axis}:: in a predicate")


def _has(step: Step) -> Condition:
    """cssselect reads `:has()` with a name alone, and below any number of steps with classes."""
    is_child = step.axis == "child" and not step.is_deep
    found = []
    for compound in step_condition(step, is_counted=False):
        if not all(_fits_has(part, is_child=is_child) for part in compound):
            raise NotCarriedOver("it asks for an element inside that has more than a name")
        text = "".join(part.css for part in compound if part.kind == "name") or "*"
        text += "".join(part.css for part in compound if part.kind != "name")
        found.append(one(f":has({'> ' if is_child else ''}{text})", "has"))
    return any_of(found)


def _fits_has(part: Part, *, is_child: bool) -> bool:
    if part.kind == "name":
        return not part.is_negated
    return not is_child and not part.is_negated and _CLASS.fullmatch(part.css) is not None


def _above(step: Step) -> Condition:
    """What stands above or before the element."""
    combinator = _ABOVE[step.axis]
    if (
        step.axis == "preceding-sibling"
        and step.test == "*"
        and step.predicates[:1] == (Number(1),)
    ):
        step, combinator = Step(step.axis, "*", step.predicates[1:]), " + "
    condition = step_condition(step, is_counted=False)
    found: list[Compound] = [
        (Part(f"{text}{combinator}", "before"),) for text in rendered(condition)
    ]
    return tuple(found)
