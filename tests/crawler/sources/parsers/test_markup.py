"""A stranger's HTML as a tree, in whatever encoding it says, or none."""

import pytest

from crawler.sources.parsers.links import SourceBroken
from crawler.sources.parsers.markup import parse_html


def text_of(body: bytes, charset: str | None = None) -> str:
    return "".join(parse_html(body, charset).itertext()).strip()


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        ("<p>fähre".encode(), None),
        ("<p>fähre".encode("latin-1"), "iso-8859-1"),
        ('<meta charset="windows-1252"><p>fähre'.encode("cp1252"), None),
        (b"\xef\xbb\xbf" + "<p>fähre".encode(), "iso-8859-1"),
        (b"\xff\xfe" + "<p>fähre".encode("utf-16-le"), None),
        ("<p>fähre".encode(), "no-such-charset"),
        ("<p>fähre".encode(), "punycode"),
        ("<p>fähre".encode(), "unicode_escape"),
        ("<p>f\x00ähre".encode(), None),
    ],
)
def test_text_is_read_in_its_encoding(body: bytes, charset: str | None) -> None:
    assert text_of(body, charset) == "fähre"


def test_comments_and_instructions_are_no_markup() -> None:
    root = parse_html(b"<?xml version='1.0'?><!-- <p>no --><p>yes")
    assert ["".join(p.itertext()) for p in root.iter("p")] == ["yes"]


@pytest.mark.parametrize("body", [b"", b" ", b"\x00", b"<!-- -->"])
def test_what_has_no_markup_is_broken(body: bytes) -> None:
    with pytest.raises(SourceBroken):
        parse_html(body)
