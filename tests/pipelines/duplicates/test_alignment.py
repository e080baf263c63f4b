"""Two token lists aligned: what lies between the gaps is equal, and little is left out."""

import random

from hypothesis import given
from hypothesis import strategies as st

from pipelines.duplicates.alignment import Gap, gaps

TOKENS = st.lists(st.sampled_from("abcdefgh"), max_size=120)
WORDS = [f"w{n}" for n in range(400)]


def applied(a: list[str], b: list[str], found: list[Gap]) -> list[str]:
    """`a` with each gap filled from `b`."""
    made: list[str] = []
    at = 0
    for gap in found:
        made += a[at : gap.a_start] + b[gap.b_start : gap.b_end]
        at = gap.a_end
    return made + a[at:]


@given(TOKENS, TOKENS)
def test_filling_the_gaps_of_one_makes_the_other(a: list[str], b: list[str]) -> None:
    found = gaps(a, b)
    assert applied(a, b, found) == b
    assert all(gap.a_start < gap.a_end or gap.b_start < gap.b_end for gap in found)


@given(TOKENS)
def test_equal_lists_have_no_gaps(a: list[str]) -> None:
    assert gaps(a, a) == []


def test_each_replaced_token_is_a_gap_of_its_own() -> None:
    other = [f"x{word}" if n % 17 == 3 else word for n, word in enumerate(WORDS)]
    assert gaps(WORDS, other) == [Gap(n, n + 1, n, n + 1) for n in range(3, 400, 17)]


def test_a_lost_and_an_added_passage_are_two_gaps() -> None:
    other = WORDS[:100] + WORDS[150:300] + [f"new{n}" for n in range(80)] + WORDS[300:]
    assert gaps(WORDS, other) == [Gap(100, 150, 100, 100), Gap(300, 300, 250, 330)]


def test_words_that_recur_everywhere_lead_nobody_astray() -> None:
    one = [word for n in range(300) for word in ("the", f"w{n}", "of", "the")]
    other = [f"other{n}" if word == "w200" else word for n, word in enumerate(one)]
    [gap] = gaps(one, other)
    assert one[gap.a_start : gap.a_end] == ["w200"]


def test_a_passage_that_moved_costs_its_own_length() -> None:
    chance = random.Random(1)
    moved = WORDS[:50] + WORDS[90:] + WORDS[50:90]
    kept = len(WORDS) - sum(gap.a_end - gap.a_start for gap in gaps(WORDS, moved))
    assert kept >= len(WORDS) - 40
    shuffled = chance.sample(WORDS, len(WORDS))
    assert applied(WORDS, shuffled, gaps(WORDS, shuffled)) == shuffled
