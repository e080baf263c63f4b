"""Monitors: red where a site broke, silent where it only rests."""

from datetime import UTC, datetime, timedelta

from crawler.operations.monitors import Alarm, added_up, alarms_of, newest
from models.monitoring.run_metrics import RunMetrics, SeenArticle

START = datetime(2026, 11, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def good(run: int, pages: int = 10) -> RunMetrics:
    return RunMetrics(run, START + run * DAY, pages=pages, seen=articles(run, pages), sources=2)


def articles(run: int, number: int, words: int = 400) -> tuple[SeenArticle, ...]:
    """So many articles, none of them seen by another run."""
    return tuple(SeenArticle(run * 1000 + n, words, False, False) for n in range(number))


def history(length: int) -> list[RunMetrics]:
    return [good(run) for run in range(length, 0, -1)]


def alarms_over(runs: list[RunMetrics]) -> list[Alarm]:
    checked = newest(runs, lambda _later, run: run)
    return alarms_of(checked, added_up(runs[len(checked) :]))


def states(runs: list[RunMetrics]) -> dict[str, str]:
    return {alarm.monitor: alarm.state for alarm in alarms_over(runs)}


def test_a_run_like_the_others_is_no_alarm() -> None:
    assert alarms_over([good(9), *history(8)]) == []


def test_a_new_site_is_not_checked_before_it_has_a_history() -> None:
    broken = RunMetrics(1, START, pages=10, empty=10, sources=2)
    assert alarms_over([broken]) == []


def test_a_wall_on_every_page_is_red_and_names_the_run_it_began_with() -> None:
    walled = RunMetrics(9, START + 9 * DAY, pages=60, refused=60, sources=2)
    alarms = alarms_over([walled, good(8, pages=60)])
    assert alarms[0].monitor == "refused_share"
    assert (alarms[0].state, alarms[0].since_run) == ("red", 9)
    assert "100%" in alarms[0].reason


def test_articles_that_shrink_are_red() -> None:
    shrunk = RunMetrics(9, START + 9 * DAY, pages=10, seen=articles(9, 10, words=90), sources=2)
    assert states([shrunk, *history(8)]) == {"median_length": "red"}


def test_a_source_that_died_warns_and_all_of_them_are_red() -> None:
    one = RunMetrics(9, START, pages=10, seen=articles(9, 10), sources=2, dead_sources=1)
    both = RunMetrics(9, START, pages=10, seen=articles(9, 10), sources=2, dead_sources=2)
    assert states([one, *history(8)]) == {"dead_sources": "warn"}
    assert states([both, *history(8)]) == {"dead_sources": "red"}


def test_runs_of_one_page_are_checked_together() -> None:
    empties = [RunMetrics(20 - n, START, pages=1, empty=1, sources=1) for n in range(5)]
    assert states([*empties, *history(8)]) == {"empty_share": "red"}
    assert alarms_over([empties[0], *history(8)]) == []


def test_what_begins_an_alarm_is_the_first_run_that_has_any_of_it() -> None:
    failed = RunMetrics(20, START, errors=3)
    alarms = alarms_over([failed, RunMetrics(19, START, errors=1), good(18, pages=2), *history(8)])
    assert [(alarm.monitor, alarm.since_run) for alarm in alarms] == [("error_share", 19)]


def test_revisits_that_find_nothing_new_do_not_hide_new_pages() -> None:
    usual = [RunMetrics(run, START, pages=3, well=20) for run in range(9, 0, -1)]
    empty = [RunMetrics(20 - n, START, pages=3, empty=3, well=20) for n in range(2)]
    assert states([*empty, *usual]) == {"empty_share": "red"}
    gone = RunMetrics(20, START, pages=1, well=99, errors=5)
    assert alarms_over([gone, *usual]) == []


def test_pages_that_are_no_article_any_more_are_red() -> None:
    lists = RunMetrics(9, START + 9 * DAY, pages=10, others=9, sources=2)
    assert states([lists, *history(8)]) == {"other_share": "red"}


def test_an_article_that_several_runs_saw_counts_once_as_it_is_now() -> None:
    now, before = SeenArticle(1, 90, False, True), SeenArticle(1, 400, False, False)
    other = SeenArticle(2, 300, True, False)
    added = added_up(
        [RunMetrics(9, START, seen=(now,)), RunMetrics(8, START, seen=(before, other))]
    )
    assert added is not None
    assert (added.words, added.untitled, added.undated) == ((90, 300), 1, 1)
