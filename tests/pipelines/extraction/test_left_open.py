"""What a button left open has swallowed is on the page again."""

import pytest

from models.items import Hint
from pipelines.extraction.tree import parse
from pipelines.page_reader import extract

STORIES = {
    "en": "The night ferry sails again in June, eleven years after the last one was broken up.",
    "ru": "Ночной паром снова пойдёт в июне, через одиннадцать лет после того как списан прежний.",
    "ar": "تعود العبّارة الليلية في حزيران بعد أحد عشر عاماً من تفكيك العبّارة السابقة في الميناء.",
    "ja": "夜行フェリーは六月に再び運航する。先代の船が解体されてから十一年になると町は発表した。",
}
OPEN = (
    "<button class='menu'><div class='inner'><div></button>",
    "<button aria-label='x'><span>Menu<ul><li></button>",
    "<button><section><p>Menu</button>",
)


@pytest.mark.parametrize("language", STORIES)
@pytest.mark.parametrize("opened", OPEN)
def test_an_article_after_a_button_left_open_is_read(language: str, opened: str) -> None:
    text = STORIES[language]
    page = (
        f"<html><body><header>{opened}<nav><a href='/'>Home</a></nav></header>"
        f"<main><article><h1>Ferry</h1>{f'<p>{text}</p>' * 4}</article></main></body></html>"
    )
    found = extract(page.encode(), "utf-8", "https://paper.example/2026/a", Hint(), None)
    assert text in [block.text for block in found.blocks if block.kept]


def test_a_button_that_was_closed_stays_one() -> None:
    tree = parse(b"<p>One <button><b>Show <i>more</i></b></button> two.</p>", None)
    assert len(tree.findall(".//button")) == 1


def test_buttons_inside_the_one_left_open_stay_buttons() -> None:
    page = b"<body><button><div></button><p>Text</p><button>Close</button></body>"
    assert [button.text for button in parse(page, None).iter("button")] == ["Close"]


@pytest.mark.parametrize("tag", ["embed", "track", "keygen", "bgsound", "command"])
def test_an_element_without_an_end_tag_swallows_nothing(tag: str) -> None:
    page = f"<body><main><p>before</p><{tag} src=x><p>after</p><p>last</p></main></body>"
    tree = parse(page.encode(), None)
    assert [one.text for one in tree.iterfind(".//main/p")] == ["before", "after", "last"]
    assert tree.find(f".//{tag}") is None
