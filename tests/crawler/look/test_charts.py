"""Charts: what they name, and that a picture needs nothing else."""

from datetime import date, timedelta

import pytest
from lxml import etree

from crawler.look.charts import MARK, Form, chart

DAYS = [date(2026, 11, 1) + timedelta(days=n) for n in range(30)]
SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in etree.fromstring(svg.encode()).iter(f"{SVG}text")]


@pytest.mark.parametrize("form", ["bars", "stacked", "lines"])
def test_a_chart_is_one_picture_without_scripts_and_requests(form: Form) -> None:
    svg = chart(form, DAYS, {"stored": [float(n) for n in range(30)], "errors": [None] * 30})
    root = etree.fromstring(svg.encode())
    assert root.tag == f"{SVG}svg"
    assert not list(root.iter(f"{SVG}script"))
    assert "href=" not in svg
    assert "://" not in svg.replace("http://www.w3.org/", "")
    assert "@media (prefers-color-scheme:dark)" in svg


def test_the_last_day_and_marked_days_are_named() -> None:
    named = texts(chart("bars", DAYS, {"stored": [1.0] * 30}, [DAYS[4]]))
    assert f"11-05{MARK}" in named
    assert "11-30" in named
    assert not {"11-03", "11-04", "11-05", "11-06"} & set(named)  # the mark has room
    assert "11-29" not in named


def test_series_are_named_if_there_are_several() -> None:
    assert "stored" not in texts(chart("bars", DAYS, {"stored": [1.0] * 30}))
    both = texts(chart("stacked", DAYS, {"stored": [1.0] * 30, "refused": [2.0] * 30}))
    assert {"stored", "refused"} <= set(both)


def test_nothing_is_said_to_be_nothing() -> None:
    assert "nothing in these days" in chart("lines", DAYS, {"median words": [None] * 30})
    assert "nothing in these days" in chart("stacked", DAYS, {})
