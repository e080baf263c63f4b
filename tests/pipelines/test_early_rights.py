"""Which rights a page reserves before it is parsed: as the parsed page says, in any spelling."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.items import Hint, Page
from models.tdm_rules import TdmRule
from pipelines.early_rights import obeyed_right
from pipelines.extraction.tree import parse
from pipelines.metadata.page_metadata import read_metadata
from tests.factories import make_page

BOTH = ("noarchive", "tdm")
ROBOTS = "its robots directives say noarchive"
MINING = "text and data mining is reserved"


def page(head: str, *headers: tuple[str, str]) -> Page:
    body = f"<html><head>{head}</head><body><p>Of the harbour.</p></body></html>"
    return make_page(body=body.encode(), headers=headers)


@pytest.mark.parametrize(
    ("head", "why"),
    [
        ('<meta name="robots" content="index, noarchive">', ROBOTS),
        ("<META CONTENT=noarchive NAME=robots>", ROBOTS),
        ('<meta name="winnow" content="noarchive">', ROBOTS),
        ('<meta name="googlebot" content="noarchive">', None),
        ('<!-- <meta name="robots" content="noarchive"> -->', None),
        ('<meta name="robots" content="all">', None),
        ('<meta name="tdm-reservation" content="1"/>', MINING),
        ('<meta name="tdm-reservation" content="0">', None),
    ],
)
def test_a_meta_is_read_as_it_is_once_parsed(head: str, why: str | None) -> None:
    found = page(head)
    assert obeyed_right(found, BOTH) == why
    said = read_metadata(parse(found.body, "utf-8"), found.final_url, Hint())
    robots = "noarchive" in (said.robots_directives or "").split(", ")
    assert (robots or bool(said.tdm_reservation)) == (why is not None)


def test_only_what_is_obeyed_counts() -> None:
    found = page("", ("X-Robots-Tag", "noarchive"), ("TDM-Reservation", "1"))
    assert obeyed_right(found, ()) is None
    assert obeyed_right(found, ["tdm"]) == MINING
    assert obeyed_right(found, ["noarchive"]) == ROBOTS


def test_the_hosts_file_reserves_what_the_page_does_not_allow() -> None:
    rule = TdmRule("/", True)
    by_file = f"{MINING} by /.well-known/tdmrep.json"
    assert obeyed_right(page(""), ["tdm"], rule) == by_file
    assert obeyed_right(page(""), ["tdm"], TdmRule("/", False)) is None
    assert obeyed_right(page(""), ["noarchive"], rule) is None
    assert obeyed_right(page("", ("TDM-Reservation", "0")), ["tdm"], rule) is None
    assert obeyed_right(page("", ("TDM-Reservation", "1")), ["tdm"], rule) == MINING
    allowed = '<meta name="tdm-reservation" content="0">'
    assert obeyed_right(page(allowed, ("TDM-Reservation", "1")), ["tdm"], rule) is None


@given(st.binary(max_size=300))
def test_no_bytes_make_it_fail(body: bytes) -> None:
    obeyed_right(make_page(body=b"<meta name=robots content=" + body + b">"), BOTH)


@pytest.mark.parametrize(
    "body",
    [
        b"<!--" * (64 << 10),
        (b"<meta " + b"a" * 3_990 + b">") * 64,
        (b"<meta a" + b" " * 3_980 + b"b>") * 64,
        (b"<meta a=" + b" " * 3_980 + b">") * 64,
        (b"<meta " + b"""a='""" * 1_300 + b">") * 64,
    ],
)
def test_hostile_heads_cost_milliseconds(body: bytes) -> None:
    begin = process_time()
    obeyed_right(make_page(body=body), BOTH)
    assert process_time() - begin < 1
