"""A selector that is given for an XPath selects the same elements of every page."""

from collections.abc import Sequence

import lxml.html
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from lxml.etree import XPath
from lxml.html import HtmlElement

from models.sites.toml_values import selector
from models.xpath.css_parts import NeverMatches, NotCarriedOver
from models.xpath.to_css import to_css
from pipelines.extraction.selectors import select
from tests.support.xpath_words import CLASS, NAMES, WORDS, literal

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


@pytest.mark.slow
@settings(max_examples=400)
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


@pytest.mark.parametrize(
    ("xpath", "css"),
    [
        ("//div[@id='content']", "div#content"),
        ('//*[(@id = "1a")]', "[id='1a']"),
        ("//main/article[1]", "main > article:nth-of-type(1)"),
        ("/html/body/div[last()]", "html:root > body > div:nth-last-of-type(1)"),
        (f"//div[{CLASS}]", "div.x"),
        ("//div[contains(concat(' ', @class, ' '), ' x ')]",
         "div[class*=' x '], div[class^='x '], div[class$=' x'], div[class='x']"),
        ("//div[@id='a' or @id='b']//p | //aside", "div#a p, div#b p, aside"),
        ("//div[contains(@class, 'a') and not(contains(@class, 'b'))]",
         "div[class*='a']:not([class*='b'])"),
        ("//p[contains(concat(' ', normalize-space(@id), ' '), ' x')]",
         "p[id^='x'], p[id*=' x'], p[id*='\\9 x'], p[id*='\\d x'], p[id*='\\a x']"),
        ("//p[@lang != 'de']", "p[lang]:not([lang='de'])"),
        ("//h5[contains(., \"it's\")]", "h5:contains('it\\'s')"),
        ("//*[self::h2 or self::h3][1]", None),
        ("//h2/following-sibling::*[1][self::p]", "h2 + p"),
        ("//p[ancestor::div[@id='x']][.//img]", "div#x p:has(img)"),
    ],
)  # fmt: skip
def test_selectors_are_short(xpath: str, css: str | None) -> None:
    if css is None:
        with pytest.raises(NotCarriedOver, match="CSS counts all siblings"):
            to_css(xpath)
    else:
        assert to_css(xpath) == css


@pytest.mark.parametrize(
    ("xpath", "said"),
    [
        ("(//article)[1]", "picks from all that the brackets select"),
        ("//p[@class='x'][1]", "CSS counts all siblings"),
        ("//p/following-sibling::div[2]", "CSS counts all siblings"),
        ("//p[contains(text(), 'x')]", "one text between tags"),
        ("//p[. = 'x']", "compares the text of an element"),
        ("//p/text()", r"selects text\(\)"),
        ("//a/@href", "selects an attribute"),
        ("//div/node()", "selects texts, too"),
        ("//a/parent::p", "goes back up"),
        ("//a/..", "goes back up"),
        ("//DIV", "DIV selects nothing: names in HTML are in lower case"),
        ("//p[@itemProp]", "itemProp selects nothing"),
        ("//svg:path", "name with a namespace"),
        ("//p[@class='a\\b']", "has a backslash"),
        ("//p[contains(@class, '')]", "empty text"),
        ("//p[not(a)]", "denies what is around"),
        (f"//li[a[{CLASS}]]", "inside that has more than a name"),
        ("//li[a[b]]", "inside that has more than a name"),
        ("//p[//a]", "looks at the page as a whole"),
        ("//p[count(a) > 2]", "compares other things"),
        ("//p[string-length(@class)]", r"nothing like string-length\(\)"),
        ("//p[translate(@class, 'A', 'a') = 'a']", r"changes a text with translate\(\)"),
        (
            "//p[contains(concat('', normalize-space(@id), ' '), ' x ')]",
            "not the first or the last",
        ),
        ("//p[contains(concat(' ', normalize-space(@id), ' '), ' x y ')]", "several words"),
        ("//p[contains(concat('a', @id), 'x')]", r"changes a text with concat\(\)"),
        ("//p[contains(normalize-space(@id), 'x y')]", "several words"),
        ("//p[contains(concat(' ', @id, ' '), ' ')]", "spaces alone"),
        ("//p[0]", "selects nothing on any page"),
        ("//p[self::a]", "selects nothing on any page"),
        ("//p[1 or @class]", "takes a number for yes or no"),
        ("div[@id='x']", "begins with neither"),
        ("/", "the page as a whole"),
        ("string(//h1)", "computes a value"),
        ("'x'", "a text or a number"),
        ("//p[@*]", "looks at every attribute"),
        ("//div[", "no XPath: it ends too early at character 7"),
        ("//p[" + " or ".join(f"@a{n}" for n in range(99)) + "]", "more than 50 selectors"),
        ("|".join(["//a"] * 990), "more than 100 operators"),
        ("//p[" + " or ".join(["@a"] * 600) + "]", "more than 100 operators"),
        (f"//p[@class='{'x' * 5000}']", "more than 4000 characters"),
        ("//p[" + "(" * 60 + "@a" + ")" * 60 + "]", "more than 40 brackets"),
    ],
)
def test_what_css_cannot_say_has_its_reason(xpath: str, said: str) -> None:
    with pytest.raises(NotCarriedOver, match=said):
        to_css(xpath)


def test_an_expression_that_cannot_be_read_never_matches_and_a_long_one_may() -> None:
    with pytest.raises(NeverMatches):
        to_css("//div[@id='x'")
    with pytest.raises(NotCarriedOver) as why:
        to_css("//p" * 2000)
    assert not isinstance(why.value, NeverMatches)
