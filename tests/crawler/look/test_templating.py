"""Numbers and times in words."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from jinja2 import UndefinedError

from crawler.look.templating import environment, exact, number, percent, relative

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=20), "now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(hours=5, minutes=59), "5 hours ago"),
        (timedelta(days=40), "1 month ago"),
        (timedelta(days=800), "2 years ago"),
        (-timedelta(days=2), "in 2 days"),
        (-timedelta(seconds=59), "now"),
    ],
)
def test_times_as_people_say_them(ago: timedelta, words: str) -> None:
    assert relative(NOW - ago, NOW) == words


def test_times_are_utc_whatever_their_zone() -> None:
    assert exact(NOW.astimezone(timezone(timedelta(hours=5)))) == "2026-11-27 12:00:00 UTC"


def test_numbers_have_groups_and_one_decimal_at_most() -> None:
    assert [number(n) for n in (0, 1234567, 1234.56, 2.0)] == ["0", "1,234,567", "1,234.6", "2"]
    assert [percent(share) for share in (0.0, 0.126, 1)] == ["0 %", "13 %", "100 %"]


def test_nothing_is_said_of_none() -> None:
    assert (number(None), percent(None), exact(None), relative(None)) == ("", "", "", "")


def test_what_a_site_says_is_escaped_and_a_wrong_name_is_a_fault() -> None:
    made = environment().from_string("{{ said }}{{ missing }}")
    with pytest.raises(UndefinedError):
        made.render(said="x")
    shown = environment().from_string("{{ said }}").render(said="<b>&\"'</b>")
    assert shown == "&lt;b&gt;&amp;&#34;&#39;&lt;/b&gt;"
