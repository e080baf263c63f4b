"""Monitors: red where a site broke, silent where it only rests."""

from datetime import UTC, datetime, timedelta

from crawler.reports.health import Figures, judge, silent

START = datetime(2026, 11, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def good(run: int, pages: int = 10) -> Figures:
    return Figures(
        run, START + run * DAY, pages=pages, articles=pages, words=(400,) * pages, sources=2
    )


def history(length: int) -> list[Figures]:
    return [good(run) for run in range(length, 0, -1)]


def states(runs: list[Figures]) -> dict[str, str]:
    return {alarm.monitor: alarm.state for alarm in judge(runs)}


def test_a_run_like_the_others_is_no_alarm() -> None:
    assert judge([good(9), *history(8)]) == []


def test_a_new_site_is_not_judged_before_it_has_a_history() -> None:
    broken = Figures(1, START, pages=10, empty=10, sources=2)
    assert judge([broken]) == []


def test_a_wall_on_every_page_is_red_and_names_the_run_it_began_with() -> None:
    walled = Figures(9, START + 9 * DAY, pages=60, refused=60, sources=2)
    alarms = judge([walled, good(8, pages=60)])
    assert alarms[0].monitor == "refused_share"
    assert (alarms[0].state, alarms[0].since_run) == ("red", 9)
    assert "100%" in alarms[0].reason


def test_articles_that_shrink_are_red() -> None:
    shrunk = Figures(9, START + 9 * DAY, pages=10, articles=10, words=(90,) * 10, sources=2)
    assert states([shrunk, *history(8)]) == {"median_length": "red"}


def test_a_source_that_died_warns_and_all_of_them_are_red() -> None:
    one = Figures(9, START, pages=10, articles=10, words=(400,) * 10, sources=2, dead_sources=1)
    both = Figures(9, START, pages=10, articles=10, words=(400,) * 10, sources=2, dead_sources=2)
    assert states([one, *history(8)]) == {"dead_sources": "warn"}
    assert states([both, *history(8)]) == {"dead_sources": "red"}


def test_runs_of_one_page_are_judged_together() -> None:
    empties = [Figures(20 - n, START, pages=1, empty=1, sources=1) for n in range(5)]
    assert states([*empties, *history(8)]) == {"empty_share": "red"}
    assert judge([empties[0], *history(8)]) == []


def test_a_quiet_sunday_is_no_alarm_but_a_silent_fortnight_is() -> None:
    gaps = [timedelta(hours=3)] * 20 + [timedelta(days=2)]
    assert silent(START, gaps, START + 2 * DAY) is None
    alarm = silent(START, gaps, START + 14 * DAY)
    assert alarm is not None
    assert alarm.reason == "no new article for 14 days"
