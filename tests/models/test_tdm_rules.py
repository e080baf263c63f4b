"""tdmrep.json as W3C's TDMRep has it: which rule holds for a page, and what is no rule."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.tdm_rules import (
    MOST_RULES,
    WELL_KNOWN,
    TdmFile,
    TdmFiles,
    TdmRule,
    first_match,
    origin,
    read_rules,
)
from tests.factories import NOW

URL = "https://news.test" + WELL_KNOWN


def rules(*said: Any) -> tuple[TdmRule, ...]:
    return read_rules(json.dumps(said).encode(), URL).rules


def rule(location: str, reserved: Any = 1, **more: Any) -> dict[str, Any]:
    return {"location": location, "tdm-reservation": reserved, **more}


@pytest.mark.parametrize(
    ("location", "path", "matches"),
    [
        ("/", "/news/1", True),
        ("/", "", True),
        ("/news", "/newsroom", True),
        ("/news/", "/news", False),
        ("/News", "/news", False),
        ("/*.jpg", "/a/b.jpg?w=3", True),
        ("/*.jpg$", "/a/b.jpg?w=3", False),
        ("/*.jpg$", "/a/b.jpg.jpg", True),
        ("*.html$", "/a.html", True),
        ("*", "/", True),
        ("/a*b*c$", "/axbxbxc", True),
        ("/a*b*c$", "/axbxcx", False),
        ("/a*bc*c$", "/abc", False),
        ("/a*a$", "/a", False),
        ("/a$", "/a", True),
        ("/a$", "/ab", False),
        ("/a$b", "/a$bc", True),
        ("/path/foo-%24", "/path/foo-$", True),
        ("/foo-%2a", "/foo-*bar", True),
        ("/foo-%2A", "/foo-x", False),
        ("/%7Ejoe", "/~joe", True),
        ("/a%2fb", "/a%2Fb", True),
        ("/a%2fb", "/a/b", False),
        ("/grün", "/gr%C3%BCn/1", True),
        ("/gr%c3%bcn", "/grün", True),
        ("/*?id=", "/story?id=5", True),
        ("/story?id=5", "/story?id=6", False),
    ],
)
def test_a_location_is_the_beginning_of_path_and_query(
    location: str, path: str, matches: bool
) -> None:
    found = first_match(rules(rule(location)), "https://news.test" + path)
    assert (found is not None) == matches


def test_the_first_rule_that_matches_holds_and_not_the_longest() -> None:
    said = rules(rule("/open/", 0), rule("/", 1), rule("/open/but/not/this", 1))
    reserved = [
        found.is_reserved
        for path in ("/open/but/not/this", "/open/x", "/x")
        if (found := first_match(said, f"https://news.test{path}"))
    ]
    assert reserved == [False, False, True]
    assert first_match(rules(rule("/a/")), "https://news.test/b") is None


@pytest.mark.parametrize(
    ("said", "policy"),
    [
        ("https://news.test/policy.json", "https://news.test/policy.json"),
        (" /policy.json ", "https://news.test/policy.json"),
        ("", None),
        ("javascript:alert(1)", None),
        ("http://[broken", None),
        (7, None),
        ("/" + "p" * 3_000, None),
    ],
)
def test_a_policy_is_a_web_address_or_none(said: Any, policy: str | None) -> None:
    assert rules(rule("/", **{"tdm-policy": said})) == (TdmRule("/", True, policy),)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("a", "no JSON object"),
        ({"tdm-reservation": 1}, "location is no path"),
        (rule("news/"), "location is no path"),
        ({"location": ["/"], "tdm-reservation": 1}, "location is no path"),
        (rule("/" + "a" * 2_000), "longer than"),
        (rule("/", 2), "neither 0 nor 1"),
        (rule("/", "1"), "neither 0 nor 1"),
        (rule("/", True), "neither 0 nor 1"),
        (rule("/", [1]), "neither 0 nor 1"),
        (rule("/", 1.0), "neither 0 nor 1"),
        ({"location": "/"}, "neither 0 nor 1"),
    ],
)
def test_what_is_no_rule_is_told_and_the_others_hold(said: Any, why: str) -> None:
    found = read_rules(json.dumps([said, rule("/b")]).encode(), URL)
    assert found.rules == (TdmRule("/b", True),)
    (fault,) = found.faults
    assert fault.startswith("rule 1: ") and why in fault


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b" <!doctype html><p>Not found", "HTML"),
        (b"", "no JSON"),
        (b"[", "no JSON"),
        (b"\xff\xfe[", "no JSON"),
        (b'{"location": "/", "tdm-reservation": 1}', "no JSON array"),
        (b"[" * 100_000, "no JSON"),
        (b"[" + b"9" * 10_000 + b"]", "no JSON"),
        (b"null", "no JSON array"),
    ],
)
def test_what_is_no_file_says_why(body: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_rules(body, URL)


def test_a_mark_of_byte_order_is_no_fault_and_only_so_many_rules_are_read() -> None:
    assert read_rules(b"\xef\xbb\xbf[]", URL).rules == ()
    found = read_rules(json.dumps([rule("/")] * (MOST_RULES + 5)).encode(), URL)
    assert len(found.rules) == MOST_RULES
    assert found.faults == (f"only the first {MOST_RULES} of {MOST_RULES + 5} rules are read",)


def test_each_origin_has_its_own_file() -> None:
    assert origin("HTTPS://u:p@News.test:8443/a") == "https://news.test:8443"
    reserved = TdmRule("/a", True)
    files = TdmFiles({"https://news.test": TdmFile(NOW, (reserved,))})
    urls = [f"{host}/a" for host in ("https://news.test", "http://news.test", "https://b.test")]
    assert files.rules_of([*urls, "https://news.test/b"]) == {urls[0]: reserved}


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_location_and_no_path_make_it_fail(location: str, path: str) -> None:
    first_match((TdmRule(f"/{location}", True),), f"https://news.test/{path}")


@given(st.binary(max_size=200))
def test_no_bytes_fail_but_in_words(body: bytes) -> None:
    try:
        read_rules(body, URL)
    except ValueError as wrong:
        assert str(wrong).startswith("it is ")
