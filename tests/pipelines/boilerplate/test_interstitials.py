"""What stands in an article's place, known by what would be kept and nothing beside it."""

from collections import Counter

import pytest
from lxml.html import fromstring

from benchmarks.wall_pages import WORDING, briefs, walls
from benchmarks.walls import refused
from models.blocks import Block
from models.items import Extraction, Signs
from pipelines.boilerplate.interstitials import asks_to_subscribe, call_of, instead, no_text
from pipelines.extraction.blocks import Outline, outline
from tests.factories import make_block, make_extraction, make_metadata

LINE = "The night ferry sails again in June, eleven years after the last one was broken up."
ALONE = Signs(("Harbour Post",), story=False)


def shown(
    *texts: str, signs: Signs = ALONE, kept: int | None = None, **parts: object
) -> str | None:
    """What a page of these paragraphs shows in an article's place; `kept`: the first so many."""
    blocks = tuple(make_block(text, position=n) for n, text in enumerate(texts))
    page = make_extraction(blocks=blocks, signs=signs, **parts)
    return instead(page, [kept is None or n < kept for n in range(len(blocks))])


def test_generated_briefs_are_kept_in_ten_languages() -> None:
    wrong = [page.name for page in briefs(60, seed=3) if refused(page)]
    assert wrong == []


@pytest.mark.parametrize("language", WORDING)
def test_walls_in_vendors_shapes_are_refused(language: str) -> None:
    made = [page for page in walls() if page.name.startswith(f"{language} ")]
    assert len(made) >= 40
    assert [page.name for page in made if not refused(page)] == []


def test_the_kinds_are_told_apart() -> None:
    found = Counter(
        (page.name.split(" ", 1)[1], refused(page)) for page in walls() if page.name[:3] == "de "
    )
    assert found["consent page", "consent"] == found["parked domain", "parked"] == 2
    assert found["not found, bare", "missing"] == found["login form", "login"] == 2
    assert found["meter behind a lead", "paywall"] == 2


@pytest.mark.parametrize("language", WORDING)
@pytest.mark.parametrize("what", ["bar", "subscriber", "comment", "only", "privacy", "consent"])
def test_no_furniture_refuses_what_is_kept_beside_it(language: str, what: str) -> None:
    said = WORDING[language]
    for signs in (ALONE, Signs((said["titles"][0],))):
        for texts in (said["news"][:2], said["traps"][:2]):
            assert shown(*texts, said[what], signs=signs, kept=2) is None


@pytest.mark.parametrize("language", WORDING)
def test_a_brief_of_news_that_uses_such_words_is_no_such_page(language: str) -> None:
    said = WORDING[language]
    for trap in said["traps"]:
        assert shown(said["news"][0], trap) is None


@pytest.mark.parametrize(("words", "found"), [(120, "consent"), (121, None)])
def test_a_long_text_of_a_page_that_says_it_is_an_article_is_the_article(
    words: int, found: str | None
) -> None:
    call = "We use cookies here."
    text = " ".join([call] * (words // 4) + ["x"] * (words % 4))
    assert shown(text, signs=Signs(("Ferry",), story=True)) == found
    assert shown(text) == "consent"


def test_what_most_sentences_ask_decides_and_more_on_a_page_that_says_it_is_an_article() -> None:
    call, news = "Please log in to read this page.", "The ferry sails in June again now."
    assert shown(f"{call} {news}") == "login"
    assert shown(f"{call} {news}", signs=Signs(("Ferry",), story=True)) is None
    assert shown(f"{call} {news} {news}") is None


def test_quoted_calls_are_news() -> None:
    for text in (
        "“Please log in to read”, said the screen.", "„Bitte melden Sie sich an“, stand dort.",
        "«Войдите, чтобы прочитать», — гласила надпись.", "「ログインしてください」と表示された。",
    ):  # fmt: skip
        assert call_of(text) is None
    assert call_of("Please log in to read.") == "login"


def test_a_title_that_is_such_a_pages_name_needs_few_words_or_a_call() -> None:
    signs = Signs(("404 Not Found | Harbour Post",), story=False)
    assert shown("nginx", signs=signs) == "missing"
    assert shown(LINE, LINE, signs=signs) is None
    assert shown(f"{LINE} Sorry, the page you are looking for is gone.", signs=signs) == "missing"


def test_a_page_of_which_nothing_is_kept_is_read_whole() -> None:
    assert shown("Menu", "Checking your browser before access", kept=0) == "challenge"
    assert shown("Menu", "Tides and timetables", kept=0) is None


def test_a_page_unlike_its_source_that_does_not_say_it_is_an_article_is_another() -> None:
    assert shown(LINE, signs=Signs(("Welcome",), story=False, unlike=True)) == "other"
    assert shown(LINE, signs=Signs(("Welcome",), story=True, unlike=True)) is None
    assert shown(*[LINE] * 9, signs=Signs(("Welcome",), story=False, unlike=True)) is None


def test_a_short_text_that_breaks_off_at_an_offer_is_a_paywall() -> None:
    call = "Subscribe to continue reading"
    story = Signs(("Ferry sails",), story=True)
    assert shown("The night ferry sails again in", call, signs=story, kept=1) == "paywall"
    assert shown("The night ferry sails …", call, signs=story, kept=1) == "paywall"
    paid = make_metadata(paywalled=True)
    assert shown(LINE, call, signs=story, kept=1, metadata=paid) == "paywall"


# a line behind two sentences, and what stands beside the article
BEHIND = {
    "en": ("Read also: Café at the pier to close", "Already a subscriber? Log in"),
    "de": ("Lesen Sie auch: Das Café am Steg schließt", "Bereits Abonnent? Hier anmelden"),
    "tr": ("İlgili haber: İskeledeki kafe kapanıyor", "Zaten abone misiniz? Giriş yapın"),
    "ru": ("Читайте также: Кафе у причала закрывается", "Уже подписаны? Войдите"),
    "fr": ("Lire aussi : le café du port ferme", "Déjà abonné ? Connectez-vous"),
    "ja": ("関連記事　桟橋のカフェが冬の間休業へ", "会員の方はログインしてください"),
}


@pytest.mark.parametrize("language", BEHIND)
def test_a_teaser_or_a_signature_is_no_end_at_which_a_text_breaks_off(language: str) -> None:
    line, login = BEHIND[language]
    for signs in (Signs(("Ferry sails",), story=True), ALONE):
        assert shown(LINE, LINE, line, login, signs=signs, kept=3) is None
        assert shown(LINE, LINE, "Ann Lee, Marlby", login, signs=signs, kept=3) is None


def test_a_long_text_without_an_end_is_the_beginning_of_a_sentence() -> None:
    begun = "The council has asked the town's engineers to look at the bridge again and " * 2
    call = "Subscribe to continue reading"
    story = Signs(("Ferry sails",), story=True)
    assert shown(LINE, begun.strip(), call, signs=story, kept=2) == "paywall"


@pytest.mark.parametrize(
    ("path", "found"),
    [("div.story>div.meter>p", "paywall"), ("aside.promo>p", None), ("div.related>ul>li", None)],
)
def test_an_offer_counts_in_the_container_of_the_text(path: str, found: str | None) -> None:
    blocks = (
        make_block(LINE, dom_path="div.story>p"),
        make_block("Subscribe to continue reading", position=1, dom_path=path),
    )
    page = make_extraction(blocks=blocks, signs=Signs(("Ferry sails",), story=True))
    assert instead(page, [True, False]) == found


def test_a_heading_behind_the_text_ends_the_article_before_the_offer() -> None:
    blocks = (
        make_block(LINE, dom_path="div.story>p"),
        make_block("Three winters", position=1, kind="heading", dom_path="div.story>h2"),
        make_block("Subscribe to continue reading", position=2, dom_path="div.story>p"),
    )
    page = make_extraction(blocks=blocks, signs=Signs(("Ferry sails",), story=True))
    assert instead(page, [True, False, False]) is None
    assert instead(page, [True, True, True]) is None


def test_the_text_of_another_container_outweighs_the_one_that_asks() -> None:
    signs = Signs(("Cookies",), story=False)
    blocks = (
        make_block("We use cookies.", dom_path="div.bar>p"),
        make_block(LINE, position=1, dom_path="div.story>p"),
    )
    assert instead(make_extraction(blocks=blocks, signs=signs), [True, True]) is None


def test_a_call_to_pay_is_heard_in_any_of_the_texts() -> None:
    assert asks_to_subscribe(["The ferry.", "SUBSCRIBE to READ on"])
    assert not asks_to_subscribe(["The ferry.", "Sign up for our newsletter"])
    assert not asks_to_subscribe([])


def test_what_was_read_before_pages_had_signs_is_read_as_before() -> None:
    assert isinstance(make_extraction(), Extraction)
    assert instead(make_extraction(), [True, True]) is None


def page(body: str, *kept: int, kind: str = "paragraph") -> tuple[Outline, list[Block]]:
    found = outline(fromstring(f"<html><body><main>{body}</main></body></html>"))
    blocks = [
        make_block(piece.text, position=n, kept=n in kept, kind=kind)
        for n, piece in enumerate(found.pieces)
    ]
    return found, blocks


@pytest.mark.parametrize(("words", "empty"), [(59, "empty"), (60, None)])
def test_a_page_of_few_words_is_empty(words: int, empty: str | None) -> None:
    assert no_text(*page(f"<p>{'word ' * words}</p>")) == empty


@pytest.mark.parametrize(("teasers", "empty"), [(3, "empty"), (4, None)])
def test_a_list_of_links_is_not_empty(teasers: int, empty: str | None) -> None:
    link = "<p><a href='/x'>Night ferry sails again</a></p>"
    assert no_text(*page(link * teasers)) == empty


def test_a_page_with_something_kept_is_not_empty() -> None:
    assert no_text(*page("<p>Short</p>", 0)) is None
