"""A file of rules is read line by line; one that is none is refused in one line."""

import pytest

from models.sites.ftr.rules import (
    KNOWN,
    MAX_BYTES,
    Directive,
    RulesBroken,
    host_of_file,
    read_rules,
)
from models.sites.ftr.selectors import _REASONS


def test_lines_are_directives_with_their_numbers() -> None:
    raw = (
        "\ufeff# ours\r\n\r\n  body: //div[@id='a:b']  \r\ntitle://h1\r\nTidy : no\r\n"
        "replace_string(<b>: x): <i>\r\nhttp_header(user-agent): Mozilla/5.0\r\nstrip:\r\nno rule"
    )
    assert read_rules(raw.encode(), "a.txt") == (
        Directive(3, "body: //div[@id='a:b']", "body", "//div[@id='a:b']"),
        Directive(4, "title://h1", "title", "//h1"),
        Directive(5, "Tidy : no", "tidy", "no"),
        Directive(6, "replace_string(<b>: x): <i>", "replace_string", "<i>"),
        Directive(7, "http_header(user-agent): Mozilla/5.0", "http_header", "Mozilla/5.0"),
        Directive(8, "strip:", "strip", ""),
        Directive(9, "no rule"),
    )


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "a.txt: no rule in it"),
        (b"# only comments\n\n", "a.txt: no rule in it"),
        (b"\x00\x01body: //p", "a.txt: no text"),
        ("tidy: no\nbody: //p[@id='\xe9']".encode("latin-1"), "a.txt: line 2: not UTF-8"),
        (b"body: //p\n" * (MAX_BYTES // 10 + 1), "a.txt: more than 1 MB"),
        (b"From: me\nSubject: hello", "line 1: 'From: me' is no directive; write e.g. body"),
    ],
)
def test_what_is_no_file_of_rules_is_refused(raw: bytes, said: str) -> None:
    with pytest.raises(RulesBroken) as wrong:
        read_rules(raw, "a.txt")
    assert said in str(wrong.value)
    assert "\n" not in str(wrong.value)


def test_a_file_is_named_after_a_host() -> None:
    assert host_of_file("Example.com.txt") == "example.com"
    assert host_of_file(".example.co.uk.TXT") == ".example.co.uk"
    for name in ("global.txt", "example.com", "a b.com.txt", "..com.txt", ".txt"):
        with pytest.raises(RulesBroken, match="no site's host"):
            host_of_file(name)


def test_a_directive_that_is_known_has_a_meaning_or_a_reason() -> None:
    carried = {"body", "strip", "strip_id_or_class", "strip_image_src"}
    assert set(_REASONS) <= KNOWN - carried
