"""One message tells the truth about all that waits, in order, a line a site."""

from collections.abc import Sequence
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from crawler.operations.alert_message import LONGEST, MOST_CHANGES, MOST_SITES, digest
from models.monitoring.alerts import Alert
from models.monitoring.health import STATES
from tests.factories import NOW


def alerts(*changes: tuple[str, str, str, str | None]) -> list[Alert]:
    """Alerts a minute apart: site, state before, state, reason."""
    return [Alert(n, *change, NOW + timedelta(minutes=n)) for n, change in enumerate(changes)]


def test_a_single_site_is_named_in_the_title() -> None:
    said = digest(alerts(("town", "ok", "red", "100% of 10 pages refused, since run 2")))
    assert (said.title, said.worst) == ("Winnow: town is red", "red")
    assert said.body == (
        "town is red (was ok) since 2026-11-22 05:30 UTC: 100% of 10 pages refused, since run 2;"
        " type: winnow health town"
    )


def test_a_recovery_says_since_when_and_asks_for_nothing() -> None:
    said = digest(alerts(("town", "red", "ok", "not judged yet: too few pages")))
    assert (said.title, said.worst) == ("Winnow: town is well again", "ok")
    assert said.body == "town is well again (was red) since 2026-11-22 05:30 UTC"


def test_several_sites_are_counted_by_their_last_state_the_worst_first() -> None:
    said = digest(
        alerts(
            ("a", "ok", "warn", "slow"), ("b", "red", "ok", None), ("c", "ok", "red", "dead"),
            ("d", "warn", "red", "dead"),
        )
    )  # fmt: skip
    assert said.title == "Winnow: 2 sites red, 1 with a warning, 1 well again"
    assert [line.split()[0] for line in said.body.splitlines()] == ["c", "d", "a", "b"]
    two = digest(alerts(("a", "red", "ok", None), ("b", "red", "ok", None)))
    assert two.title == "Winnow: 2 sites well again"
    one_and_one = digest(alerts(("a", "ok", "red", "x"), ("b", "ok", "warn", "x")))
    assert one_and_one.title == "Winnow: 1 site red, 1 with a warning"


def test_a_site_that_changed_and_came_back_has_its_steps_in_order() -> None:
    said = digest(alerts(("town", "ok", "red", "no  articles\n"), ("town", "red", "ok", None)))
    assert said.title == "Winnow: town is well again"
    assert said.body == (
        "town is well again; it was ok, then red at 2026-11-22 05:30 UTC: no articles,"
        " then ok at 2026-11-22 05:31 UTC"
    )


def test_a_restless_site_and_many_sites_do_not_make_a_message_endless() -> None:
    flapping = [("town", "ok", "red", "x" * 999), ("town", "red", "ok", None)] * 50
    (line,) = digest(alerts(*flapping)).body.splitlines()
    assert f"({len(flapping) - MOST_CHANGES} earlier changes are left out)" in line
    assert len(line) < MOST_CHANGES * (LONGEST + 60)
    many = digest(alerts(*((f"s{n}", "ok", "red", "x") for n in range(MOST_SITES + 7))))
    assert many.title == f"Winnow: {MOST_SITES + 7} sites red"
    assert many.body.splitlines()[-1] == "and 7 more sites; type: winnow health"
    assert len(many.body.splitlines()) == MOST_SITES + 1


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), *[st.sampled_from(STATES)] * 2, st.text() | st.none()),
        min_size=1,
    )
)
def test_every_site_has_one_line_with_its_last_state(
    changes: Sequence[tuple[str, str, str, str | None]],
) -> None:
    said = digest(alerts(*changes))
    last = {site: state for site, _, state, _ in changes}
    words = {"red": "is red", "warn": "has a warning", "ok": "is well again"}
    lines = said.body.split("\n")
    assert len(lines) == len(last)
    for site, state in last.items():
        assert sum(line.startswith(f"{site} {words[state]}") for line in lines) == 1
    assert said.worst in last.values()
    assert "\n" not in said.title
