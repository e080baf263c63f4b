"""XPath 1.0 is read as libxml2 reads it: what one takes for an expression, the other does."""

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.etree import XPath, XPathEvalError, XPathSyntaxError

from models.xpath.parser import (
    Call,
    Filtered,
    Literal,
    Number,
    Operation,
    Path,
    Step,
    parse_xpath,
)
from models.xpath.tokens import NoXPath


def test_steps_and_predicates() -> None:
    at = Path((Step("attribute", "id"),))
    assert parse_xpath("//div[@id = 'x']/p") == Path(
        (
            Step("child", "div", (Operation("=", at, Literal("x")),), is_deep=True),
            Step("child", "p"),
        ),
        is_rooted=True,
    )
    assert parse_xpath("./..//self::*[last()]") == Path((
        Step("self", "node()"), Step("parent", "node()"),
        Step("self", "*", (Call("last"),), is_deep=True),
    ))  # fmt: skip
    assert parse_xpath("/") == Path((), is_rooted=True)


def test_brackets_calls_and_what_follows_them() -> None:
    paths = Operation("|", Path((Step("child", "a"),)), Path((Step("child", "b"),)))
    assert parse_xpath("(a | b)[2]") == Filtered(paths, (Number(2),))
    assert parse_xpath("(a|b)//c") == Path((Step("child", "c", is_deep=True),), start=paths)
    assert parse_xpath("id('x')/p") == Path(
        (Step("child", "p"),), start=Call("id", (Literal("x"),))
    )


def test_operators_bind_as_they_should_and_may_be_names() -> None:
    one, two, three = Number(1), Number(2), Number(3)
    assert parse_xpath("1 or 2 and 3") == Operation("or", one, Operation("and", two, three))
    assert parse_xpath("1 - 2 - 3") == Operation("-", Operation("-", one, two), three)
    assert parse_xpath("1 + 2 * 3 = 3") == Operation(
        "=", Operation("+", one, Operation("* ", two, three)), three
    )
    div = Path((Step("child", "div"),))
    assert parse_xpath("div div div") == Operation("div", div, div)
    assert parse_xpath("@and") == Path((Step("attribute", "and"),))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "ends too early at character 1"),
        ("//p[@a='x]", "a quote is not closed at character 8"),
        ("//p]", "']' is not expected at character 4"),
        ("//p[@a==1]", "'=' is not expected at character 8"),
        ("//p and", "ends too early at character 8"),
        ("//nowhere::p", "'nowhere' is not expected at character 3"),
        ("//p ! a", "'!' at character 5"),
    ],
)
def test_what_is_none_is_refused_with_the_place(text: str, said: str) -> None:
    with pytest.raises(NoXPath, match=said.replace("]", r"\]")):
        parse_xpath(text)


TOKENS = st.sampled_from((
    "/", "//", "|", "[", "]", "(", ")", "@", "..", ".", "*", "=", "!=", "<", "and", "or", "div",
    "p", "text()", "self::", "child::", "last()", "contains(", ",", "'x'", "1", "-", "+", "a:b",
    "::", "not(", "node()", "$v",
))  # fmt: skip


def selects(text: str) -> bool | None:
    """Whether lxml finds elements by it on a page; None if it takes it for no expression.

    libxml2 compiles a call whose bracket is not closed, `contains(`, which selects nothing.
    """
    try:
        found = XPath(text)(PAGE, v="x")
    except XPathSyntaxError:
        return None
    except XPathEvalError:
        return False
    return isinstance(found, list) and bool(found)


PAGE = lxml.html.document_fromstring("<div><p>x<p>y</div><p and=1 or=2 div=3>z")


@settings(max_examples=600)
@given(st.lists(TOKENS, min_size=1, max_size=8), st.sampled_from(("", " ")))
def test_lxml_agrees_about_what_is_one(tokens: list[str], space: str) -> None:
    text = space.join(tokens)
    try:
        parse_xpath(text)
    except NoXPath:
        assert not selects(text), text
    else:
        assert selects(text) is not None, text
