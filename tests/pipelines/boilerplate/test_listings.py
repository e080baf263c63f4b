"""Pages that list others: front pages, sections, and what is none of them."""

from dataclasses import replace

import pytest
from lxml.html import fromstring

from models.blocks import Block
from pipelines.boilerplate.listings import is_article
from pipelines.extraction.blocks import Outline, outline
from tests.factories import make_block

URL = "https://example.test/news/ferry"
LINE = "The night ferry sails again in June, eleven years after the last one was broken up."


def page(body: str, *kept: int, kind: str = "paragraph") -> tuple[Outline, list[Block]]:
    found = outline(fromstring(f"<html><body><main>{body}</main></body></html>"))
    blocks = [
        make_block(piece.text, position=n, kept=n in kept, kind=kind)
        for n, piece in enumerate(found.pieces)
    ]
    return found, blocks


def test_prose_is_an_article_and_nothing_kept_is_none() -> None:
    assert is_article(*page(f"<p>{LINE}</p>", 0), URL, declared=False)
    assert not is_article(*page(f"<p>{LINE}</p>"), URL, declared=True)


def test_headings_alone_are_no_article() -> None:
    assert not is_article(*page(f"<p>{LINE}</p>", 0, kind="heading"), URL, declared=True)


def test_half_of_the_words_in_links_is_a_listing() -> None:
    half = len(LINE) // 2
    less = f"<p><a href='/x'>{LINE[: half - 2]}</a>{LINE[half - 2 :]}</p>"
    more = f"<p><a href='/x'>{LINE[: half + 2]}</a>{LINE[half + 2 :]}</p>"
    assert is_article(*page(less, 0), URL, declared=True)
    assert not is_article(*page(more, 0), URL, declared=True)


@pytest.mark.parametrize(
    "path", ["", "/", "/index.html", "/Home", "/es/", "/pt-BR/", "/de/index.html"]
)
@pytest.mark.parametrize(("words", "article"), [(299, False), (300, True)])
def test_a_front_page_is_an_article_only_with_much_prose(
    path: str, words: int, article: bool
) -> None:
    url = f"https://example.test{path}"
    assert is_article(*page(f"<p>{'word ' * words}</p>", 0), url, declared=True) is article


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Ferry late today", LINE),
        ("Паром снова опоздал", "Ночной паром снова отправится в июне, сообщил порт города."),
        ("渡轮今晚晚点", "港务局说，夜间渡轮六月重新开航，距上一班已有十一年。"),
        ("عبّارة الليل تعود", "تبحر عبّارة الليل من جديد في حزيران، كما قالت سلطة الميناء."),
    ],
)
def test_a_short_headline_without_a_headings_markup_has_teasers_too(title: str, text: str) -> None:
    teaser = f"<dt><a href='/x'>{title}</a></dt><dd>{text}</dd>"
    found, blocks = page(f"<dl>{teaser * 4}</dl>", *range(1, 8, 2))
    assert not is_article(found, blocks, URL, declared=False)
    menu = f"<dt><a href='/x'>Read more</a></dt><dd>{text}</dd>"
    found, blocks = page(f"<dl>{menu * 4}</dl>", *range(1, 8, 2))
    assert is_article(found, blocks, URL, declared=False)


@pytest.mark.parametrize(("teasers", "article"), [(3, True), (4, False)])
def test_texts_under_linked_headings_are_teasers_unless_the_page_says_it_is_an_article(
    teasers: int, article: bool
) -> None:
    teaser = f"<h3><a href='/x'>Night ferry sails again in June</a></h3><p>{LINE}</p>"
    found, blocks = page(teaser * teasers, *range(1, 2 * teasers, 2))
    assert is_article(found, blocks, URL, declared=False) is article
    assert is_article(found, blocks, URL, declared=True)


@pytest.mark.parametrize(
    "path", ["/?p=4410", "/index.php?id=77", "/index.html?artikel=9", "/?новость=12", "/?id=北3"]
)
def test_what_a_query_names_at_the_front_page_is_a_page_of_its_own(path: str) -> None:
    assert is_article(*page(f"<p>{LINE}</p>", 0), f"https://example.test{path}", declared=False)


@pytest.mark.parametrize("path", ["/?utm_source=mail", "/index.php?fbclid=1"])
def test_a_query_that_only_tracks_readers_names_no_page(path: str) -> None:
    assert not is_article(*page(f"<p>{LINE}</p>", 0), f"https://example.test{path}", declared=True)


TEASERS = {
    "en": ("Council keeps the winter ferry", "The boat sails six times a day.", "By Ana Sole"),
    "ru": ("Паром останется на зиму", "Лодка ходит шесть раз в день.", "Анна Соль"),
    "ar": ("المجلس يبقي العبارة في الشتاء", "يبحر القارب ست مرات في اليوم.", "آنا سول"),
    "ja": ("議会は冬の渡し船を維持する", "船は一日に六回運航する。", "アナ・ソール"),
    "hi": ("परिषद ने शीत नौका जारी रखी", "नाव दिन में छह बार चलेगी।", "अना सोल"),
}


@pytest.mark.parametrize("language", TEASERS)
@pytest.mark.parametrize("path", ["/es/", "/kultur/", "/?lang=es"])
def test_a_front_of_teasers_with_their_writers_is_no_article(language: str, path: str) -> None:
    head, summary, writer = TEASERS[language]
    teaser = f"<a href='/x'><h2>{head}</h2></a><p>{summary}</p><p class='by'>{writer}</p>"
    found, blocks = page(teaser * 5, *(n for n in range(15) if n % 3))
    blocks = [
        replace(block, kind="heading") if n % 3 == 0 else block for n, block in enumerate(blocks)
    ]
    assert not is_article(found, blocks, f"https://example.test{path}", declared=False)


def test_links_to_other_stories_between_long_texts_make_no_front() -> None:
    part = f"<h3><a href='/x'>Night ferry sails again in June</a></h3><p>{LINE}</p>" + "".join(
        f"<p>{LINE} {LINE} {n}</p>" for n in range(4)
    )
    found, blocks = page(part * 5, *(n for n in range(30) if n % 6))
    assert is_article(found, blocks, URL, declared=False)
