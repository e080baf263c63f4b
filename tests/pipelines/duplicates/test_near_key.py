"""The key of two copies of one wall: what changes from page to page is not in it."""

import pytest

from pipelines.duplicates.near_key import LONGEST, near_key

# by language: a wall's sentence, in no list of ours, and another sentence
WALLS = {
    "fi": ("Odota hetki, tarkistamme yhteytesi ennen kuin sivu avautuu.", "Lautta myöhästyi."),
    "el": ("Περιμένετε λίγο, ελέγχουμε τη σύνδεσή σας πριν ανοίξει η σελίδα.", "Το πλοίο άργησε."),
    "th": ("โปรดรอสักครู่ เรากำลังตรวจสอบการเชื่อมต่อของท่าน", "เรือข้ามฟากมาช้า"),
    "zh": ("请稍等片刻，我们正在核对您的连接，随后页面将会打开。", "渡轮晚点了。"),
    "ar": ("انتظر لحظة، نفحص اتصالك قبل أن تفتح الصفحة أمامك.", "تأخرت العبّارة."),
    "en": ("Hold on, this connection is looked at before the page opens.", "The ferry is late."),
}
CHANGING = [
    (" Ray ID: 8f3a2b11c9d04e77", " Ray ID: 91bc04d2aa7e01f3"),
    (" 14:27:11", " 09:03:58"),
    (" 26.11.2026 14:27", " 2.12.2026 9:03"),
    (" IP 203.0.113.7", " IP 2001:db8::8a2e:370:7334"),
    (" https://paper.example/news/ferry-late", " https://paper.example/news/council-votes"),
    (" /news/ferry-late", " /news/council-votes"),
    (" ferry late", " council votes"),
    (" ١٤:٢٧", " ٠٩:٠٣"),
    (" (req 6f9619ff-8b86-d011-b42d-00c04fc964ff)", " (req abcdefab-cdef-abcd-efab-cdefabcdef12)"),
]
ONE, OTHER = "https://paper.example/news/ferry-late", "https://paper.example/news/council-votes"


@pytest.mark.parametrize("language", WALLS)
@pytest.mark.parametrize(("one", "other"), CHANGING)
def test_what_differs_from_page_to_page_is_not_in_it(language: str, one: str, other: str) -> None:
    said, _ = WALLS[language]
    first = near_key("Welcome", f"{said}{one}", ONE)
    assert first is not None
    assert first == near_key("Welcome", f"{said}{other}", OTHER)


@pytest.mark.parametrize("language", WALLS)
def test_another_word_or_title_is_another_key(language: str) -> None:
    said, more = WALLS[language]
    keys = {
        near_key("Welcome", said, ONE),
        near_key("Welcome", f"{said} {more}", ONE),
        near_key("Willkommen", said, ONE),
    }
    assert len(keys) == 3


def test_a_code_in_the_title_is_not_in_it_either() -> None:
    said = WALLS["fi"][0]
    assert near_key("Pyyntö 8f3a", said, ONE) == near_key("Pyyntö 77b1", said, OTHER)


@pytest.mark.parametrize(
    ("title", "other"),
    [
        ("Lottozahlen vom 21. November", "Lottozahlen vom 25. November"),
        ("Погода 21.11", "Погода 22.11"),
        ("जल स्तर: २१ नवंबर", "जल स्तर: २२ नवंबर"),
        ("第12回ロト", "第13回ロト"),
    ],
)
def test_bulletins_of_two_days_by_their_titles_have_two(title: str, other: str) -> None:
    said = WALLS["fi"][0]
    assert near_key(title, said, ONE) != near_key(other, said, OTHER)


@pytest.mark.parametrize(
    "text",
    [
        "Marlby 12.4 °C, Corliss 13.1 °C, Dorrance 9.8 °C, Lunde 10.2 °C",
        "3, 12, 22, 33, 41 und 8; Zusatzzahl 7",
        "Error 8f3a2b11",
        "",
    ],
)
def test_what_numbers_tell_apart_has_none(text: str) -> None:
    assert near_key("Results", text, ONE) is None


def test_a_long_text_has_none() -> None:
    assert near_key("Title", " ".join(["word"] * LONGEST), ONE) is not None
    assert near_key("Title", " ".join(["word"] * (LONGEST + 1)), ONE) is None
    assert near_key("Title", "8" * 1_000_000, ONE) is None
