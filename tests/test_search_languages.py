"""Search in every script, on each database: each part of a text is found, nothing is an error."""

import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.articles import search_index, search_newest
from models.articles.search import by_words
from models.articles.search_query import parse
from models.articles.search_terms import characters, is_unspaced, pieces
from models.db.database import Database
from models.errors import UsageError
from tests.factories import store_text
from tests.support.desk import wait_for

TEXTS = {
    "english": "The council's well-known ferry is on time. It's 3.5 km to the harbour, www etc.",
    "german": "Die Straße nach Łódź führt über Ærø. Niemand weiß es.",
    "chinese": "昨日東京都發布了新的人工智慧技術，𠮷野家宣布停業。",
    "japanese": "東京スカイツリーは2024年に一般公開された。カラオケも。",
    "thai": "สวัสดีครับ นายกรัฐมนตรีไทยเดินทางไปกรุงเทพมหานคร",
    "lao": "ພາສາລາວ ແລະ ປະເທດລາວ",
    "khmer": "ភាសាខ្មែរ និងប្រទេសកម្ពុជា",
    "burmese": "မြန်မာဘာသာ ရန်ကုန်မြို့",
    "korean": "한국은행은 서울에서 금리를 올렸다",
    "arabic": "أعلنَت الحكومةُ في القاهرة عن مشروعٍ جديد",
    "russian": "В Москве ёлку поставили у Кремля; йогурт",
    "hindi": "दिल्ली में हिन्दी समाचार",
    "hebrew": "שָׁלוֹם ירושלים",
    "persian": "می‌خواهم کتاب بخوانم",
    "greek": "Ο πρωθυπουργός στην Αθήνα",
    "rare": "𞤀𞤣𞤤𞤢𞤥 𐐨𐐩𐐪𐐫 ⴰⵎⴰⵣⵉⵖ ༄༅།བོད་ཡིག ᏣᎳᎩ ԕԗ",
}


@pytest.fixture(autouse=True, params=["by the index", "one by one"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Frequent words are found among the newest articles, one by one: here that is all of them."""
    if request.param == "by the index":
        monkeypatch.setattr(search_newest, "NEWEST", 0)


@pytest.fixture
def languages(database: Database) -> dict[str, int]:
    with database.transaction() as conn:
        return {
            name: store_text(conn, n, None, text) for n, (name, text) in enumerate(TEXTS.items())
        }


def found(database: Database, typed: str) -> tuple[int, ...]:
    with database.reading() as conn:
        return by_words(conn, parse(typed), 50).article_ids


def is_found(database: Database, typed: str, number: int) -> None:
    """MariaDB may miss an article while it moves the words of a long one out of its memory."""
    wait_for(lambda: found(database, typed) == (number,), 20)


def test_words_of_each_language_are_found(database: Database, languages: dict[str, int]) -> None:
    asked = {
        "english": ["the", "IS", "on", "www", "council's", "well-known", '"ferry is on"', "3.5",
                    "harb*", "s", "it's", "t* km -boat", "fer* -bel*", '"on ti"*',
                    'km -"ferry in"'],
        "german": ["strasse", "STRASSE", "lodz", "über", "uber", "aero", '"nach lodz"', "weiß"],
        "chinese": ["東京", "京", "東京都", "人工智慧", "𠮷野家", "𠮷", "停業", "業", "東",
                    "智慧技術"],
        "japanese": ["スカイツリー", "東京スカイツリー", "2024年", "公開", "ｶﾗｵｹ", "た", "ツ"],
        "thai": ["สวัสดี", "นายกรัฐมนตรี", "กรุงเทพ", "ไทย", "ร", "กรุงเทพมหานคร"],
        "lao": ["ພາສາ", "ລາວ", "ປະເທດ"],
        "khmer": ["ភាសា", "ខ្មែរ", "កម្ពុជា"],
        "burmese": ["မြန်မာ", "ရန်ကုန်", "ဘာသာ"],
        "korean": ["한국은행", "한국", "서울", "금리", "금"],
        "arabic": ["أعلنت", "الحكومة", "القاهرة", "مشروع جديد"],
        "russian": ["москве", "МОСКВЕ", "ёлку", "йогурт"],
        "hindi": ["दिल्ली", "हिन्दी समाचार", "हि*"],
        "hebrew": ["שלום", "ירושלים"],
        "persian": ["می‌خواهم", "میخواهم", "کتاب"],
        "greek": ["ΠΡΩΘΥΠΟΥΡΓΟΣ", "αθηνα"],
        "rare": ["𞤀𞤣𞤤𞤢𞤥", "𐐨𐐩*", "ⴰⵎⴰⵣⵉⵖ", "བོད", "ᏣᎳᎩ", "ꮳꮃꭹ", "ԕԗ"],
    }  # fmt: skip
    missed = {
        (name, typed)
        for name, questions in asked.items()
        for typed in questions
        if found(database, typed)[-1:] != (languages[name],)
    }
    assert missed == set()


@pytest.mark.parametrize(
    "typed",
    ['"is ferry"', '"on it"', "harbou", "京東", "東京技術", "業停", "ครับสวัสดี", "은한국",
     "council -ferry", 'council -"well known"', "council -harb*", 'council -"is on ti"*',
     "東京 -技術 -ツ", "ΑΘΗΝ", "елку"],
)  # fmt: skip
def test_what_no_article_says_is_not_found(
    database: Database, languages: dict[str, int], typed: str
) -> None:
    assert languages
    assert found(database, typed) == ()


def test_mariadb_does_not_know_the_end_of_a_phrase_that_is_a_beginning(
    database: Database, languages: dict[str, int]
) -> None:
    """As docs/reading.md says: there the beginning may stand anywhere in the article."""
    expected = (languages["english"],) if database.dialect == "mysql" else ()
    assert found(database, '"ferry is ti"*') == expected


SPACED = st.text("abcéßłжшλעشहि𐐨𞤀1٣", min_size=1, max_size=6)
UNSPACED = st.text("東京都𠮷かナーไท\u0e31ยລ\u0eb1ကမ\u103cခ\u17d2한글", min_size=1, max_size=8)
ANYTHING = st.text(
    st.one_of(st.characters(), st.sampled_from("\"'-*+()<>~@:&|!\\\0 \n👍｢％東a")), max_size=40
)


@pytest.fixture
def one(database: Database) -> tuple[Database, int]:
    with database.transaction() as conn:
        return database, store_text(conn, 1, None)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_part_of_a_text_is_found(one: tuple[Database, int], data: st.DataObject) -> None:
    database, number = one
    words = data.draw(st.lists(st.one_of(SPACED, UNSPACED), min_size=1, max_size=12))
    text = data.draw(st.sampled_from([" ", ", ", "\n\n", "。"])).join(words)
    start = data.draw(st.integers(0, len(words) - 1))
    part = words[start : data.draw(st.integers(start + 1, len(words)))]
    first, last = pieces(part[0]), pieces(part[-1])
    if first and is_unspaced(first[0]) and len(part) > 1:
        letters = characters(first[0])
        part[0] = "".join(letters[data.draw(st.integers(0, len(letters) - 1)) :])
    if last and is_unspaced(last[-1]) and len(part) > 1:
        letters = characters(last[-1])
        part[-1] = "".join(letters[: data.draw(st.integers(1, len(letters)))])
    typed = f'"{" ".join(part)}"'
    with database.transaction() as conn:
        search_index.put(conn, number, None, text)
    try:
        assert found(database, typed) == (number,), (text, typed)
    except UsageError:
        assert pieces(typed) == []


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=ANYTHING, typed=ANYTHING)
def test_nothing_is_a_mistake_of_syntax(one: tuple[Database, int], text: str, typed: str) -> None:
    database, number = one
    with database.transaction() as conn:
        search_index.put(conn, number, text, text)
    for question in (typed, f'"{typed}"', f"x -{typed}", f"{typed}*"):
        try:
            found(database, question)
        except UsageError as nothing:
            assert "nothing to search for" in str(nothing)


def test_a_text_far_beyond_what_a_database_keeps_of_places(one: tuple[Database, int]) -> None:
    database, number = one
    letters = string.ascii_lowercase
    rare = [f"{a}{b}{c}{d}" for a in letters for b in letters for c in letters for d in "xyz"][
        :28_000
    ]
    often = "the end " * 400
    with database.transaction() as conn:
        search_index.put(conn, number, None, f"{often} of it {' '.join(rare)}")
    for typed in ('"the end of it"', '"the end the end"', f'"{rare[-3]} {rare[-2]}"', rare[-1]):
        is_found(database, typed, number)
    assert found(database, '"of end"') == (() if database.dialect != "postgresql" else (number,))


@pytest.mark.slow
def test_the_longest_text_that_any_database_takes(one: tuple[Database, int]) -> None:
    database, number = one
    text = "".join(map(chr, range(0x20000, 0x2A000))) + "".join(map(chr, range(0x4E00, 0x9FA0)))
    with database.transaction() as conn:
        search_index.put(conn, number, None, f"first {text * 4}")
    is_found(database, "first", number)
