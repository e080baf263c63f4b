"""Turns: dated news first, a share for each source and shape, dead queues rarely."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from operator import itemgetter

from hypothesis import given
from hypothesis import strategies as st

from models.crawl.fair_share import (
    MOST_TRIES,
    PROBE_EVERY,
    PROBES,
    TRIES,
    Queue,
    WaitingUrl,
    rank,
    share_out,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def queue(
    first: int, many: int, source: str = "sitemap", shape: str = "/{n}", dated: bool = False,
    age: timedelta = timedelta(0), **more: object,
) -> Queue:  # fmt: skip
    """A queue of URLs numbered from `first`, each a second older than the one before."""
    urls = tuple(WaitingUrl(first + n, NOW - age - timedelta(seconds=n)) for n in range(many))
    return Queue(first, source, shape, dated, waiting=urls, **more)


def test_dated_news_comes_before_a_flood_of_undated_pages() -> None:
    flood, news = queue(1000, 50), queue(1, 3, shape="/{slug}", dated=True, age=3 * DAY)
    assert share_out([flood, news], 50, NOW)[:3] == [1, 2, 3]
    assert len(share_out([flood, news], 50, NOW)) == 50


def test_undated_pages_have_every_fourth_turn_while_news_waits() -> None:
    chosen = share_out([queue(1000, 50), queue(1, 50, dated=True)], 8, NOW)
    assert chosen == [1, 2, 3, 1000, 4, 5, 6, 1001]


def test_one_queue_is_served_newest_first() -> None:
    assert share_out([queue(1, 9)], 5, NOW) == [1, 2, 3, 4, 5]


def test_a_flood_that_claims_to_be_of_today_starves_neither_source_nor_shape() -> None:
    floods = [
        queue(1000 * n, 50, source="flood", shape=f"/dead{n}/{{n}}", dated=True)
        for n in range(1, 11)
    ]
    same_source = queue(1, 3, source="flood", shape="/{slug}", dated=True, age=DAY)
    same_shape = queue(11, 3, source="feed", shape="/dead1/{n}", dated=True, age=DAY)
    chosen = share_out([*floods, same_source, same_shape], 50, NOW)
    assert {1, 2, 3, 11, 12, 13} <= set(chosen)


def test_where_queues_are_more_than_turns_the_longest_unserved_come_first() -> None:
    queues = [queue(100 * n, 50, shape=f"/{n}x/{{n}}") for n in range(1, 121)]
    served: Counter[int] = Counter()
    for batch in range(5):
        chosen = share_out(queues, 50, NOW + batch * timedelta(minutes=1))
        served += Counter(url_id // 100 for url_id in chosen)
        had = {url_id // 100 for url_id in chosen}
        at = NOW + batch * timedelta(minutes=1)
        queues = [
            replace(one, claimed_at=at) if one.waiting[0].url_id // 100 in had else one
            for one in queues
        ]
    assert len(served) == 120
    assert max(served.values()) <= 3


def test_a_queue_is_doubtful_then_dead_after_tries_without_an_article() -> None:
    def kind(one: Queue) -> str:
        [name] = [name for name, found in rank([one])._asdict().items() if found]
        return name

    assert kind(queue(1, 1, tries=19)) == "live"
    assert kind(queue(1, 1, tries=20)) == "doubtful"
    assert kind(queue(1, 1, tries=199)) == "doubtful"
    assert kind(queue(1, 1, tries=200)) == "dead"
    assert kind(queue(1, 1, tries=MOST_TRIES, kept=True)) == "live"
    assert kind(replace(queue(1, 1, tries=MOST_TRIES), queue_key=None)) == "live"


def test_what_is_known_of_a_shape_holds_for_a_new_source_of_it() -> None:
    old, new = queue(1, 1, tries=MOST_TRIES), queue(2, 1, source="new")
    assert rank([old, new]) == ([], [], [old, new])
    alive = queue(3, 1, source="feed", kept=True)
    assert rank([old, new, alive]) == ([new, alive], [], [old])


def test_doubtful_queues_fill_what_the_live_ones_leave() -> None:
    doubtful = queue(100, 50, shape="/dead/{n}", dated=True, tries=TRIES)
    live = queue(1, 3, age=DAY)
    assert share_out([doubtful, live], 5, NOW) == [1, 2, 3, 100, 101]
    assert share_out([doubtful, live], 3, NOW) == [1, 2, 3]


def test_dead_queues_are_asked_for_little_and_seldom() -> None:
    dead = [
        queue(
            100 * n, 50, shape=f"/{n}x", tries=MOST_TRIES, claimed_at=NOW - n * timedelta(minutes=1)
        )
        for n in range(1, 9)
    ]
    live = queue(1, 99)
    assert share_out([*dead, live], 10, NOW) == list(range(1, 11))
    later = NOW + PROBE_EVERY
    chosen = share_out([*dead, live], 10, later)
    assert chosen == [1, 2, 3, 4, 5, 800, 700, 600, 500, 400]
    assert len(chosen) == 5 + PROBES
    assert share_out(dead, 2, later) == [800, 700]
    assert share_out(dead, 9, NOW - DAY) == [800, 700, 600, 500, 400], "the clock was wrong"


@given(
    st.lists(
        st.tuples(st.integers(0, 20), st.integers(0, 3), st.integers(0, 3), st.booleans(),
                  st.integers(0, 300), st.booleans()),
        max_size=12,
        unique_by=itemgetter(1, 2, 3),  # as queues are: by source, shape, and whether dated
    ),
    st.integers(1, 60),
)  # fmt: skip
def test_nothing_is_chosen_twice_and_no_queue_but_a_dead_one_waits_in_vain(
    made: list[tuple[int, int, int, bool, int, bool]], limit: int
) -> None:
    queues = [
        queue(1 + 100 * n, many, f"s{source}", f"/{shape}", dated, tries=tries, kept=kept)
        for n, (many, source, shape, dated, tries, kept) in enumerate(made)
    ]
    chosen = share_out(queues, limit, NOW)
    live, doubtful, _dead = rank(queues)
    assert len(chosen) == len(set(chosen)) <= limit
    assert len(chosen) >= min(limit, sum(len(one.waiting) for one in (*live, *doubtful)))
    for one in (queue for queue in live if queue.dated):  # a share of the sources and shapes
        mine = sum(url.url_id in chosen for url in one.waiting)
        others = len({q.source for q in live}) * len({q.shape for q in live})
        assert mine >= min(len(one.waiting), limit * 3 // 4 // (5 * others + 1) - 1)


def test_a_queue_whose_source_and_shape_are_others_too_has_a_turn() -> None:
    busy = [
        queue(1, 15, "s0", "/1"), queue(101, 13, "s1", "/2"), queue(201, 7, "s2", "/2"),
        queue(301, 1, "s0", "/2"),
    ]  # fmt: skip
    assert 301 in share_out(busy, 20, NOW)


def test_a_kind_of_page_that_many_sources_name_leaves_a_share_to_the_other_kinds() -> None:
    floods = [queue(100 * n, 50, source=f"s{n}", shape="/dead/{n}") for n in range(1, 41)]
    chosen = share_out([*floods, queue(1, 9, source="s1", shape="/{slug}")], 20, NOW)
    assert sum(url_id < 100 for url_id in chosen) >= 8
