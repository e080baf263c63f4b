"""When a site and an article are due."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from models.crawl.schedule import (
    AGES,
    BUSY_AGES,
    FARTHEST_REVISIT,
    LEAST_PAUSE,
    LONGEST,
    NEWS_WAITS,
    QUIET_AGES,
    SELDOM,
    SHORTEST,
    SLOWEST_BACK_OFF,
    UNKNOWN,
    Bounds,
    RevisitYield,
    ages_of,
    is_due,
    next_due,
    next_revisit,
    next_visit,
    revisit_on_hint,
    share_of,
    usual_interval,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
USUAL = RevisitYield()


def test_a_site_is_looked_at_about_as_often_as_it_publishes() -> None:
    assert usual_interval(23, DAY) == HOUR
    assert usual_interval(5000, DAY) == SHORTEST
    assert usual_interval(0, timedelta(days=30)) == LONGEST


def test_no_news_waits_for_as_long_as_its_site_takes_to_write_the_next() -> None:
    fortnight = 14 * DAY
    assert usual_interval(12 * 14 - 1, fortnight) == NEWS_WAITS
    assert usual_interval(13, fortnight) == NEWS_WAITS
    assert usual_interval(1, fortnight) == fortnight / 2 / SELDOM
    assert usual_interval(13, fortnight, Bounds(longest=HOUR)) == HOUR


def test_a_site_without_a_history_is_looked_at_hourly() -> None:
    assert usual_interval(0, timedelta(0)) == UNKNOWN


def test_failures_back_off_and_end_at_two_days() -> None:
    waits = [next_visit(NOW, HOUR, failures=n) - NOW for n in range(10)]
    assert waits[:4] == [HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR]
    assert waits == sorted(waits)
    assert waits[-1] == SLOWEST_BACK_OFF


def test_what_the_site_asks_for_is_respected() -> None:
    assert next_visit(NOW, HOUR, asked_to_wait=3 * HOUR) == NOW + 3 * HOUR
    assert next_visit(NOW, HOUR, asked_to_wait=timedelta(minutes=1)) == NOW + HOUR


def test_young_articles_are_revisited_soon_and_old_ones_rarely() -> None:
    looks, now = [], NOW
    while (due := next_revisit(now, NOW, USUAL)) is not None:
        looks.append(due - NOW)
        now = due
    assert looks == list(AGES)


def test_a_site_whose_revisits_yield_nothing_has_fewer_and_one_that_edits_has_more() -> None:
    assert ages_of(USUAL) == AGES
    assert ages_of(RevisitYield(49, 0)) == AGES
    assert ages_of(RevisitYield(51, 0)) == QUIET_AGES
    assert ages_of(RevisitYield(1000, 25)) == AGES
    assert ages_of(RevisitYield(50, 5)) == AGES
    assert ages_of(RevisitYield(50, 6)) == BUSY_AGES
    assert AGES[-1] == QUIET_AGES[-1] == BUSY_AGES[-1] == timedelta(days=40)
    assert set(QUIET_AGES) < set(AGES) < set(BUSY_AGES)


def test_an_article_found_late_is_not_asked_for_at_ages_that_are_past_or_almost() -> None:
    assert next_revisit(NOW, NOW - timedelta(days=2), USUAL) == NOW + timedelta(hours=32)
    assert next_revisit(NOW, NOW - 0.79 * AGES[1], USUAL) == NOW + 0.21 * AGES[1]
    assert next_revisit(NOW, NOW - 0.8 * AGES[1], USUAL) == NOW + AGES[2] - 0.8 * AGES[1]
    assert next_revisit(NOW, NOW - 32 * DAY, USUAL) is None


def test_a_revised_article_of_a_busy_site_is_looked_at_again_sooner() -> None:
    busy, published = RevisitYield(100, 50), NOW - timedelta(hours=9.5)
    assert next_revisit(NOW, published, busy) == published + timedelta(hours=16)
    sooner = next_revisit(NOW, published, busy, revised=True)
    assert sooner is not None
    assert 12.3 < (sooner - published) / HOUR < 12.4
    at_once = next_revisit(NOW, NOW - timedelta(minutes=1), busy, revised=True)
    assert at_once == NOW + LEAST_PAUSE
    assert next_revisit(NOW, published, USUAL, revised=True) == published + AGES[2]


def test_revisits_make_a_site_due_and_those_of_a_few_minutes_share_a_visit() -> None:
    minute = timedelta(minutes=1)
    earliest, sources = NOW + 5 * minute, NOW + HOUR
    soon = [NOW + 10 * minute, NOW + 14 * minute]
    assert next_due(sources, [], earliest) == sources
    assert next_due(sources, [NOW + 2 * HOUR], earliest) == sources
    assert next_due(sources, soon, earliest) == soon[1]
    assert next_due(sources, [soon[0], NOW + 16 * minute], earliest) == soon[0]
    assert next_due(sources, [sources - 4 * minute], earliest) == sources
    assert next_due(sources, [NOW - DAY], earliest) == earliest
    assert next_due(NOW, [], earliest) == earliest


def test_a_sitemap_that_calls_every_page_modified_is_believed_the_less_the_older_the_page() -> None:
    fetched = NOW - timedelta(minutes=5)
    assert revisit_on_hint(NOW, fetched, fetched) == NOW + timedelta(minutes=10)
    assert revisit_on_hint(NOW, fetched - timedelta(days=100), fetched) == fetched + timedelta(
        days=10
    )
    assert revisit_on_hint(NOW, NOW - timedelta(days=20), NOW - timedelta(days=10)) == NOW


def test_sites_added_together_are_not_due_together() -> None:
    shares = [share_of(f"site-{n}") for n in range(200)]
    first = [next_visit(NOW, HOUR, share=share, first=True) for share in shares]
    minutes = Counter(int((due - NOW) / timedelta(minutes=1)) for due in first)
    assert set(minutes) <= set(range(30, 60))
    assert max(minutes.values()) <= 20


def test_a_due_time_that_a_wrong_clock_set_is_not_waited_for() -> None:
    assert is_due(None, NOW, DAY) and is_due(NOW, NOW, DAY)
    assert not is_due(NOW + DAY, NOW, DAY)
    assert is_due(NOW + timedelta(days=365), NOW, DAY)
    assert not is_due(NOW + timedelta(days=25), NOW, timedelta(days=28))


def test_no_revisit_is_taken_for_that_of_a_wrong_clock() -> None:
    for ages in (QUIET_AGES, AGES, BUSY_AGES):
        assert max(ages) < FARTHEST_REVISIT


def test_the_shares_of_sites_fill_the_span_from_nought_to_one() -> None:
    shares = [share_of(f"site-{n}") for n in range(200)]
    assert 0 <= min(shares) < 0.05
    assert 0.95 < max(shares) < 1


def test_after_the_first_visit_sites_drift_by_a_tenth_at_most() -> None:
    assert next_visit(NOW, HOUR, share=1.0) == NOW + 1.1 * HOUR
    assert next_visit(NOW, HOUR, share=0.0, first=True) == NOW + HOUR
    assert next_visit(NOW, HOUR, share=0.5, first=True) == NOW + 0.75 * HOUR


def test_a_site_may_be_left_alone_longer_than_two_days_if_its_toml_says() -> None:
    week = timedelta(days=7)
    assert next_visit(NOW, week, failures=3) == NOW + week
    assert next_visit(NOW, HOUR, asked_to_wait=9 * DAY) == NOW + SLOWEST_BACK_OFF


@given(
    st.integers(0, 10**6),
    st.timedeltas(timedelta(0), timedelta(days=60)),
    st.integers(0, 10**4),
)
def test_a_site_is_never_due_at_once_nor_never(
    articles: int, over: timedelta, failures: int
) -> None:
    due = next_visit(NOW, usual_interval(articles, over), failures=failures)
    assert SHORTEST <= due - NOW <= SLOWEST_BACK_OFF
