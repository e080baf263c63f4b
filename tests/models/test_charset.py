"""Bytes into text: which encoding a page is really in, whatever it says."""

import hashlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.charset import codec_of, decode, decoded, in_utf8, noise

TEXT = "<p>Fähre nach Malmö, für 5 €</p>"
CYRILLIC = "<p>Паром снова ходит через залив после долгой зимы</p>"


@pytest.mark.parametrize(
    ("body", "label"),
    [
        (TEXT.encode(), None),
        (TEXT.encode(), "utf-8"),
        (TEXT.encode(), "iso-8859-1"),  # valid UTF-8 is UTF-8, whatever the header says
        (TEXT.encode("cp1252"), "windows-1252"),
        (TEXT.encode("cp1252"), "latin1"),
        (TEXT.encode("cp1252"), "utf-8"),  # a lie
        (TEXT.encode("cp1252"), None),
        (TEXT.encode("cp1252"), "no-such-charset"),
        (b"\xef\xbb\xbf" + TEXT.encode(), "windows-1251"),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), "utf-8"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), None),
        (TEXT.encode("utf-16-le"), "utf-16"),
    ],
)
def test_a_page_is_read_in_its_encoding(body: bytes, label: str | None) -> None:
    assert decode(body, label) == TEXT


@pytest.mark.parametrize(
    ("label", "codec"),
    [("windows-1251", "cp1251"), ("koi8-r", "koi8-r"), (" ISO-8859-5 ", "iso8859-5")],
)
def test_a_label_is_obeyed_where_the_page_is_not_utf_8(label: str, codec: str) -> None:
    assert decode(CYRILLIC.encode(codec), label) == CYRILLIC


def test_a_meta_is_read_where_the_header_says_nothing() -> None:
    page = '<meta charset="windows-1251">' + CYRILLIC
    assert decode(page.encode("cp1251"), None) == page
    older = '<meta http-equiv=Content-Type content="text/html; charset=koi8-r">' + CYRILLIC
    assert decode(older.encode("koi8-r"), None) == older


def test_a_meta_that_can_be_read_is_not_in_utf_16() -> None:
    page = '<meta charset="utf-16">' + TEXT
    assert decode(page.encode(), None) == page


@given(st.binary(max_size=200), st.sampled_from([None, "utf-8", "utf-16", "iso-2022-jp", "big5"]))
@example(TEXT.encode(), None)
@example(("é" * 70_000).encode(), None)  # a character stands across two of the pieces
@example(b"a" + ("é" * 70_000).encode(), None)
@example(b"\xef\xbb\xbf" + TEXT.encode(), None)
@example(TEXT.encode() + b"\xe2\x82", None)
@example("<p>夜間フェリー</p>".encode("iso2022-jp"), None)
def test_in_utf_8_says_what_decoded_says(body: bytes, label: str | None) -> None:
    text, is_sure = decoded(body, label)
    assert in_utf8(body, label) == (text.encode("utf-8", "replace"), is_sure)


def test_iso_2022_jp_is_believed_though_its_bytes_are_ascii() -> None:
    page = "<p>夜間フェリー</p>"
    assert decode(page.encode("iso2022-jp"), "iso-2022-jp") == page


@pytest.mark.parametrize("codec", ["punycode", "unicode_escape", "idna", "utf-7", "rot13"])
def test_python_s_own_codecs_are_not_obeyed(codec: str) -> None:
    assert decode(b"a\\u0041-+AGE-", codec) == "a\\u0041-+AGE-"


@given(st.binary(max_size=200), st.none() | st.text(max_size=20))
def test_any_bytes_under_any_label_are_text(body: bytes, label: str | None) -> None:
    assert isinstance(decode(body, label), str)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1))
def test_utf_8_without_a_label_comes_back_whole(text: str) -> None:
    if not text.startswith("\ufeff") and "charset" not in text:
        assert decode(text.encode(), None) == text


WIDE = ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]
JAPANESE = "<html><body><p>日本語の文章です。これは長い。</p></body></html>" * 40


@pytest.mark.parametrize("codec", WIDE)
@pytest.mark.parametrize("text", [TEXT * 40, JAPANESE])
def test_wide_text_is_read_with_and_without_a_mark(codec: str, text: str) -> None:
    assert decode(text.encode(codec), None) == text


@pytest.mark.parametrize("codec", [*WIDE, "utf-8", "iso-2022-jp", "euc-jp", "shift_jis"])
@pytest.mark.parametrize("times", [1, 100])
def test_text_has_no_noise_in_any_encoding(codec: str, times: int) -> None:
    assert noise((JAPANESE * times).encode(codec), None) < 0.001


@pytest.mark.parametrize("label", [None, "utf-8", "windows-1251", "gb18030", "shift_jis"])
@pytest.mark.parametrize("head", [b"", b"<html><p>" * 500, b"\xff\xfe"])
def test_binary_data_is_noisy_whatever_it_is_said_to_be(label: str | None, head: bytes) -> None:
    data = b"".join(hashlib.sha256(b"%d" % n).digest() for n in range(4000))
    assert noise(head + data, label) > 0.03
    assert noise(b"", label) == 0.0


def test_a_label_that_is_not_ascii_is_none() -> None:
    assert codec_of("utf-8\ud800") is None
    assert codec_of("utf-8\u212a") is None
