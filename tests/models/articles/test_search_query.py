"""What a person types, as phrases."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.articles.search_query import MOST_CHARACTERS, Phrase, Query, parse
from models.errors import UsageError


def of(*words: str, open_ended: bool = False) -> Phrase:
    return Phrase(words, open_ended)


@pytest.mark.parametrize(
    ("typed", "wanted", "excluded"),
    [
        ("harbour ferry", [of("harbour"), of("ferry")], []),
        ('"Harbour Ferry" -storm', [of("harbour", "ferry")], [of("storm")]),
        ("„Häfen der Welt“", [of("hafen", "der", "welt")], []),
        ("well-known harb*", [of("well", "known"), of("harb", open_ended=True)], []),
        ('-"red tape" x "open end', [of("x"), of("open", "end")], [of("red", "tape")]),
        ("東京 東", [of("東京"), of("東")], []),
        ("x x X", [of("x")], []),
        ('"harb ferr"*', [of("harb", "ferr", open_ended=True)], []),
        ("NOT AND OR NEAR(a b)", [of("not"), of("and"), of("or"), of("near", "a"), of("b")], []),
    ],
)
def test_what_is_asked_for(typed: str, wanted: list[Phrase], excluded: list[Phrase]) -> None:
    assert parse(typed) == Query(tuple(wanted), tuple(excluded))


@pytest.mark.parametrize(
    ("piece", "terms", "is_prefix"),
    [
        ("harbour", ["harbour"], False),
        ("東", ["東"], True),
        ("東京", ["東京"], False),
        ("東京都", ["東京", "京都"], False),
    ],
)
def test_a_run_without_spaces_may_go_on(piece: str, terms: list[str], is_prefix: bool) -> None:
    assert (list(of(piece).terms), of(piece).is_prefix) == (terms, is_prefix)


def test_a_run_that_another_word_follows_is_whole() -> None:
    assert of("技術", "ai").terms == ("技術", "術", "ai")
    assert of("ai", "年").terms == ("ai", "年")
    assert of("ai", "年").is_prefix


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "no letter and no digit"),
        ("'", "no letter"),
        ('"', "no letter"),
        ('"" - * 👍', "no letter"),
        ("-storm", "only what to leave out"),
        ("x" * (MOST_CHARACTERS + 1), "more than 1000 characters"),
        (" ".join(map(str, range(40))), "more than 32 words"),
    ],
)
def test_a_question_that_cannot_be_answered(typed: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        parse(typed)


@given(st.text(max_size=80))
def test_whatever_is_typed_is_words_or_a_usage_error(typed: str) -> None:
    try:
        query = parse(typed)
    except UsageError:
        return
    assert all(term for phrase in query.wanted for term in phrase.terms)
