"""Bytes into a tree: charsets that lie, and input made to be slow."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.charset import codec_of, decode
from models.errors import ExtractionFailed
from pipelines.extraction.tree import parse


def text_of(body: bytes, charset: str | None = None) -> str:
    return " ".join(" ".join(parse(body, charset).itertext()).split())


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n", "image"),
        (b'{"a": 1}', "no tags"),
        (b"<?xml version='1.0'?><rss><channel/></rss>", "XML"),
    ],
)
def test_what_is_no_page_is_refused_with_its_reason(body: bytes, reason: str) -> None:
    with pytest.raises(ExtractionFailed, match=reason):
        parse(body, None)


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        ("<p>Grüße aus Köln</p>".encode(), "iso-8859-1"),
        ("<p>Grüße aus Köln</p>".encode("cp1252"), "utf-8"),
        ("<p>Grüße aus Köln</p>".encode("cp1252"), None),
        (b"\xef\xbb\xbf" + "<p>Grüße aus Köln</p>".encode(), "windows-1251"),
        ("<meta charset=windows-1252><p>Grüße aus Köln</p>".encode("cp1252"), None),
        ("<p>Grüße aus Köln</p>".encode("utf-16"), None),
    ],
)
def test_a_lying_charset_does_not_lose_the_page(body: bytes, charset: str | None) -> None:
    assert text_of(body, charset) == "Grüße aus Köln"


def test_other_scripts_are_read_by_their_label() -> None:
    assert text_of("<p>Новости дня</p>".encode("koi8-r"), "KOI8-R") == "Новости дня"
    assert text_of("<p>東京の記事</p>".encode("shift_jis"), "Shift_JIS") == "東京の記事"


@pytest.mark.parametrize("label", ["punycode", "unicode_escape", "hex", "zlib", "undefined", "x"])
def test_python_codecs_that_are_no_web_encodings_are_not_obeyed(label: str) -> None:
    assert codec_of(label) is None
    assert decode(b"<p>\\x3cscript\\x3e</p>", label) == "<p>\\x3cscript\\x3e</p>"


@pytest.mark.parametrize("bad", ["&#7;", "&#27;", "&#x1;", "&#xD800;", "&#55296;", "\x07", "\x00"])
def test_control_characters_and_their_references_do_not_cut_the_text(bad: str) -> None:
    assert text_of(f"<p>before {bad}after</p>".encode()) == "before after"


@pytest.mark.parametrize("good", ["&#233;", "&#xe9;", "&#39;", "&#x27;", "&#10;", "&#70;"])
def test_other_references_stay(good: str) -> None:
    assert text_of(f"<p>a{good}b</p>".encode()) not in {"ab", "a b b"} or good == "&#10;"


def test_a_tag_of_very_many_attributes_costs_no_time() -> None:
    bombs = [
        " ".join(f"a{i}" for i in range(100_000)),
        " ".join(f'a{i}=">"' for i in range(100_000)),
    ]
    for bomb in bombs:
        start = time.process_time()
        assert "the text" in text_of(f"<div {bomb}><p>the text</p></div>".encode())
        assert time.process_time() - start < 5


def test_a_page_without_body_tags_has_a_body() -> None:
    tree = parse(b"<meta charset=utf-8><title>T</title><main><p>The text</p></main>", None)
    assert [element.tag for element in tree.find("body")] == ["main"]
    assert tree.findtext("head/title") == "T"
    assert tree.find("head/main") is None


def test_spans_of_cells_are_clamped() -> None:
    tree = parse(b"<table><tr><td colspan=1000 rowspan=x>a<td colspan=2>b</table>", None)
    cells = [(cell.get("colspan"), cell.get("rowspan")) for cell in tree.iter("td")]
    assert cells == [("50", "1"), ("2", None)]


@given(st.binary(max_size=300), st.sampled_from([None, "utf-8", "utf-16", "big5", "x"]))
def test_any_bytes_become_a_tree_or_a_reason(body: bytes, charset: str | None) -> None:
    try:
        parse(b"<p>" + body, charset)
    except ExtractionFailed as failed:
        assert str(failed)
