"""What a page and its headers tell robots and miners, in the spellings that sites write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.items import Metadata
from models.tdm_rules import TdmRule
from pipelines.metadata.rights import (
    MOST,
    Rights,
    declared_rights,
    header_rights,
    strictest,
    with_file,
    with_headers,
)

URL = "https://example.test/news/1"


def tagged(*values: str) -> str | None:
    return header_rights([("X-Robots-Tag", value) for value in values], URL).robots_directives


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("noarchive", "noarchive"),
        ("NOARCHIVE , NoSnippet", "noarchive, nosnippet"),
        ("index, follow, all", None),
        ("max-snippet: 20, noai", "max-snippet:20, noai"),
        ("googlebot: noarchive, nosnippet", "googlebot:noarchive, googlebot:nosnippet"),
        ("winnow: noarchive, otherbot: noindex", "noarchive, otherbot:noindex"),
        (
            "unavailable_after: 25 Jun 2030 15:00:00 PST",
            "unavailable_after:25 jun 2030 15:00:00 pst",
        ),
        ("<script>, ,;", None),
    ],
)
def test_a_header_is_read_by_whom_it_is_for(value: str, found: str | None) -> None:
    assert tagged(value) == found


def test_several_headers_are_one_list() -> None:
    assert tagged("noai", "noarchive") == "noai, noarchive"


def test_metas_of_all_robots_and_ours_count_and_googles_stand_with_its_name() -> None:
    metas = {"robots": ["noindex"], "googlebot": ["noarchive"], "winnow": ["nosnippet"]}
    assert (
        declared_rights(metas, URL).robots_directives == "googlebot:noarchive, noindex, nosnippet"
    )


@pytest.mark.parametrize(
    ("said", "found"), [("1", True), (" 0 ", False), ("2", None), ("yes", None)]
)
def test_a_reservation_is_1_or_0(said: str, found: bool | None) -> None:
    assert declared_rights({"tdmreservation": [said]}, URL).tdm_reservation is found
    assert header_rights([("TDM-Reservation", said)], URL).tdm_reservation is found


def test_what_the_page_reserves_goes_before_its_headers() -> None:
    headers = [("tdm-reservation", "1"), ("tdm-policy", "/policy.json"), ("x-robots-tag", "noai")]
    policy = "https://example.test/policy.json"
    by_headers = with_headers(Metadata(robots_directives="noarchive"), headers, URL)
    assert Rights(
        by_headers.robots_directives, by_headers.tdm_reservation, by_headers.tdm_policy
    ) == (Rights("noai, noarchive", True, policy))
    by_page = with_headers(Metadata(tdm_reservation=False), headers, URL)
    assert (by_page.tdm_reservation, by_page.tdm_policy) == (False, None)
    said_nothing = Metadata()
    assert with_headers(said_nothing, [("Server", "x")], URL) is said_nothing


@given(st.lists(st.text(max_size=3_000), max_size=3))
def test_no_header_makes_it_fail_or_grow(values: list[str]) -> None:
    found = tagged(*values)
    assert found is None or 0 < len(found) <= MOST


def test_the_hosts_file_says_what_page_and_headers_do_not() -> None:
    rule = TdmRule("/", True, "https://example.test/policy.json")
    by_file = with_file(Metadata(sources={"title": "meta"}), rule)
    assert (by_file.tdm_reservation, by_file.tdm_policy) == (True, rule.policy)
    assert by_file.sources == {"title": "meta", "tdm_reservation": "file"}
    with_policy = with_file(Metadata(tdm_policy="https://example.test/own"), rule)
    assert with_policy.tdm_policy == "https://example.test/own"
    by_header = with_headers(Metadata(), [("tdm-reservation", "0")], URL)
    assert by_header.sources == {"tdm_reservation": "header"}
    assert with_file(by_header, rule) is by_header
    nothing = Metadata()
    assert with_file(nothing, None) is nothing


def said(reserved: bool | None, robots: str | None = None, policy: str | None = None) -> Metadata:
    sources = {"title": "meta"} | ({} if reserved is None else {"tdm_reservation": f"{reserved}"})
    return Metadata(
        robots_directives=robots, tdm_reservation=reserved, tdm_policy=policy, sources=sources
    )


@pytest.mark.parametrize(
    ("first", "others", "reserved", "policy"),
    [
        (False, [True, None], True, "1"),
        (True, [True, False], True, "0"),
        (None, [False, True], True, "2"),
        (False, [False], False, "0"),
        (False, [None], None, "1"),
        (None, [False], None, "0"),
    ],
)
def test_of_a_storys_pages_the_strictest_holds(
    first: bool | None, others: list[bool | None], reserved: bool | None, policy: str
) -> None:
    pages = [said(one, policy=str(number)) for number, one in enumerate([first, *others])]
    whole = strictest(pages[0], pages[1:])
    assert (whole.tdm_reservation, whole.tdm_policy) == (reserved, policy)
    source = {} if reserved is None else {"tdm_reservation": str(reserved)}
    assert whole.sources == {"title": "meta"} | source


def test_a_story_has_the_directives_of_all_its_pages() -> None:
    pages = [said(None, "noai"), said(None, "noarchive, nosnippet"), said(None)]
    assert strictest(pages[2], pages[:2]).robots_directives == "noai, noarchive, nosnippet"
    assert strictest(pages[2], []) == pages[2]
