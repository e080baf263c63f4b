"""The language of a page: claimed, unless its script disproves that; else told by its text."""

import pytest
from lxml.html import fromstring

from pipelines.metadata.language import language_of, primary_tag

ARABIC = "قرر مجلس المدينة إغلاق الجسر القديم بعد أن وجد المهندسون شقوقا في دعامتين"
RUSSIAN = "Городской совет поздно вечером в понедельник решил, что паром будет ходить и зимой."
GERMAN = "Der Gemeinderat hat am Montag beschlossen, dass die Fähre auch im Winter fährt."
SERBIAN = "Градско веће је у понедељак увече одлучило да скела вози и током зиме."


@pytest.mark.parametrize(
    ("claims", "tag"),
    [
        (["en"], "en"),
        (["de_AT"], "de"),
        ([" EN-us, fr"], "en"),
        (["deu"], "de"),
        (["jp"], "ja"),
        (["gsw"], "gsw"),
        (["", "und", "English", "x", "fr"], "fr"),
        (["english"], None),
        (["xx", "zxx"], None),
        ([], None),
    ],
)
def test_the_first_claim_that_is_a_tag_counts(claims: list[str], tag: str | None) -> None:
    assert primary_tag(claims) == tag


def told(body: str, *declared: str, title: str = "") -> tuple[str, str] | None:
    tree = fromstring(f"<html><body>{body}</body></html>")
    return language_of([("html", tag) for tag in declared], title, tree)


@pytest.mark.parametrize(
    ("text", "declared", "found"),
    [
        (ARABIC, ["en"], ("text", "ar")),
        (ARABIC, ["en", "fa"], ("html", "fa")),
        (ARABIC, ["ar"], ("html", "ar")),
        (RUSSIAN, ["en"], ("text", "ru")),
        (RUSSIAN, [], ("text", "ru")),
        (RUSSIAN, ["uk"], ("html", "uk")),  # two languages of one script: what is declared counts
        (SERBIAN, ["sr"], ("html", "sr")),
        (GERMAN, ["ru"], ("text", "de")),
        (GERMAN, [], ("text", "de")),
        (GERMAN, ["en"], ("html", "en")),
        ("渡し船は残る。冬の間も運航を続けることを決めた。", ["zh"], ("text", "ja")),
        ("旧渡口明年春天改建新码头，市议会周一晚间决定。", ["en"], ("text", "zh")),
        ("낡은 다리 봄까지 통행 금지, 시의회 월요일 결정", ["en"], ("text", "ko")),
        ("ปิดสะพานเก่าจนถึงฤดูร้อน สภาเมืองลงมติ", ["en"], ("text", "th")),
        ("Kort", [], None),
        ("Kort", ["sv"], ("html", "sv")),
        ("1 2 3 – 4", ["sv"], ("html", "sv")),
    ],
)
def test_what_is_declared_counts_unless_the_script_disproves_it(
    text: str, declared: list[str], found: tuple[str, str] | None
) -> None:
    assert told(f"<p>{text}</p>", *declared) == found
    assert told(f"<div>{text}</div>", *declared) == found


def test_the_title_tells_the_script_among_calls_in_english() -> None:
    calls = "<p>Sign up for our morning newsletter and never miss a story again.</p>" * 3
    page = f"<p>{ARABIC}</p>{calls}"
    assert told(page, "en", title="إغلاق الجسر القديم") == ("text", "ar")
    assert told(page, "en", title="iPhone") == ("html", "en"), "most of the page is English"
    assert told(f"<p>{ARABIC}</p>", "en", title="iPhone") == ("text", "ar")
