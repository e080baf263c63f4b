"""Reasons and evidence in sentences."""

import pytest

from crawler.reports.block_words import REASONS, Sentence, evidence, headline
from models.blocks import REASONS as ALL

URLS = {88: "https://example.test/a", 89: "https://example.test/b"}


def test_every_reason_has_words() -> None:
    assert set(REASONS) == set(ALL)


@pytest.mark.parametrize(
    ("fate", "reason", "said"),
    [
        ("kept", "", "reads like article text"),
        ("kept", "rule", "a rule of the site's TOML file keeps it"),
        ("restored", "", "restored by the site's memory"),
        ("restored", "rule", "a rule of the site's TOML file keeps it"),
        ("removed", "rule", "a rule of the site's TOML file removes it"),
        ("removed", "cookie", "a cookie or consent notice"),
        ("unread", "", "not among the texts that were read"),
    ],
)
def test_a_fate_is_said_with_its_reason(fate: str, reason: str, said: str) -> None:
    assert headline(fate, reason) == said


def test_the_pages_that_show_a_text_are_counted_and_named() -> None:
    found = {"pages": 27, "share": 0.93, "seen_on": [88, 89, 90], "score": -4.488}
    assert list(evidence(found, URLS)) == [
        Sentence(
            "on 27 of 29 other pages of this site that it was compared with",
            ("https://example.test/a", "https://example.test/b"),
        ),
        Sentence("by this page alone: article text with a probability of 1%"),
    ]


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({"pages": 7, "share": 1.0}, "on all 7 other pages of this site that it was compared with"),
        ({"pages": 3, "share": 0.0}, "on 3 other pages of this site, in other places or words"),
        (
            {"place": "article>p", "place_kept": 0.97},
            "other pages keep 97% of the words at its place (article>p)",
        ),
        ({"said_at": 12}, "the page says the same in a better place, at block 12"),
        ({"score": 9.0}, "by this page alone: article text with a probability of over 99%"),
        ({"score": -9.0}, "by this page alone: article text with a probability of under 1%"),
        ({"score": 0.0}, "by this page alone: article text with a probability of 50%"),
        ({"score": -1e9}, "by this page alone: article text with a probability of under 1%"),
    ],
)
def test_each_piece_of_evidence_is_a_sentence(found: dict[str, object], said: str) -> None:
    assert [one.text for one in evidence(found, {})] == [said]


def test_without_evidence_the_page_s_own_score_is_given() -> None:
    assert [one.text for one in evidence({}, {}, score=2.0)] == [
        "by this page alone: article text with a probability of 88%"
    ]
    assert list(evidence({}, {})) == []


def test_a_place_that_no_page_uses_otherwise_says_nothing() -> None:
    assert list(evidence({"place": "a>b", "place_kept": -1.0}, {})) == []
