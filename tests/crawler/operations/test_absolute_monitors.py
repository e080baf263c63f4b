"""Monitors that need no history: sites that never worked, fail on end, bring next to nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from crawler.operations.absolute_monitors import (
    failing_in_a_row,
    fruitless,
    never_worked,
    publication_gap,
    wrong_template,
)
from crawler.operations.health_reason import reason_line
from models.monitoring.publication import Visits
from models.monitoring.run_endings import EndedRun
from models.monitoring.run_metrics import RunMetrics
from models.monitoring.wrong_templates import WrongTemplates

START = datetime(2026, 11, 1, tzinfo=UTC)
DAY = timedelta(days=1)
DEAD = "no source could be read: https://example.test/rss: HTTP 404"


def failed(*run_ids: int) -> list[EndedRun]:
    return [EndedRun(run_id, "failed", DEAD, 0) for run_id in run_ids]


def brought(kept: int, *, refused: int = 0, empty: int = 0, errors: int = 0) -> RunMetrics:
    pages = kept + refused + empty
    return RunMetrics(
        7, START, pages=pages, refused=refused, empty=empty, errors=errors, fruitful=kept
    )


def test_three_runs_that_failed_on_a_site_without_an_article_are_red_with_the_reason() -> None:
    alarm = never_worked(failed(5, 4, 2), has_articles=False)
    assert alarm is not None
    assert (alarm.state, alarm.since_run) == ("red", 2)
    assert alarm.reason == f"never worked: 3 of 3 runs failed, last: {DEAD}"


def test_one_run_that_failed_is_weather_and_warns() -> None:
    alarm = never_worked(failed(2), has_articles=False)
    assert alarm is not None and alarm.state == "warn"
    assert failing_in_a_row(failed(5, 4)) is None


def test_a_site_whose_runs_end_well_and_find_nothing_never_worked_either() -> None:
    empty = [EndedRun(n, "done", None, 0) for n in (3, 2, 1)]
    assert never_worked(empty[:2], has_articles=False) is None
    alarm = never_worked(empty, has_articles=False)
    assert alarm is not None and alarm.state == "red"
    assert alarm.reason.endswith("of which 0 failed, last: its sources name no page")
    refused = [EndedRun(4, "done", None, 40), *empty]
    alarm = never_worked(refused, has_articles=False)
    assert alarm is not None and alarm.reason.endswith("last: 40 pages, none of them stored")


def test_two_sites_of_one_host_are_said_to_be_such_from_the_first_run_on() -> None:
    empty = [EndedRun(n, "done", None, 0) for n in (3, 2, 1)]
    said = "never worked: its pages are those of paper, of the same host: keep one file"
    first = never_worked(empty[2:], has_articles=False, twin="paper")
    assert first is not None and (first.state, first.reason) == ("warn", said)
    third = never_worked(empty, has_articles=False, twin="paper")
    assert third is not None and (third.state, third.reason) == ("red", said)
    tried = [EndedRun(4, "done", None, 40), *empty]
    alarm = never_worked(tried, has_articles=False, twin="paper")
    assert alarm is not None and "40 pages" in alarm.reason
    broken = never_worked(failed(1), has_articles=False, twin="paper")
    assert broken is not None and DEAD in broken.reason


def test_a_site_with_an_article_or_without_a_run_did_not_never_work() -> None:
    assert never_worked(failed(3, 2, 1), has_articles=True) is None
    assert never_worked([], has_articles=False) is None


def test_runs_that_failed_or_were_killed_in_a_row_are_red() -> None:
    killed = EndedRun(9, "aborted", "killed: it gave no more sign of life", 4)
    alarm = failing_in_a_row([killed, *failed(8, 7), EndedRun(6, "done", None, 3), *failed(5)])
    assert alarm is not None
    assert (alarm.state, alarm.since_run) == ("red", 7)
    assert alarm.reason == f"the last 3 runs failed, last: {killed.reason}"
    assert failing_in_a_row([EndedRun(10, "done", None, 3), killed, *failed(8, 7)]) is None


@pytest.mark.parametrize(
    ("now", "usual", "state"),
    [
        (brought(2, refused=48), None, "red"),
        (brought(2, refused=48), brought(1), "red"),  # too short a history to be usual
        (brought(4, empty=3, errors=3), None, "warn"),
        (brought(5, refused=5), None, "warn"),
        (brought(6, refused=5), None, None),
        (brought(6, refused=4), None, None),
        (brought(0, refused=4), None, None),  # too few pages
        (brought(0, errors=5), None, "red"),
        (brought(2, refused=48), brought(3, refused=60), "red"),  # it was so from the start
        (brought(0, refused=50), brought(30, refused=60), "warn"),
        (brought(0, refused=50), brought(60), None),  # the comparing monitors' to say
        (brought(60), brought(0, refused=60), None),  # well by now
    ],
)
def test_a_site_that_brings_next_to_nothing_is_not_well_however_young(
    now: RunMetrics, usual: RunMetrics | None, state: str | None
) -> None:
    alarm = fruitless(now, usual)
    assert (alarm and alarm.state) == state


def test_it_says_what_came_instead_the_most_first() -> None:
    alarm = fruitless(brought(2, refused=8, empty=30, errors=10), None)
    assert alarm is not None
    assert alarm.reason == "96% of 50 pages brought no article: 30 empty, 10 failed, 8 refused"


def test_a_quiet_sunday_is_no_alarm_but_a_silent_fortnight_is() -> None:
    gaps = (*[timedelta(hours=3)] * 20, timedelta(days=2))
    assert publication_gap(Visits(START + 2 * DAY, START, gaps)) is None
    alarm = publication_gap(Visits(START + 14 * DAY, START, gaps))
    assert alarm is not None
    assert alarm.reason == "no new article for 14 days"


def test_a_site_that_publishes_by_the_hour_may_be_quiet_for_a_long_weekend() -> None:
    gaps = (timedelta(hours=1),) * 20
    assert publication_gap(Visits(START + 3 * DAY, START, gaps)) is None
    assert publication_gap(Visits(START + 3.1 * DAY, START, gaps)) is not None


def test_of_a_site_that_nobody_looked_at_nothing_is_said() -> None:
    assert publication_gap(Visits(None, START, (DAY,) * 9)) is None
    assert publication_gap(Visits(START, None, ())) is None


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (WrongTemplates(1, 1), "a learned template was wrong: 1 article was read off it"),
        (WrongTemplates(1, 12), "a learned template was wrong: 12 articles were read off it"),
        (WrongTemplates(3, 40), "3 learned templates were wrong: 40 articles were read off them"),
    ],
)
def test_articles_read_off_a_wrong_template_warn_and_say_what_to_type(
    found: WrongTemplates, said: str
) -> None:
    alarm = wrong_template("island-times", found)
    assert alarm is not None
    assert (alarm.state, alarm.since_run) == ("warn", 0)
    assert alarm.reason == f"{said}; type: scrapy crawl reextract -a site=island-times"
    assert reason_line([alarm]) == alarm.reason  # with the command whole
    assert wrong_template("island-times", WrongTemplates()) is None
