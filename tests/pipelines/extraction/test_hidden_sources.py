"""Text that stands where nobody looks: when it is read, and when it is not."""

import json
import time

import pytest

from models.items import Hint
from pipelines.extraction.hidden_sources import Source, best, body_markup, hidden_sources
from pipelines.extraction.tree import parse
from pipelines.page_reader import extract

TEXTS = {
    "en": [
        "The town council voted late on Monday to keep the ferry running through the winter.",
        "Under the plan the boat will cross six times a day until the end of March.",
        "A first review is due in January, when the operator must show how many people came.",
    ],
    "ru": [
        "Городской совет поздно вечером в понедельник решил оставить паром на всю зиму.",
        "По этому плану паром будет ходить шесть раз в день до самого конца марта.",
        "Первая проверка назначена на январь, когда станет известно число пассажиров.",
    ],
    "ar": [
        "صوت مجلس البلدة مساء الاثنين على إبقاء العبارة عاملة طوال فصل الشتاء القادم.",
        "وبحسب الخطة ستعبر السفينة ست مرات في اليوم حتى نهاية شهر مارس المقبل.",
        "ومن المقرر إجراء أول مراجعة في يناير عندما يعرف عدد الركاب في الرحلات الأولى.",
    ],
    "ja": [
        "町議会は月曜日の夜、冬の間も渡し船の運航を続けることを賛成多数で決めた。",
        "計画によると、船は三月の末まで一日に六回、二つの岸の間を往復する。",
        "最初の見直しは一月に行われ、早い便を使った人の数が示されることになる。",
    ],
}


def shell(texts: list[str], how: str) -> str:
    inner = "".join(f"<p>{text}</p>" for text in texts)
    body = json.dumps("\n\n".join(texts))
    node = '{"@type": "NewsArticle", "headline": "A ferry", "articleBody": ' + body + "}"
    sources = {
        "noscript": f"<noscript>{inner}</noscript>",
        "text/template": f'<script type="text/template">{inner}</script>',
        "handlebars": f'<script type="text/x-handlebars-template">{inner}</script>',
        "text/html": f"<script type=text/html>{inner}</script>",
        "template": f"<template>{inner}</template>",
        "several": "".join(
            f"<noscript><p>{text}</p><p>{text[::-1]}</p></noscript>" for text in texts
        ),
        "jsonld": f"<script type=application/ld+json>{node}</script>",
    }
    return sources[how]


def page(content: str) -> str:
    head = "<title>A ferry</title><meta property=og:type content=article>"
    return f"<html><head>{head}</head><body><main><h1>A ferry</h1>{content}</main></body></html>"


def texts_of(html: str) -> list[str]:
    extraction = extract(html.encode(), "utf-8", "https://paper.test/a", Hint(), None)
    return [block.text for block in extraction.blocks if block.kept]


@pytest.mark.parametrize(
    "how", ["noscript", "text/template", "handlebars", "text/html", "template", "jsonld"]
)
@pytest.mark.parametrize("language", TEXTS)
def test_the_text_of_a_page_that_shows_none_is_read(language: str, how: str) -> None:
    found = texts_of(page(f"<div id=root>{shell(TEXTS[language], how)}</div>"))
    assert [text for text in found if text in TEXTS[language]] == TEXTS[language]


@pytest.mark.parametrize("how", ["noscript", "text/template", "template", "jsonld"])
def test_what_a_page_shows_is_not_doubled(how: str) -> None:
    shown = "".join(f"<p>{text}</p>" for text in TEXTS["en"])
    found = texts_of(page(shown + shell(TEXTS["en"], how)))
    assert [text for text in found if text in TEXTS["en"]] == TEXTS["en"]


def test_the_same_text_in_two_sources_is_read_once() -> None:
    twice = shell(TEXTS["en"], "text/template") + shell(TEXTS["en"], "noscript")
    assert sum(text == TEXTS["en"][0] for text in texts_of(page(twice))) == 1


def test_a_hidden_dialog_beside_a_short_article_stays_hidden() -> None:
    shown = "".join(f"<p>{text}</p>" for text in TEXTS["en"][:2])
    found = texts_of(page(shown + shell(TEXTS["ru"], "template")))
    assert not set(found) & set(TEXTS["ru"])


def test_a_paid_article_is_not_taken_from_its_json() -> None:
    paid = shell(TEXTS["en"], "jsonld").replace(
        '"headline"', '"isAccessibleForFree": false, "headline"'
    )
    assert not set(texts_of(page(paid))) & set(TEXTS["en"])


def test_the_body_of_another_story_is_not_taken() -> None:
    other = {
        "@type": "NewsArticle", "headline": "Quite another thing altogether today",
        "url": "https://paper.test/other", "articleBody": " ".join(TEXTS["ru"]),
    }  # fmt: skip
    listed = {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": other}]}
    scripts = f"<script type=application/ld+json>{json.dumps(listed)}</script>"
    assert not set(texts_of(page(scripts + shell(TEXTS["en"], "jsonld")))) & set(TEXTS["ru"])


@pytest.mark.slow
@pytest.mark.parametrize(
    "html",
    ["<noscript><p>one two three four five six seven eight nine ten eleven twelve thirteen</p>"
     "<p>and some more words</p></noscript>" * 5_000,
     "<template>" * 1_000 + "<p>one two three</p>" * 1_000,
     "<x-a><template shadowrootmode=open><slot></slot>" * 500 + "text",
     "<template><p>a</template>" * 20_000],
)  # fmt: skip
def test_time_grows_with_the_page_alone(html: str) -> None:
    start = time.process_time()
    texts_of(page(html))
    assert time.process_time() - start < 10


@pytest.mark.parametrize("script", ["text/javascript", "application/json", "module", ""])
def test_other_scripts_are_no_sources(script: str) -> None:
    inner = "".join(f"<p>{text}</p>" for text in TEXTS["en"])
    tree = parse(page(f"<script type='{script}'>{inner}</script>").encode(), None)
    assert hidden_sources(tree, "") == []


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("One.\n\nTwo &amp; three.", "<p>One.</p><p>Two &amp; three.</p>"),
        ("Один.\nДва < три.", "<p>Один.</p><p>Два &lt; три.</p>"),
        ("<p>One.</p><p>Two.</p>", "<p>One.</p><p>Two.</p>"),
        ("The <b>ferry</b>.\nStays.", "<p>The <b>ferry</b>.</p><p>Stays.</p>"),
    ],
)
def test_a_body_of_json_is_markup_or_lines(text: str, markup: str) -> None:
    assert body_markup(text) == markup


def test_of_sources_in_one_place_all_are_taken_and_others_left() -> None:
    tree = parse(b"<main><div>a</div></main><p>b</p>", None)
    main, other = tree.find(".//main"), tree.find(".//p")
    sources = [Source("noscript", main, None, markup) for markup in ("a", "b")]
    beside = [(Source("noscript", other, None, "c"), 40), (Source("template", main, None, "d"), 40)]
    assert best([*zip(sources, (50, 30), strict=True), *beside], 25) == sources
    assert best([(sources[0], 50)], 26) == []
    assert best([], 0) == []
