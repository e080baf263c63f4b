"""A site's own selectors: what holds the article, what to keep, what to remove."""

import pytest
from lxml.html import fromstring

from models.errors import ExtractionFailed
from models.sites.config import ExtractionRules
from pipelines.extraction.selectors import KEEP, REMOVE, mark, marked

PAGE = "<main><div class='a'><p>One</p><p class='ad'>Ad</p></div><div class='b'>Two</div></main>"


def marks(**rules: tuple[str, ...]) -> tuple[bool, dict[str, str]]:
    tree = fromstring(PAGE)
    found = mark(tree, ExtractionRules(**rules))
    return found, {e.get("class") or e.tag: m for e in tree.iter() if (m := marked(e.attrib))}


def test_without_rules_nothing_is_marked() -> None:
    assert marks() == (False, {})


def test_the_first_body_that_is_there_holds_the_article() -> None:
    assert marks(body=(".none", ".b", ".a")) == (True, {"b": KEEP})
    assert marks(body=(".none",)) == (False, {})


def test_all_that_keep_and_remove_match_is_marked_and_remove_has_the_last_word() -> None:
    assert marks(keep=(".a", ".b"), remove=("p.ad",)) == (
        False, {"a": KEEP, "b": KEEP, "ad": REMOVE},
    )  # fmt: skip
    assert marks(keep=(".ad",), remove=(".ad",)) == (False, {"ad": REMOVE})


def test_what_is_no_selector_is_told() -> None:
    with pytest.raises(ExtractionFailed, match="is not a CSS selector"):
        marks(remove=("p[",))
