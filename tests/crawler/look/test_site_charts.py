"""The charts of a site at their addresses."""

import pytest

from crawler.look.charts import MARK
from crawler.look.site_charts import CHARTS, SPANS
from tests.support.look_server import LookServer


@pytest.mark.parametrize("days", SPANS)
@pytest.mark.parametrize("name", [one.name for one in CHARTS])
def test_each_is_a_picture_with_values(filled: LookServer, name: str, days: int) -> None:
    answer = filled.get(f"/site/site-1/charts/{name}.svg?days={days}")
    assert (answer.status, answer.headers["content-type"]) == (200, "image/svg+xml")
    assert answer.text.startswith("<svg")
    assert "nothing in these days" not in answer.text
    assert MARK in answer.text


def test_reasons_of_removal_are_told_apart(filled: LookServer) -> None:
    text = filled.get("/site/site-1/charts/removed.svg").text
    for reason in ("advert", "navigation", "related", "repeated"):
        assert reason in text


def test_another_chart_or_site_is_not_there(filled: LookServer) -> None:
    assert filled.get("/site/site-1/charts/none.svg").status == 404
    assert filled.get("/site/nobody/charts/words.svg").status == 404
