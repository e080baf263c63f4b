"""Text is stored as every database takes it, and its words are counted as readers would."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.text import (
    _FORBIDDEN,
    _TO_NORMALISE,
    _WORD,
    clean,
    content_hash,
    count_words,
    is_spaceless,
    one_line,
    paragraphs,
    plain,
    sentences,
    words,
    written_words,
)


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("a\x00b", "ab"),
        ("a\x08\x0b\x0c\x0e\x1f\x7fb", "ab"),
        ("a\x80\x9b31m\x9d\x9f\x85b", "a31m\x85b"),  # a terminal takes \x9b for escape and [
        ("a\tb\nc", "a\tb\nc"),
        ("a\r\nb", "a\nb"),
        ("a\rb", "a\rb"),
        ("\ud800x\udfff", "x"),
        ("\ufffe\uffff\ufffd", "\ufffd"),
        ("e\u0301", "é"),
        ("🦉", "🦉"),
    ],
)
def test_what_no_database_takes_is_left_out(raw: str, kept: str) -> None:
    assert clean(raw) == kept


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("Ge\u00admein\u00adde\u00adrat", "Gemeinderat"),  # soft hyphens
        ("Го\u00adлос\u200bование", "Голосование"),  # a zero-width space too
        ("\ufeff東京\u2060都", "東京都"),  # a byte order mark, a word joiner
        ("ประ\u200bชุม", "ประชุม"),
        ("القاهرة\u200f الكبرى\u200e", "القاهرة الكبرى"),  # direction marks
        ("\u2067שלום\u2069 \u202bעולם\u202c", "שלום עולם"),  # isolates and embeddings
        ("10\u202f000\u00a0€", "10 000 €"),
        ("広島\u3000長崎\u2003平和", "広島 長崎 平和"),
        ("\ufff9漢字\ufffaかんじ\ufffb", "漢字かんじ"),
        ("Auf\u200clage und Auf\u200dlage", "Auflage und Auflage"),  # joiners that join nothing
        ("e\u00ad\u0301", "é"),
        ("plain", "plain"),
    ],
)
def test_a_search_for_the_word_finds_it(raw: str, found: str) -> None:
    assert plain(raw) == found


@pytest.mark.parametrize(
    "text",
    [
        "می\u200cخواهم",  # Persian: prefix and stem
        "PDF\u200cها",  # a Latin word with a Persian ending
        "کتاب\u200cهای",
        "र\u094d\u200dया",  # Marathi: the eyelash ra
        "ক্\u200cষ",  # Bengali: no conjunct
        "ന്\u200d",  # Malayalam: an old chillu at a word's end
        "\u1820\u200d",  # Mongolian
        "👩🏽\u200d🚀 👨\u200d👩\u200d👧 ❤️\u200d🔥 🏴\u200d☠️",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",  # the flag of England
        "1️⃣ ☎️",
    ],
)
def test_joiners_stay_where_they_shape_letters_or_pictures(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("خانه\u200c بزرگ", "خانه بزرگ"),  # at the end of a word it keeps nothing apart
        ("\u200cخانه", "خانه"),
        ("می\u200c\u200cخواهم", "می\u200cخواهم"),
        ("🙂\u200d und", "🙂 und"),
        ("x\U000e0067\U000e007fy", "xy"),
    ],
)
def test_joiners_that_have_no_effect_go(raw: str, kept: str) -> None:
    assert plain(raw) == kept


def test_one_line_has_single_spaces() -> None:
    assert one_line("  a \n\t b\u00a0c\x00 ") == "a b c"


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("a\n\n\n\nb", "a\n\nb"),
        ("a\n \n\t\nb", "a\n\nb"),
        ("  a   b \nc  ", "a b\nc"),
        ("\n\na\n\n", "a"),
        ("", ""),
    ],
)
def test_paragraphs_are_parted_by_one_blank_line(raw: str, kept: str) -> None:
    assert paragraphs(raw) == kept


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The HARBOUR froze.", ["the", "harbour", "froze"]),
        ("Straße STRASSE", ["strasse", "strasse"]),
        ("don't 1,000", ["don", "t", "1", "000"]),
        ("東京で", ["東", "京", "で"]),
        ("Tokyo東京", ["tokyo", "東", "京"]),
        ("กข", ["ก", "ข"]),
        ("", []),
        ("… —", []),
    ],
)
def test_words_are_folded_and_scripts_without_spaces_count_by_character(
    text: str, found: list[str]
) -> None:
    assert words(text) == found
    assert count_words(text) == len(found)


@given(st.text() | st.text(st.characters(max_codepoint=0x2100)))
@example("Straße, µ and ÉTÉ")
@example("“Don’t” — naïve²_½ … İstanbul")
def test_words_are_those_that_a_search_finds(text: str) -> None:
    assert words(text) == _WORD.findall(text.casefold())


def test_what_is_printable_is_seen_and_every_database_takes_it() -> None:
    printable = [char for char in map(chr, range(0x110000)) if char.isprintable()]
    assert [char for char in printable if _TO_NORMALISE.match(char)] == ["\u034f"]
    assert not any(map(_FORBIDDEN.match, printable))
    assert plain("naïve\u034f") == "naïve"


def test_scripts_without_spaces() -> None:
    assert [char for char in "aяع한क北かカกမខ1。" if is_spaceless(char)] == list("北かカกမខ")


def test_written_words_keep_their_case_and_marks_and_symbols_count() -> None:
    assert written_words("क्या की का? “Don’t” 5 < 7 €3 | x") == [
        "क्या", "की", "का", "Dont", "5", "<", "7", "€", "3", "x",
    ]  # fmt: skip
    assert written_words("無罪だ soft\u00adly") == ["無", "罪", "だ", "softly"]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("The boat left. “Nobody waved.” It rained!", 3),
        ("Лодка ушла. Никто не махал?", 2),
        ("غادر المركب. هل لوح أحد؟ لا.", 3),
        ("नाव चली गई। किसी ने हाथ नहीं हिलाया।", 2),
        ("船は出た。「誰もいない。」雨だった。", 3),
        ("No full stop", 1),
        ("Version 3.1 costs 2.50", 1),
        ("", 0),
    ],
)
def test_sentences_end_with_the_full_stop_of_their_script(text: str, count: int) -> None:
    found = sentences(text)
    assert len(found) == count
    assert words(" ".join(found)) == words(text)


def test_a_hash_is_of_the_whole_text() -> None:
    assert content_hash("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert content_hash("a") != content_hash("a ")


@given(st.text())
def test_clean_text_is_nfc_and_stays_as_it_is(text: str) -> None:
    cleaned = clean(text)
    assert unicodedata.is_normalized("NFC", cleaned)
    assert clean(cleaned) == cleaned
    cleaned.encode()  # no lone surrogate is left


_UNSEEN = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u202f\U000e0067\U000e007f"
_AROUND = "aé\u0301میर्\u0930\u094d🏴👩東 \n."


@given(st.text(st.sampled_from(_UNSEEN + _AROUND) | st.characters()))
def test_plain_text_stays_as_it_is_and_what_is_seen_is_left(text: str) -> None:
    made = plain(text)
    assert plain(made) == made == clean(made)
    assert not set(made) & set("\u00ad\u200b\u200e\u200f\u2060\ufeff\u202f")
    seen = "".join(set(clean(text)) & set("a東."))
    assert set(seen) <= set(made)


@given(st.text())
def test_paragraphs_are_never_further_apart_than_one_blank_line(text: str) -> None:
    assert "\n\n\n" not in paragraphs(text)
    assert paragraphs(text) == paragraphs(text).strip()
