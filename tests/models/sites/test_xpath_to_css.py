"""A selector that is given for an XPath selects the same elements of every page."""

from collections.abc import Sequence

import lxml.html
from hypothesis import event, given, settings
from hypothesis import strategies as st
from lxml.etree import XPath
from lxml.html import HtmlElement

from models.sites.css_parts import NotCarriedOver
from models.sites.toml_values import selector
from models.sites.xpath_to_css import to_css
from pipelines.extraction.selectors import select

NAMES = ("div", "p", "a", "h2")
WORDS = (
    "x",
    "xy",
    "x y",
    " x",
    "y x ",
    "x\ty",
    "\u00a0x",
    "it's",
    'a "b"',
    "a\\b",
    "1x",
    "x]",
    "é",
)

# ---------------------------------------------------------------- pages


texts = st.sampled_from(("", *WORDS))
nodes = st.tuples(
    st.integers(0, 99),  # which one is its parent
    st.sampled_from(NAMES),
    st.dictionaries(st.sampled_from(("class", "id")), texts, max_size=2),
    texts,
    texts,
)


@st.composite
def pages(draw: st.DrawFn) -> HtmlElement:
    root: HtmlElement = lxml.html.Element("html")
    body: HtmlElement = lxml.html.Element("body")
    root.append(body)
    found = [body]
    for parent, name, attributes, text, tail in draw(st.lists(nodes, min_size=2, max_size=12)):
        one: HtmlElement = lxml.html.Element(name, attributes)
        one.text, one.tail = text, tail
        found[parent % len(found)].append(one)
        found.append(one)
    return root


# ---------------------------------------------------------------- expressions


def literal(text: str) -> str:
    return f"'{text}'" if "'" not in text else f'"{text}"'


def either(*forms: str, **parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """One of the forms, with its names in braces replaced."""
    return st.sampled_from(forms).flatmap(
        lambda form: st.fixed_dictionaries(
            {name: part for name, part in parts.items() if f"{{{name}}}" in form}
        ).map(lambda found: form.format(**found))
    )


WORD = st.sampled_from(WORDS).map(literal)
NAME = st.sampled_from(("*", *NAMES, *NAMES))
ATTRIBUTE = st.sampled_from(("@class", "@id"))
SPACE = st.sampled_from(("' '", "' '", "''"))
PADDED = st.sampled_from(
    ("' x '", "' x '", "'x'", "' x'", "'x '", "' xy '", "' x y '", '" it\'s "')
)
CLASS = "contains(concat(' ', normalize-space(@class), ' '), ' x ')"
of_itself = either(
    "{at}", "{at}={word}", "{word}!={at}", "contains({at}, {word})", "starts-with({at}, {word})",
    "contains(normalize-space({at}), {word})", "contains(., {word})",
    "contains(normalize-space(.), {word})", "contains(concat({a}, {at}, {b}), {padded})",
    "contains(concat({a}, normalize-space({at}), {b}), {padded})", CLASS, "self::{name}",
    "name()='p'",
    at=ATTRIBUTE, word=WORD, name=NAME, a=SPACE, b=SPACE, padded=PADDED,
)  # fmt: skip
of_others = either(
    "{name}", ".//{name}", f"descendant::{{name}}[{CLASS}]", "parent::{name}", "ancestor::{name}",
    "ancestor::{name}[@id={word}]", "preceding-sibling::{name}", "parent::{name}[1]",
    "preceding-sibling::*[1][self::{name}]", "parent::{name}[parent::{name}]",
    name=NAME, word=WORD,
)  # fmt: skip
PLACE = st.sampled_from(("1", "2", "3", "last()", "last()-1"))
counts = PLACE | either(
    "position(){sign}{place}", "{place}{sign}position()",
    sign=st.sampled_from(("=", "!=", "<", "<=", ">", ">=")), place=PLACE,
)  # fmt: skip
denied = either("not({a})", "not({a} or {b})", "not({a} and not({b}))", a=of_itself, b=of_itself)
asked_for = either(
    "{a}", "{a} and {b}", "{a} or {b}", "{c} and ({a} or {b})",
    a=of_itself | of_others, b=of_itself | denied, c=of_itself | denied,
)  # fmt: skip
predicates = either(
    "", "[{asked}]", "[{asked}]", "[{count}]", "[{count}][{asked}]", "[{asked}][{asked}]",
    asked=asked_for | denied, count=counts,
)  # fmt: skip
steps = either("{name}{predicates}", name=NAME, predicates=predicates)
later = either(
    "//{step}", "/{step}", "/descendant::{step}", "/following-sibling::{step}",
    "/following-sibling::*[1]/self::{step}", "/following-sibling::*[1][{asked}]", "/self::{step}",
    step=steps, asked=of_itself,
)  # fmt: skip
paths = either(
    "//{step}", "//{step}", "//{step}{later}", "//{step}{later}{later}", "/html/body/{step}",
    "/descendant::{step}{later}", "({path} | //{step}){later}",
    step=steps, later=later, path=st.just("//div"),
)  # fmt: skip
expressions = either("{path}", "{path}", "{path} | {path}", path=paths)


@settings(max_examples=4000)
@given(expressions, st.lists(pages(), min_size=1, max_size=3))
def test_the_same_elements_are_selected(xpath: str, trees: Sequence[HtmlElement]) -> None:
    asked = XPath(xpath)
    try:
        css = to_css(xpath)
    except NotCarriedOver as why:
        event(f"left out: {why}")
        return
    event("carried over")
    assert selector(css) == css
    assert css.isprintable()
    for tree in trees:
        wanted = asked(tree.getroottree())
        event("selects some" if wanted else "selects none")
        assert select(tree, css) == wanted, f"{xpath} is no {css} in {lxml.html.tostring(tree)!r}"
