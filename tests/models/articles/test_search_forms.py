"""How each database has terms and queries."""

import pytest

from models.articles.search_forms import asked, parts, stored, words
from models.articles.search_query import parse
from models.articles.search_terms import terms


@pytest.mark.parametrize(
    ("dialect", "words"),
    [
        ("sqlite", "the eu 東京 京 the 𠮷"),
        ("postgresql", "'the':1,5 'eu':2 '東京':3 '京':4 '𠮷':6"),
        ("mysql", "the_ eu_ 東京_ 京__ the_ _20bb7"),
    ],
)
def test_terms_as_they_are_stored(dialect: str, words: str) -> None:
    assert stored(dialect, terms("The EU", "東京 the 𠮷")) == words


@pytest.mark.parametrize(
    ("dialect", "words"),
    [
        ("sqlite", '("harb" * AND "well known" AND "東" *) NOT "old pi" * NOT "x"'),
        (
            "postgresql",
            "'harb':* & ('well' <-> 'known' | ('well' & 'known' & ('known_' | 'well_'))) & '東':*"
            " & !('old' <-> 'pi':* | ('old' & 'pi':* & ('old_' | 'pi_'))) & !'x'",
        ),
        ("mysql", '+harb* +"well known" +東* -(+old +pi*) -x__'),
    ],
)
def test_a_query_as_it_is_asked(dialect: str, words: str) -> None:
    assert asked(dialect, parse('harb* well-known 東 -"old pi"* -x')) == words


def test_postgresql_marks_what_it_cannot_keep() -> None:
    vector = stored("postgresql", ["a"] * 300 + ["b"] * 16_200 + ["c"])
    assert vector.startswith("'a':1,2,")
    assert "'a_' 'b':301" in vector
    assert vector.endswith("'b_' 'c' 'c_'")


def test_mariadb_gets_no_word_that_is_too_long() -> None:
    assert max(map(len, stored("mysql", ["𐐨" * 60, "東京"]).split())) == 80


def test_what_of_the_words_of_one_article_mariadb_looks_for() -> None:
    query = parse('harb* well-known "the EU" 東 -"old pi"* -x')
    assert parts(query) == (
        (" harb", " well known ", " the_ eu_ ", " 東"),
        ((" old ", " pi"), (" x__ ",)),
    )
    assert words(query) == {
        "harb*": " harb", "well": " well ", "known": " known ", "the_": " the_ ", "eu_": " eu_ ",
        "東*": " 東",
    }  # fmt: skip
