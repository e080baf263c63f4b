"""What of an address cannot be right is one clear page."""

from pathlib import Path

import pytest

from tests.databases import KINDS, SERVERS, AtHead, server
from tests.support.look_server import LookServer, look_server

HUGE = str(1 << 70)


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/?page=0", 400, "page=0: write a number from 1"),
        ("/?page=x", 400, "page=x: write a number from 1"),
        (f"/?page={HUGE}", 400, "write a number from 1"),
        (f"/?page={'9' * 5000}", 400, "write a number from 1"),
        (f"/cluster/{'9' * 5000}", 404, "there is no number 9999"),
        ("/cluster/x", 404, "there is no number x in"),
        (f"/site/site-1?before={'9' * 5000}", 400, "write the number of an article"),
        (f"/cluster/{HUGE}", 404, f"there is no number {HUGE}"),
        (f"/article/{HUGE}", 404, f"there is no number {HUGE}"),
        ("/site/site-l", 404, "did you mean &#39;site-"),
        ("/site/%3Cscript%3E", 404, "no run of a site &#39;&lt;script&gt;&#39; yet"),
        ("/site/site-1?days=31", 400, "days=31: write 30 or 90"),
    ],
)
def test_a_wrong_word_is_said(filled: LookServer, path: str, status: int, said: str) -> None:
    answer = filled.get(path)
    assert answer.status == status
    assert said in answer.text


def test_a_page_past_the_end_is_empty_and_no_fault(filled: LookServer) -> None:
    assert filled.get("/?page=900000").status == 200


ODD = "%00%01%EF%BF%BF%C3%28%ED%A0%80"  # a NUL, no character, no UTF-8, half of a surrogate


@pytest.mark.parametrize("kind", KINDS)
def test_characters_that_databases_refuse_are_no_fault(
    kind: str, at_head: AtHead, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    paths = (f"/?q={ODD}", f"/search?q={ODD}", f"/search?q=https://a.test/{ODD}", f"/site/{ODD}")
    if kind in SERVERS:
        with server(kind):
            pass
    with at_head.database(kind, tmp_path) as url, look_server(url, tmp_path) as served:
        statuses = [served.get(path).status for path in paths]
    assert statuses == [200, 200, 200, 404]
    assert caplog.records == []
