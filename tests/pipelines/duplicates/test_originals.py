"""Which member of a cluster is named the original."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.duplicates.originals import (
    FAR,
    LEAD,
    TAIL,
    Candidate,
    credited,
    elect_original,
    site_names,
)

DAY = datetime(2026, 3, 1, 12, tzinfo=UTC)


def member(article_id: int, **parts: object) -> Candidate:
    values: dict[str, object] = {
        "article_id": article_id,
        "url": f"https://s{article_id}.test/{article_id}",
        "canonical_url": None,
        "site_names": frozenset({f"s{article_id}"}),
        "credits": frozenset(),
        "published_at": DAY,
        "day_only": False,
        "first_seen_at": DAY + timedelta(days=1),
        "excerpt": False,
        "tokens": 300,
    }
    return Candidate(**values | parts)


def chosen(*members: Candidate) -> tuple[int, str]:
    found = elect_original(members)
    return found.article_id, found.reason


def test_named_as_canonical_by_another_beats_all_else() -> None:
    copy = member(1, canonical_url="https://s2.test/2", published_at=DAY - timedelta(hours=5))
    assert chosen(copy, member(2)) == (2, "named as canonical by others")


def test_naming_itself_as_canonical_says_nothing() -> None:
    vain = member(2, canonical_url="http://www.s2.test/2")
    assert chosen(member(1), vain, member(3))[0] == 1


def test_an_agency_that_others_credit_is_the_original() -> None:
    agency = member(3, site_names=site_names("nordnews", "www.nord-news.test"))
    copy = member(1, credits=credited([], "HELSINKI (Nord) – The harbour froze."))
    assert chosen(copy, member(2), agency) == (3, "credited by others")


def test_a_site_that_credits_itself_is_not_credited_by_others() -> None:
    names = site_names("nord", "nord.test")
    mine = [member(n, site_names=names, credits=frozenset({"nord"})) for n in (2, 3)]
    assert chosen(member(1), *mine) == (1, "first by address")


def test_the_first_to_publish_is_the_original() -> None:
    assert chosen(member(1), member(2, published_at=DAY - timedelta(minutes=1))) == (
        2,
        "published first",
    )


def test_a_day_without_a_time_is_neither_before_nor_after_a_time_of_that_day() -> None:
    day = member(2, published_at=DAY.replace(hour=0), day_only=True, tokens=400)
    assert chosen(member(1), day) == (2, "longest")
    assert chosen(member(1), member(2, published_at=DAY, day_only=True))[0] == 1


def test_a_date_in_the_future_or_from_before_the_web_is_not_trusted() -> None:
    future = member(1, published_at=DAY + timedelta(days=9))
    archive = member(2, published_at=DAY.replace(year=1970))
    assert chosen(future, archive, member(3)) == (3, "published first")


def test_a_part_of_another_is_not_the_original() -> None:
    assert chosen(member(1, excerpt=True), member(2)) == (2, "not an excerpt")


def test_the_longest_and_then_the_first_by_address() -> None:
    assert chosen(member(1), member(2, tokens=301)) == (2, "longest")
    assert chosen(member(2), member(1)) == (1, "first by address")
    assert chosen(member(1), member(2, url="https://a.test/2")) == (2, "first by address")


def test_a_copy_that_names_another_is_not_the_original_whoever_names_it() -> None:
    page, print_ = "https://s1.test/ferry", "https://s1.test/ferry/print"
    story = member(2, url=page, published_at=DAY + timedelta(hours=2))
    copy = member(1, url=print_, canonical_url=page, tokens=900)
    elsewhere = member(3, canonical_url=print_, published_at=DAY - timedelta(hours=2))
    named = (2, "named as canonical by others")
    assert chosen(copy, story) == named
    assert chosen(copy, story, elsewhere) == named
    again = member(4, url="https://s1.test/ferry/text", canonical_url=print_)
    assert chosen(copy, story, elsewhere, again) == named


def test_two_that_name_each_other_are_told_apart_by_the_rest() -> None:
    one = member(1, canonical_url="https://s2.test/2")
    other = member(2, canonical_url="https://s1.test/1", published_at=DAY - timedelta(hours=1))
    assert chosen(one, other, member(3)) == (2, "published first")


def test_a_date_far_from_those_of_all_copies_is_not_trusted() -> None:
    absurd = member(1, published_at=DAY.replace(year=2003))
    assert chosen(absurd, member(2, tokens=200), member(3, tokens=200))[0] == 2
    assert chosen(absurd, member(2)) == (2, "published first")
    limit = DAY + timedelta(days=1)
    near = member(1, published_at=limit - FAR)
    assert chosen(near, member(2)) == (1, "published first")
    assert chosen(member(1, published_at=DAY - FAR), member(2)) == (1, "published first")
    beyond = member(1, published_at=DAY - FAR - timedelta(seconds=1))
    assert chosen(beyond, member(2)) == (2, "published first")


def test_a_date_of_long_ago_that_a_copy_confirms_is_trusted() -> None:
    once = DAY.replace(year=2003)
    first, later = member(1, published_at=once), member(2, published_at=once + timedelta(days=9))
    assert chosen(first, later, member(3)) == (1, "published first")
    seen_then = member(1, published_at=once, first_seen_at=once)
    assert chosen(seen_then, member(3)) == (1, "published first")


def test_credits_are_read_at_both_ends() -> None:
    told = "PARIS (AFP) - It froze.\n\n" + "It froze. " * 80 + "Source: Nord News with dpa"
    assert {"afp", "nordnews", "dpa"} <= credited(["Reuters in Oslo"], told)
    assert "reuters" in credited(["Reuters in Oslo"], told)


@pytest.mark.parametrize(
    ("published_at", "trusted"),
    [
        (DAY.replace(year=1994, month=12, day=31), False),
        (DAY.replace(year=1995, month=1, day=1, hour=0), True),
        (DAY + timedelta(days=2), True),  # a day after it was first seen: clocks differ
        (DAY + timedelta(days=2, seconds=1), False),
    ],
)
def test_both_sides_of_a_date_that_is_trusted(published_at: datetime, trusted: bool) -> None:
    dated = member(2, published_at=published_at)
    undated = member(1, published_at=None)
    assert chosen(undated, dated) == (
        (2, "published first") if trusted else (1, "first by address")
    )


def test_the_last_moment_of_a_day_may_still_be_first() -> None:
    day = member(1, published_at=DAY.replace(hour=0), day_only=True)
    midnight = DAY.replace(hour=0) + timedelta(days=1)
    late = member(2, published_at=midnight - timedelta.resolution, tokens=400)
    next_day = member(3, published_at=midnight, tokens=500)
    assert chosen(day, late) == (2, "longest")
    assert chosen(day, next_day) == (1, "published first")


def test_a_credit_counts_within_so_many_characters_of_an_end() -> None:
    assert (LEAD, TAIL) == (160, 400)
    middle = "x" * 2_000
    last = "Source: Nord"
    assert "nord" in credited([], middle + last + "." + "y" * (TAIL - len(last) - 1))
    assert "nord" not in credited([], middle + last + "." + "y" * (TAIL - len(last)))
    start = "(AFP)"
    assert "afp" in credited([], "x" * (LEAD - len(start)) + start + middle)
    assert "afp" not in credited([], "x" * (LEAD - len(start) + 1) + start + middle)


def test_a_credit_is_its_first_four_words_and_each_beginning_of_them() -> None:
    assert credited(["One Two Three Four Five"], "") == {
        "one", "onetwo", "onetwothree", "onetwothreefour",
    }  # fmt: skip


def test_a_site_goes_by_its_own_name_and_its_host_s_without_news() -> None:
    assert site_names("Harbour News", "www.post.example.test") == {
        "harbournews", "harbour", "post", "example",
    }  # fmt: skip
    assert site_names("x", "ab.test") == {"ab"}
    assert site_names("news", "news.test") == {"news"}


def test_nobody_credits_a_sister_of_its_own_name() -> None:
    ours = frozenset({"nord"})
    one = member(1, site_names=ours)
    two = member(2, site_names=ours, credits=ours)
    other = member(3, credits=ours)
    assert chosen(one, two)[1] != "credited by others"
    assert chosen(one, other) == (1, "credited by others")


MEMBERS = st.builds(
    member,
    st.integers(1, 50),
    published_at=st.none() | st.integers(0, 4).map(lambda h: DAY + timedelta(hours=h)),
    day_only=st.booleans(),
    excerpt=st.booleans(),
    tokens=st.integers(1, 4),
    canonical_url=st.none() | st.integers(1, 50).map(lambda n: f"https://s{n}.test/{n}"),
    credits=st.frozensets(st.integers(1, 50).map(lambda n: f"s{n}"), max_size=2),
)


@given(st.lists(MEMBERS, min_size=1, max_size=8, unique_by=lambda m: m.article_id), st.integers())
def test_the_original_does_not_hang_on_the_order(members: list[Candidate], seed: int) -> None:
    shuffled = members[:]
    random.Random(seed).shuffle(shuffled)
    assert elect_original(members) == elect_original(shuffled)


@given(st.lists(MEMBERS, min_size=1, max_size=6, unique_by=lambda m: m.article_id), st.integers())
def test_the_original_does_not_hang_on_who_was_crawled_first(
    members: list[Candidate], seed: int
) -> None:
    """Another order of crawling gives other numbers, and other times within some days."""
    chance = random.Random(seed)
    numbers = chance.sample(range(100), len(members))
    again = [
        replace(
            member, article_id=number, first_seen_at=DAY + timedelta(days=1 + chance.random() * 9)
        )
        for member, number in zip(members, numbers, strict=True)
    ]
    found = elect_original(again)
    by_url = {member.url: member.article_id for member in again}
    first = elect_original(members)
    url = next(member.url for member in members if member.article_id == first.article_id)
    assert (found.article_id, found.reason) == (by_url[url], first.reason)
