"""Text as terms: case, accents, scripts without spaces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.articles.search_terms import LONGEST, MOST_CHARACTERS, folded, pieces, terms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Harbour FROZEN", ["harbour", "frozen"]),
        ("well-known, it's 3.5 %", ["well", "known", "it", "s", "3", "5"]),
        ("snake_case\tx\n\ny", ["snake", "case", "x", "y"]),
        ("Ökonomie der Häfen", ["okonomie", "der", "hafen"]),
        ("Straße Łódź Ærø Kılıç", ["strasse", "lodz", "aero", "kilic"]),
        ("ΆΝΕΜΟΣ ὁ λόγος", ["ανεμοσ", "ο", "λογοσ"]),
        ("Йод ёлка за́мок", ["йод", "ёлка", "замок"]),  # their letters, and no stress
        ("مُحَمَّد كـتاب", ["محمد", "كتاب"]),
        ("می‌خواهم", ["میخواهم"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("ＦＵＬＬ ﬁne ①", ["full", "fine", "1"]),
        ("東京都", ["東京", "京都", "都"]),
        ("AI技術が2024年", ["ai", "技術", "術が", "が", "2024", "年"]),
        ("ｶﾞﾗｽ", ["ガラ", "ラス", "ス"]),
        ("สวัสดี", ["สวั", "วัส", "สดี", "ดี"]),
        ("한국은행", ["한국", "국은", "은행", "행"]),
        ("ພາສາ", ["ພາ", "າສ", "ສາ", "າ"]),
        ("ភាសា", ["ភាសា", "សា"]),
        ("မြန်မာ", ["မြန်", "န်မာ", "မာ"]),
        ("👍🏽 #️⃣ ♥ …", []),
        ("\x00'\"*-", []),
    ],
)
def test_terms_of_a_text(text: str, expected: list[str]) -> None:
    assert terms(None, text) == expected


def test_the_title_comes_first_and_long_words_are_cut() -> None:
    assert terms("One", "two") == ["one", "two"]
    assert terms(None, "x" * 500) == ["x" * LONGEST]
    assert len(terms(None, "ab " * MOST_CHARACTERS)) == -(-MOST_CHARACTERS // 3)


@given(st.text())
def test_terms_have_letters_marks_and_digits_only(text: str) -> None:
    for term in terms(text, text):
        assert len(term) > 0
        assert not set("'\"\\*()&|!<>:+-~@_ \0") & set(term)


@given(st.text())
def test_ascii_reads_the_same_among_other_letters(text: str) -> None:
    ascii_text = text.encode("ascii", "ignore").decode()
    assert folded(ascii_text) == folded(f"{ascii_text} é")[:-2]
    assert pieces(f"{text} {text}") == pieces(text) * 2
