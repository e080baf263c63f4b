"""Each form of a step, on many pages: XPath and selector select the same elements."""

import random

import lxml.html
import pytest
from lxml.html import HtmlElement

from models.xpath.to_css import to_css
from pipelines.extraction.selectors import select
from tests.support.xpath_words import CLASS, NAMES, WORDS, literal


def many_pages() -> list[HtmlElement]:
    """The same every time, with every name and word in every place."""
    chance = random.Random(7)
    found = []
    for _ in range(60):
        root: HtmlElement = lxml.html.document_fromstring("<html><body></body></html>")
        places = [root[0]]
        for _ in range(25):
            named = {
                name: chance.choice(WORDS) for name in ("class", "id") if chance.random() < 0.6
            }
            one: HtmlElement = lxml.html.Element(chance.choice(NAMES), named)
            one.text, one.tail = chance.choice(WORDS), chance.choice(("", *WORDS))
            chance.choice(places[-6:]).append(one)
            places.append(one)
        found.append(root)
    return found


PAGES = many_pages()
SIGNS = ("=", "!=", "<", "<=", ">", ">=")
FORMS = (
    *(f"//p[position() {sign} {place}]" for sign in SIGNS for place in ("2", "last()-1")),
    *(f"//*[2 {sign} position()]" for sign in SIGNS),
    *(f"//{name}[{place}]" for name in ("p", "*") for place in ("1", "3", "last()", "last()-1")),
    *(f"//p{by}a" for by in ("/", "//", "/descendant::", "/following-sibling::")),
    "//p/following-sibling::*[1]", "//p/following-sibling::*[1][self::a]", "//*/self::p[@id]",
    "//p[self::*][@id]/*", "//p[not(position() = 2)]", "//p[not(@id)]", "//p[@id != 'x']",
    "//p[not(@id != 'x')]", "//p[@id = 'X']", "//p['x' = @class]", "//p[not(@id or @class)]",
    "//p[not(@id and @class)]", "//*[not(self::p)]", "//*[name() != 'p']",
    "//*[local-name() = 'a']", "//p[contains(concat(' ', @class, ' '), ' x y ')]",
    *(f"//p[contains(@class, {literal(word)})]" for word in WORDS if "\\" not in word),
    *(f"//p[starts-with(@class, {literal(word)})]" for word in ("x", "it's")),
    *(f"//*[contains(concat({a}, @id, {b}), {v})]" for a in ("' '", "''") for b in ("' '", "''")
      for v in ("' x '", "' x'", "'x '", "'x'", "'x y'")),
    *(f"//*[contains(concat(' ', normalize-space(@id), ' '), {v})]"
      for v in ("' x '", "' x'", "'x '", "'x'", "'y '")),
    "//*[contains(normalize-space(@id), 'x')]", "//*[contains(., 'xy')]",
    "//*[contains(normalize-space(.), 'xy')]", "//*[not(contains(., 'x'))]", "//p[a]", "//p[.//a]",
    "//p[./a][.//h2]", f"//*[descendant::p[{CLASS}]]", "//p[parent::a]", "//p[ancestor::a]",
    "//p[ancestor::a[@id='x']]", "//p[parent::a[parent::p]]", "//p[preceding-sibling::a]",
    "//p[preceding-sibling::*[1][self::a]]", "//p[a]//h2", "//p[a]/h2[@id]", "(//p | //a)/h2",
    "/html/body/p[2]", "/html//p", "/descendant::p[@id]", "//p[@id='x' or @class='x']/a | //h2[1]",
)  # fmt: skip


@pytest.mark.parametrize("xpath", FORMS)
def test_each_form_selects_the_same(xpath: str) -> None:
    css, found, all_elements = to_css(xpath), 0, 0
    for page in PAGES:
        wanted = page.getroottree().xpath(xpath)
        assert select(page, css) == wanted, css
        found, all_elements = found + len(wanted), all_elements + len(list(page.iter()))
    assert 0 < found < all_elements
