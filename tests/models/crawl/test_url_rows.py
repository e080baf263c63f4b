"""How source hints and outcomes change a URL's row."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Row
from sqlalchemy.engine.result import IteratorResult, SimpleResultMetaData

from models.crawl.schedule import LEAST_PAUSE
from models.crawl.url_rows import (
    TOO_EARLY,
    WHILE,
    YOUNG,
    UrlLease,
    lease_of,
    merge_source_hint,
    new_hints,
    reschedule,
    revive,
    rows_of,
    state_after,
    state_after_reading,
    validators,
)
from models.items import Hint, Link
from models.outcomes import MAX_ATTEMPTS, Outcome, retry_after
from tests.factories import NOW

HOUR, DAY, SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)
URL = "https://example.test/a"


def columns(**parts: Any) -> dict[str, Any]:
    """Columns of a page that waits to be fetched, found long ago."""
    return {
        "state": "found", "attempts": 0, "article": False, "gone_times": 0, "not_before": None,
        "fetched_at": None, "found_at": NOW - 9 * DAY, "newest_at": NOW - 9 * DAY,
        "hint_title": None, "hint_published_at": None, "hint_precision": None,
        "hint_modified_at": None, "found_by": "feed", **parts,
    }  # fmt: skip


def row(known: Row[Any] | None = None, **parts: Any) -> Row[Any]:
    """The same, or a known row with other values, as a query returns it."""
    values = {**known._mapping, **parts} if known else columns(**parts)
    keys, rows = SimpleResultMetaData(list(values)), iter([tuple(values.values())])
    found: IteratorResult[Any] = IteratorResult(keys, rows)
    return found.one()


def test_links_are_rows_in_the_order_of_their_keys_and_rubbish_is_left_out() -> None:
    links = [Link(f"https://example.test/{n}", "feed") for n in range(5)]
    rows = rows_of(1, [*links, Link("javascript:x", "feed")], NOW)
    keys = [made["url_key"] for made in rows]
    assert len(keys) == 5 and keys == sorted(keys)
    assert {made["newest_at"] for made in rows} == {NOW}


def test_two_spellings_of_a_page_are_one_row_with_the_hints_of_both() -> None:
    first = Link(URL, "feed", hint=Hint(title="One"))
    second = Link(f"{URL}?utm_source=x", "sitemap", hint=Hint(title="Two", modified_at=NOW - DAY))
    (made,) = rows_of(1, [first, second], NOW)
    assert (made["hint_title"], made["hint_modified_at"]) == ("One", NOW - DAY)
    assert (made["found_by"], made["newest_at"]) == ("feed", NOW - DAY)


@pytest.mark.parametrize(
    ("hint", "newest"),
    [
        ({}, NOW),
        ({"published_at": NOW - DAY}, NOW - DAY),
        ({"published_at": NOW - 3 * DAY, "modified_at": NOW - DAY}, NOW - DAY),
        ({"published_at": NOW + DAY}, NOW),
    ],
)
def test_a_page_queues_by_its_newest_date_but_never_ahead_of_now(
    hint: dict[str, Any], newest: object
) -> None:
    (made,) = rows_of(1, [Link(URL, "feed", hint=Hint(**hint))], NOW)
    assert made["newest_at"] == newest


def test_a_lease_has_the_hint_of_the_source_and_the_stored_copy_s_validators() -> None:
    stored = row(
        url_id=7, url=URL, etag="e", last_modified="m", article=True, attempts=2, hint_title="T",
        hint_published_at=NOW, hint_precision="day", hint_modified_at=NOW - DAY, outcome="stored",
    )  # fmt: skip
    hint = Hint("T", NOW, "day", NOW - DAY, "feed")
    assert lease_of(stored) == UrlLease(7, URL, hint, 2, "e", "m", True)
    failed = lease_of(row(stored, outcome="extract_crash", fetched_at=NOW))
    assert (failed.answered_at, failed.failed_here) == (NOW, True)


# ---------------------------------------------------------------- named again


def test_what_is_known_is_filled_in_and_not_overwritten() -> None:
    known = columns(hint_title="Old", hint_modified_at=NOW - DAY)
    said = columns(hint_title="New", hint_published_at=NOW - 2 * DAY, hint_precision="time",
                   hint_modified_at=NOW - 2 * DAY)  # fmt: skip
    assert new_hints(known, said) == {
        "hint_published_at": NOW - 2 * DAY,
        "hint_precision": "time",
        "newest_at": known["found_at"],
    }
    assert new_hints(known, columns()) == {}


def test_a_later_modification_moves_a_page_up_the_queue() -> None:
    changed = merge_source_hint(row(), columns(hint_modified_at=NOW - HOUR), NOW)
    assert changed == {"hint_modified_at": NOW - HOUR, "newest_at": NOW - HOUR}


@pytest.mark.parametrize(("waited", "tried"), [(WHILE - SECOND, False), (WHILE, True)])
def test_a_page_given_up_is_tried_once_more_after_a_week(waited: timedelta, tried: bool) -> None:
    dead = row(state="dead", attempts=MAX_ATTEMPTS, not_before=NOW - waited)
    again = {"state": "found", "attempts": MAX_ATTEMPTS - 1}
    assert revive(dead, None, NOW) == (again if tried else {})


@pytest.mark.parametrize(
    ("parts", "back"),
    [
        ({"state": "done", "fetched_at": NOW - DAY}, True),
        ({"state": "done", "fetched_at": NOW}, False),  # modified no later than it was read
        ({"state": "done", "fetched_at": NOW - DAY, "article": True}, False),
        ({"state": "found", "fetched_at": NOW - DAY}, False),
        ({"state": "done"}, False),
        ({"state": "done", "not_before": NOW - 9 * DAY}, False),
    ],
)
def test_a_page_with_its_last_word_comes_back_if_modified_since(
    parts: dict[str, Any], back: bool
) -> None:
    found = {"state": "found", "attempts": 0, "not_before": None}
    assert revive(row(**parts), NOW, NOW) == (found if back else {})
    assert revive(row(**parts), None, NOW) == {}


def test_an_article_modified_since_is_due_sooner_and_never_later() -> None:
    stored = row(state="done", article=True, fetched_at=NOW - HOUR, found_at=NOW - 2 * HOUR)
    soon = NOW - HOUR + LEAST_PAUSE
    assert reschedule(stored, NOW, NOW - 2 * HOUR) == soon
    assert reschedule(row(stored, not_before=soon + SECOND), NOW, NOW - 2 * HOUR) == soon
    assert reschedule(row(stored, not_before=soon), NOW, NOW - 2 * HOUR) is None
    assert reschedule(stored, NOW - HOUR, NOW) is None
    assert reschedule(stored, None, NOW) is None
    assert reschedule(row(stored, article=False), NOW, NOW) is None
    assert reschedule(row(stored, fetched_at=None), NOW, NOW) is None


def test_an_old_article_is_looked_at_more_rarely_on_a_source_s_word() -> None:
    old = row(article=True, fetched_at=NOW, hint_published_at=NOW - 10 * DAY)
    assert reschedule(old, NOW + SECOND, NOW) == NOW + DAY
    dated_ahead = row(article=True, fetched_at=NOW, hint_published_at=NOW + 9 * DAY)
    assert reschedule(dated_ahead, NOW + SECOND, NOW) == NOW + 9 * DAY / 10  # by when it was found


# ---------------------------------------------------------------- asked for


@pytest.mark.parametrize(
    ("attempts", "article", "state"),
    [
        (0, False, "found"),
        (MAX_ATTEMPTS - 2, False, "found"),
        (MAX_ATTEMPTS - 1, False, "dead"),
        (MAX_ATTEMPTS - 1, True, "done"),
    ],
)
def test_a_passing_failure_counts_until_the_page_is_given_up(
    attempts: int, article: bool, state: str
) -> None:
    after = state_after(row(attempts=attempts, article=article), Outcome.TIMEOUT, None, NOW)
    again = None if article else NOW + retry_after(attempts)
    assert after == {"attempts": attempts + 1, "state": state, "not_before": again}


def test_a_passing_failure_waits_as_long_as_the_caller_says() -> None:
    assert state_after(row(), Outcome.TIMEOUT, NOW + DAY, NOW)["not_before"] == NOW + DAY
    stored = row(article=True, attempts=MAX_ATTEMPTS - 2)
    assert state_after(stored, Outcome.TIMEOUT, None, NOW)["not_before"] is not None


@pytest.mark.parametrize("outcome", [Outcome.GONE, Outcome.NO_CONTENT])
def test_a_page_just_named_is_looked_at_after_one_and_six_hours(outcome: Outcome) -> None:
    young = row(newest_at=NOW - YOUNG + SECOND)
    for attempts, wait in enumerate(TOO_EARLY):
        after = state_after(row(young, attempts=attempts), outcome, None, NOW)
        assert after == {"attempts": attempts + 1, "state": "found", "not_before": NOW + wait}
    assert state_after(row(young, attempts=2), outcome, None, NOW)["state"] == "done"
    assert state_after(row(young, newest_at=NOW - YOUNG), outcome, None, NOW)["state"] == "done"
    assert state_after(row(young, article=True), outcome, None, NOW)["state"] == "done"
    assert state_after(young, Outcome.NOT_ARTICLE, None, NOW)["state"] == "done"


def test_a_page_is_young_for_a_day() -> None:
    assert timedelta(days=1) == YOUNG
    assert (timedelta(hours=1), timedelta(hours=6)) == TOO_EARLY
    assert timedelta(days=7) == WHILE


def test_what_is_stored_is_done_with_its_failures_forgotten() -> None:
    stored = {"attempts": 0, "not_before": NOW + DAY, "state": "done", "gone_times": 0}
    before = row(attempts=4, gone_times=3)
    assert state_after(before, Outcome.STORED, NOW + DAY, NOW) == {
        **stored, "article": True, "changed_at": NOW,
    }  # fmt: skip
    assert state_after(before, Outcome.UNCHANGED, NOW + DAY, NOW) == {**stored, "article": True}
    assert state_after(before, Outcome.WORSE, NOW + DAY, NOW) == stored


def test_times_gone_add_up() -> None:
    assert state_after(row(gone_times=1), Outcome.GONE, None, NOW)["gone_times"] == 2


def test_reading_an_archived_copy_changes_a_row_only_by_a_new_article() -> None:
    new = {"article": True, "state": "done", "outcome": "stored", "attempts": 0, "not_before": NOW}
    assert state_after_reading(row(), Outcome.STORED, NOW) == new
    assert state_after_reading(row(article=True), Outcome.STORED, NOW) == {}
    assert state_after_reading(row(), Outcome.NOT_ARTICLE, NOW) == {}


def test_validators_are_of_what_is_safe_in_the_database() -> None:
    assert validators(Outcome.STORED, "e", None) == {"etag": "e", "last_modified": None}
    assert validators(Outcome.NOT_MODIFIED, None, "m") == {"last_modified": "m"}
    assert validators(Outcome.WORSE, "e", "m") == {}
