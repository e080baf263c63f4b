"""What of an address cannot be right is one clear page."""

import pytest

from tests.support.look_server import LookServer

HUGE = str(1 << 70)


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/?page=0", 400, "page=0: write a number from 1"),
        ("/?page=x", 400, "page=x: write a number from 1"),
        (f"/?page={HUGE}", 400, "write a number from 1"),
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
