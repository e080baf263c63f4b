"""When a site and an article are due."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from models.crawl.schedule import (
    AGES,
    FARTHEST_REVISIT,
    LONGEST,
    SHORTEST,
    SLOWEST_BACK_OFF,
    UNKNOWN,
    RevisitYield,
    is_due,
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
    looks, now = [], NOW
    while (due := next_revisit(now, NOW, USUAL)) is not None:
        looks.append(due - NOW)
        now = due
    assert looks == list(AGES)


def test_a_site_whose_revisits_yield_nothing_is_revisited_later() -> None:
    usual = next_revisit(NOW, NOW, USUAL)
    never = next_revisit(NOW, NOW, RevisitYield(1000, 0))
    often = next_revisit(NOW, NOW, RevisitYield(1000, 600))
    assert often is not None and usual is not None and never is not None
    assert often < usual < never
    assert never - NOW <= 4 * AGES[0]


def test_an_article_found_late_is_not_asked_for_at_ages_that_are_past() -> None:
    assert next_revisit(NOW, NOW - timedelta(days=2), USUAL) == NOW + DAY


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


def test_no_revisit_is_further_off_than_two_hundred_days() -> None:
    assert timedelta(days=200) == FARTHEST_REVISIT
    slowest = next_revisit(NOW, NOW - 159 * DAY, RevisitYield(10**6, 0))
    assert slowest is not None
    assert slowest - NOW == DAY


def test_the_usual_yield_weighs_as_much_as_twenty_revisits() -> None:
    # 2 of 20 are usual; with 20 revisits more that found nothing, it is half of that
    halved = next_revisit(NOW, NOW, RevisitYield(20, 0))
    doubled = next_revisit(NOW, NOW, RevisitYield(20, 6))
    assert halved == NOW + 2 * AGES[0]
    assert doubled == NOW + AGES[0] / 2


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
