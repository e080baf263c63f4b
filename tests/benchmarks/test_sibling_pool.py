import random

import pytest

from benchmarks.pages import Sample
from benchmarks.sibling_pool import Donor, Lender, Spent, donor, is_sentence, language_of
from models.text import count_words
from tests.benchmarks.pages import DONORS, LINES


def _lender() -> Lender:
    return Lender(DONORS, random.Random(1))


def test_a_page_lends_its_sentences_and_headings() -> None:
    text = "\n".join([*LINES, "How they count", f"- {LINES[0]}", "Too short.", LINES[1]])
    page = Sample("made", "a", "https://a.example", "a", text, b"", "Harbour counts all its boats")
    said: set[str] = {LINES[0]}
    lent = donor(page, said)
    assert lent.paragraphs == tuple(LINES[1:])
    assert lent.headings == ("How they count",)
    assert lent.title == "Harbour counts all its boats"
    assert said >= set(LINES)


def test_a_story_has_the_title_and_the_paragraphs_of_one_article() -> None:
    title, paragraphs = _lender().story(5, 150)
    (article,) = [one for one in DONORS if one.title == title]
    assert tuple(paragraphs) == article.paragraphs[:5]


def test_nothing_is_lent_twice() -> None:
    lender = _lender()
    stories = [lender.story(20, 150) for _ in range(15)]
    told = [line for _, paragraphs in stories for line in paragraphs]
    assert len(set(told)) == len(told) == 300
    assert len({title for title, _ in stories}) == 15


def test_a_lender_with_nothing_left_says_so() -> None:
    lender = _lender()
    with pytest.raises(Spent):
        lender.paragraphs(5_000, 150)
    with pytest.raises(Spent):
        lender.paragraphs(1, 3)


def test_headings_and_lines_begin_again() -> None:
    lender = Lender(DONORS[:10], random.Random(1))
    assert len(lender.headings(100)) == 100
    lines = lender.lines(900)
    assert len(lines) == 900
    assert all(is_sentence(line) and 3 <= count_words(line) <= 24 for line in lines)


def test_long_paragraphs_wait_for_those_who_take_them() -> None:
    short, long = "One two three four.", " ".join(["word"] * 50) + "."
    lender = Lender(
        [Donor("", (), ())] * 4 + [Donor("A title", (long, short), ())] * 5, random.Random(0)
    )
    assert lender.story(1, 10)[1] == [short]
    assert lender.paragraphs(1, 60) == [long]


def test_the_language_is_told_by_the_text() -> None:
    assert language_of(" ".join(LINES)) == "en"
    assert language_of("Der Hafen zählte am Freitag mehr Boote als in jedem Jahr zuvor.") == "de"
