"""Conditions combined by and, or and not, and how CSS writes values."""

import cssselect
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.xpath.css_parts import (
    MOST,
    NotCarriedOver,
    all_of,
    any_of,
    attribute,
    joined,
    negation,
    one,
    quoted,
    rendered,
)

A, B, C = one(".a"), one(".b"), one(".c")


def test_or_within_and_becomes_several_selectors() -> None:
    found = all_of((one("p", "name"), any_of((A, B)), C))
    assert rendered(found) == ("p.a.c", "p.b.c")


def test_not_turns_and_into_or() -> None:
    assert rendered(negation(all_of((A, B)))) == (":not(.a)", ":not(.b)")
    assert rendered(negation(any_of((A, B)))) == (":not(.a):not(.b)",)
    assert negation(negation(A)) == A
    with pytest.raises(NotCarriedOver, match="around an element"):
        negation(one(":has(a)", "has"))


def test_what_nothing_can_be_is_left_out() -> None:
    never = all_of((A, negation(A)))
    assert rendered(any_of((never, B))) == (".b",)
    for nothing in (never, all_of((one("p", "name"), one("a", "name")))):
        with pytest.raises(NotCarriedOver, match="selects nothing"):
            rendered(nothing)


def test_what_stands_before_an_element_stands_first_and_alone() -> None:
    above = one("div > ", "before")
    assert rendered(all_of((A, above, one(":has(i)", "has")))) == ("div > .a:has(i)",)
    assert rendered(above) == ("div > *",)
    for found, after in ((above, " "), (all_of((above, one("h2 ~ ", "before"))), "")):
        with pytest.raises(NotCarriedOver, match="has a path already"):
            rendered(found, after)
    with pytest.raises(NotCarriedOver, match="inside the next element"):
        rendered(one(":has(i)", "has"), " + ")


def test_too_many_are_refused() -> None:
    many = any_of(one(f".a{n}") for n in range(8))
    assert len(all_of((many, one(".b")))) == 8 < MOST
    with pytest.raises(NotCarriedOver, match="more than 50"):
        all_of((many, any_of(one(f".b{n}") for n in range(8))))


def test_plain_words_are_short_and_selectors_come_once() -> None:
    assert attribute("id", "=", "a-b") == "#a-b"
    assert attribute("class", "~=", "a_1") == ".a_1"
    assert attribute("class", "=", "a") == "[class='a']"
    assert attribute("id", "=", "1a") == "[id='1a']"
    assert joined([".a", ".b", ".a"]) == ".a, .b"


@given(st.text(st.characters(codec="utf-8", exclude_characters="\\\0"), min_size=1))
def test_a_string_is_read_as_it_was_written(text: str) -> None:
    written = quoted(text)
    assert written.isprintable()
    [selector] = cssselect.parse(f"[a={written}]")
    assert selector.parsed_tree.value.value == text
