"""When a site and an article are due."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from models.schedule import (
    AGES,
    LONGEST,
    SHORTEST,
    SLOWEST_BACK_OFF,
    UNKNOWN,
    next_revisit,
    next_visit,
    usual_interval,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_a_site_is_looked_at_about_as_often_as_it_publishes() -> None:
    assert usual_interval(23, DAY) == HOUR
    assert usual_interval(0, timedelta(days=7)) == LONGEST
    assert usual_interval(5000, DAY) == SHORTEST


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
    dues = [next_revisit(NOW, NOW, revisits, 2, site_revisits=20) for revisits in range(len(AGES))]
    assert dues == [NOW + age for age in AGES]
    assert next_revisit(NOW, NOW, len(AGES), 2, site_revisits=20) is None


def test_a_site_whose_revisits_earn_nothing_is_revisited_later() -> None:
    usual = next_revisit(NOW, NOW, 0, 0)
    never = next_revisit(NOW, NOW, 0, 0, site_revisits=1000)
    often = next_revisit(NOW, NOW, 0, 600, site_revisits=1000)
    assert often is not None and usual is not None and never is not None
    assert often < usual < never
    assert never - NOW <= 4 * AGES[0]


def test_an_article_found_late_is_not_asked_for_at_ages_that_are_past() -> None:
    due = next_revisit(NOW, NOW - timedelta(days=2), 0, 0)
    assert due == NOW + DAY


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
