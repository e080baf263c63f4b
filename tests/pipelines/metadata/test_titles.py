"""A title made fit to compare and to keep: in one line, whole, without the site's name."""

import pytest
from lxml.html import fromstring

from pipelines.metadata.jsonld import PageNodes
from pipelines.metadata.markup import read_markup
from pipelines.metadata.slugs import slug_of
from pipelines.metadata.titles import (
    declared_names,
    is_site_name,
    site_names,
    tidy,
    uncut,
    without_site,
    without_slogan,
    without_unknown_site,
)

SITE = frozenset({"dailyloop", "loop"})


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        (" Night \n ferry ", "Night ferry"),
        ("Night &amp; ferry", "Night & ferry"),
        ("Night &amp;amp; ferry", "Night & ferry"),
        ("<b>Night</b> ferry", "Night ferry"),
        ("3 < 4", "3 < 4"),
        ("Ni\u00adght\u200b ferry", "Night ferry"),
        ("x" * 9_000, "x" * 8_192),
    ],
)
def test_a_title_is_one_line_without_markup(raw: str, kept: str) -> None:
    assert tidy(raw) == kept


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("Night ferry sails - The Daily Loop", "Night ferry sails"),
        ("Night ferry sails | Daily Loop", "Night ferry sails"),
        ("Loop News: Night ferry sails", "Loop News: Night ferry sails"),
        ("Loop News | Night ferry sails", "Night ferry sails"),
        ("Night ferry sails - Harbour - Loop", "Night ferry sails - Harbour"),
        ("Night ferry - Harbour", "Night ferry - Harbour"),
        ("Night ferry sails", "Night ferry sails"),
    ],
)
def test_the_site_s_name_goes_from_either_end(title: str, bare: str) -> None:
    assert without_site(title, SITE) == bare


def test_a_section_goes_along_with_the_name_and_never_alone() -> None:
    assert without_site("Ferry - Harbour - Loop", SITE, sections=["Harbour"]) == "Ferry"
    assert without_site("Ferry - Harbour", SITE, sections=["Harbour"]) == "Ferry - Harbour"


def test_what_other_titles_lack_goes_too() -> None:
    assert without_site("Night ferry - Anything", frozenset(), ["Night Ferry"]) == "Night ferry"
    long = "Ferry - A very much longer rest of it"
    assert without_site(long, frozenset(), ["Ferry"]) == long
    assert without_site("Sport: x - Night ferry", frozenset(), heading="Night ferry") == (
        "Night ferry"
    )


def test_a_title_of_more_than_500_characters_is_left_alone() -> None:
    for length, bare in ((493, "x" * 493), (494, "x" * 494 + " - Loop")):
        assert without_site("x" * length + " - Loop", SITE) == bare


@pytest.mark.parametrize(
    ("part", "name"),
    [("The Daily Loop", True), ("LOOP online", True), ("Looping", False), ("News", False)],
)
def test_a_name_is_the_site_s_whatever_says_nothing_beside_it(part: str, name: bool) -> None:
    assert is_site_name(part, SITE) is name


@pytest.mark.parametrize(
    ("title", "others", "whole"),
    [
        ("Night ferry…", ["Night ferry sails"], "Night ferry sails"),
        ("Night ferry ...", ["Night ferry sa…", "Night ferry sails"], "Night ferry sails"),
        ("Night ferry…", ["Day ferry sails"], "Night ferry…"),
        ("Night ferry", ["Night ferry sails"], "Night ferry"),
        ("x" * 99, ["x" * 120], "x" * 99),
        ("x" * 100, ["x" * 120], "x" * 120),
    ],
)
def test_a_cut_title_is_made_whole_from_another(title: str, others: list[str], whole: str) -> None:
    assert uncut(title, others) == whole


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Vapur kışın da gidecek - TÜRKİYE SESİ", "Türkiye Sesi"),
        ("Vapur kışın da gidecek - Türkiye Sesi", "TÜRKİYE SESİ"),
        ("Kırım'da vapur kaldı - KIRIM HABER", "Kırım Haber"),
        ("Το πλοίο μένει | Η ΦΩΝΗ ΤΟΥ ΛΙΜΑΝΙΟΥ", "Η Φωνή του Λιμανιού"),
        ("Паром остаётся — ГОЛОС ГАВАНИ", "Голос гавани"),
        ("Die Fähre bleibt - STRASSENZEITUNG", "Straßenzeitung"),
        ("تبقى العبارة | صوت الميناء", "صوت الميناء"),
        ("渡船繼續行駛｜港灣日報", "港灣日報"),
    ],
)
def test_the_name_is_known_in_any_case_of_its_language(title: str, name: str) -> None:
    page = fromstring(f'<html><head><meta property="og:site_name" content="{name}"></head></html>')
    names = site_names(read_markup(page), PageNodes(), "https://paper.example/")
    bare = without_site(title, names)
    assert bare != title and title.startswith(bare)


DECLARED = frozenset({"nuhev", "harbourpost"})


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("Deng li çiyê ne kêm in - Nûhev Co. %100 Kurdî", "Deng li çiyê ne kêm in"),
        ("Winter ferry stays | Harbour Post - daily since 1904", "Winter ferry stays"),
        ("Winter ferry stays – HARBOUR POST, voice of the coast", "Winter ferry stays"),
        ("Winter ferry - stays - Harbour Post daily", "Winter ferry - stays"),
        ("Winter ferry stays - Harbour master resigns", None),
        ("Winter ferry stays - A Harbour Post that nobody wanted", None),
        ("Winter ferry stays - Harbour Post sues the town over its plans for winter", None),
        ("Interview - Harbour Post editor quits", None),
        ("Winter ferry stays", None),
    ],
)
def test_a_name_with_a_slogan_is_the_site_s_too(title: str, bare: str | None) -> None:
    assert without_slogan(title, DECLARED, slug_of("")) == (bare or title)


def test_what_the_address_spells_is_no_slogan() -> None:
    title = "Winter ferry stays - Harbour Post editor quits"
    slug = slug_of("https://paper.example/winter-ferry-stays-harbour-post-editor-quits")
    assert without_slogan(title, DECLARED, slug) == title
    assert without_slogan(title, DECLARED, slug_of("https://paper.example/winter-ferry-stays")) == (
        "Winter ferry stays"
    )


def test_only_a_declared_name_of_four_letters_may_begin_a_slogan() -> None:
    metas = "".join(f'<meta property="og:site_name" content="{n}">' for n in ("Post", "The Sun"))
    markup = read_markup(fromstring(f"<html><head>{metas}</head></html>"))
    assert declared_names(markup, PageNodes()) == {"post", "thesun"}


def test_what_links_to_the_front_page_is_called_is_a_name_of_the_site() -> None:
    page = (
        "<body><a href='/'>Liman Postası</a><a href='/spor'>Spor</a><h1>Liman Postası</h1></body>"
    )
    markup = read_markup(fromstring(page))
    names = site_names(markup, PageNodes(), "https://paper.example/1")
    assert is_site_name("LİMAN POSTASI", names)
    assert not is_site_name("Spor", names)


@pytest.mark.parametrize(
    ("title", "url", "bare"),
    [
        ("Winter ferry stays - Harbour Post", "https://post.example/1", "Winter ferry stays"),
        ("Harbour Post | Winter ferry stays", "https://www.post.example/1", "Winter ferry stays"),
        (
            "Die Fähre bleibt jetzt – Mühlenblatt",
            "https://muehlenblatt.example/x",
            "Die Fähre bleibt jetzt",
        ),
        ("Le bac reste ici :: Écho du Port", "https://echo-du-port.example/", "Le bac reste ici"),
        (
            "Winter ferry stays - Harbour Post",
            "https://hp.example/winter-ferry-stays",
            "Winter ferry stays",
        ),
        (
            "Die Fähre bleibt jetzt · Blatt",
            "https://x.example/die-faehre-bleibt-jetzt",
            "Die Fähre bleibt jetzt",
        ),
        ("Winter ferry stays - Harbour Post", "https://hp.example/1", None),
        (
            "Winter ferry stays - master resigns",
            "https://hp.example/ferry-stays-master-resigns",
            None,
        ),
        ("Winter ferry stays: Post", "https://post.example/1", None),
        ("Ferry - Post", "https://post.example/1", None),
        ("Winter ferry stays - a long look at the Harbour Post", "https://post.example/1", None),
    ],
)
def test_a_name_that_only_the_address_tells_goes(title: str, url: str, bare: str | None) -> None:
    host = url.split("/")[2]
    assert without_unknown_site(title, host, slug_of(url)) == (bare or title)
