"""Tags and text of any markup: what is there comes, in whatever pieces, and nothing is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.sources.parsers.links import SourceBroken
from crawler.sources.parsers.tags import LONGEST, tokens, unescaped


def read(*pieces: str) -> list[tuple[str, str]]:
    """Tokens, with neighbouring texts joined: where a piece ends is no matter."""
    found: list[tuple[str, str]] = []
    for kind, value in tokens(iter(pieces)):
        if kind == "text" and found and found[-1][0] == "text":
            found[-1] = ("text", found[-1][1] + value)
        else:
            found.append((kind, value))
    return [(kind, value) for kind, value in found if kind != "text" or value.strip()]


def names(markup: str) -> list[str]:
    return [value for kind, value in read(markup) if kind != "text"]


def test_tags_and_texts_come_in_order() -> None:
    assert read("<a x='1'>один<b/>二</a>") == [
        ("open", "a"), ("text", "один"), ("open", "b"), ("close", "b"), ("text", "二"),
        ("close", "a"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<![CDATA[ a & <b> ]]>", " a & <b> "),
        ("a &amp; b &#1103; &#x42F;", "a & b я Я"),
        ("?a=1&copy=2&section=3", "?a=1&copy=2&section=3"),
        ("1 < 2", "1 < 2"),
        ("&#xD800;&#9999999;", "\ufffd\ufffd"),
        ("<!-- <loc>no</loc> -->yes<?php no ?>", "yes"),
    ],
)
def test_texts_are_what_a_reader_would_see(markup: str, text: str) -> None:
    assert read(f"<x>{markup}</x>")[1:-1] == [("text", text)]


def test_a_tag_without_its_end_ends_where_the_next_begins() -> None:
    assert names("<loc<url><a") == ["loc", "url"]


def test_entities_are_refused_and_tags_without_end_too() -> None:
    with pytest.raises(SourceBroken, match="declares entities"):
        read("<!DOCTYPE x [ <!ENTITY a 'b'> ]><x>")
    with pytest.raises(SourceBroken, match="without an end"):
        read("<x>", "<!-- ", "a" * LONGEST)


_MARKUP = st.text(st.sampled_from("<>/!?-[]&;=\"' aбж漢CDATE"), max_size=60)


@given(_MARKUP, st.integers(0, 60), st.integers(0, 60))
def test_where_pieces_end_changes_nothing(markup: str, first: int, second: int) -> None:
    markup = markup.replace("<!ENTITY", "")
    start, end = sorted((first, second))
    assert read(markup[:start], markup[start:end], markup[end:]) == read(markup)


@given(st.text(st.characters(exclude_characters="&", exclude_categories=["Cs"])))
def test_text_without_references_stays(text: str) -> None:
    assert unescaped(text) == text
