"""The part of a text that shows why it was found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.reports.snippets import WIDTH, snippet
from models.articles.search_query import parse
from models.errors import UsageError


@pytest.mark.parametrize(
    ("typed", "text", "marked"),
    [
        ("harbour", "The Harbour froze. Harbours thaw.", "The [Harbour] froze. Harbours thaw."),
        ("harb*", "The Harbour froze. Harbours thaw.", "The [Harbour] froze. [Harbours] thaw."),
        ("hafen", "Die Häfen, der Hafen", "Die [Häfen], der [Hafen]"),
        ('"well known"', "a well-known  ferry", "a [well-known] ferry"),
        ("strasse 3.5", "Straße 3,5 km", "[Straße] [3,5] km"),
        ("東京 術", "昨日東京都は技術を", "昨日[東京]都は技[術]を"),
        ("AI技術", "新しいAI 技術が", "新しい[AI 技術]が"),
        ("ไทย", "นายกรัฐมนตรีไทยเดินทาง", "นายกรัฐมนตรี[ไทย]เดินทาง"),
        ("a ab", "ab abc a", "[ab] abc [a]"),
        ("東京 京都", "東京都", "[東京都]"),
        ("nothing", "first\n\nsecond", "first second"),
        ("ﬁne", "It is fine, ﬁne", "It is [fine], [ﬁne]"),
    ],
)
def test_words_are_marked_where_they_stand(typed: str, text: str, marked: str) -> None:
    assert snippet(parse(typed), text).marked("[", "]") == marked


def test_it_is_short_and_begins_shortly_before_the_words() -> None:
    text = f"{'one two three ' * 100}ferry sank; {'four five ' * 100} the ferry met a storm. " * 3
    made = snippet(parse("storm ferry"), text)
    assert made.marked("[", "]").count("[ferry]") == 1
    assert "[ferry] met a [storm]" in made.marked("[", "]")
    assert (made.text[0], made.text[-1]) == ("…", "…")
    assert len(made.text) <= WIDTH + 2
    assert made.text.strip("…") in " ".join(text.split())
    assert snippet(parse("sea"), text).text.startswith("one two")


@given(st.text(max_size=300), st.text(max_size=20))
def test_marks_are_in_order_and_inside(text: str, typed: str) -> None:
    try:
        query = parse(f"{typed} {text[5:15]}")
    except UsageError:
        return
    made = snippet(query, text, 50)
    ends = [place for mark in made.marks for place in mark]
    assert ends == sorted(set(ends))
    assert all(0 <= place <= len(made.text) for place in ends)
    assert made.marked("", "") == made.text
