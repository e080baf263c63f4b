"""Stage 3: what is refused, what a page teaches, and that a page again is no edit."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from models.items import Article, Extraction, Hint, Signs
from pipelines.boilerplate.observation import MOST, observation_of
from pipelines.drops import Blocked, Gone, NoContent, NotArticle, Paywalled, Refused
from pipelines.page_reader import extract
from pipelines.strip import refusal, require_article, says_what_is_stored, shown_by
from tests.databases import AtHead
from tests.factories import (
    NOW,
    make_article,
    make_block,
    make_block_classification,
    make_blocks,
    make_classification,
    make_extraction,
    make_key,
    make_known,
)
from tests.support.small_site import SmallSite, html, url_of

URL = "https://example.test/a"


@pytest.mark.parametrize(
    ("found", "kind"),
    [
        ({"interstitial": "paywall"}, Paywalled),
        ({"interstitial": "consent"}, Blocked),
        ({"interstitial": "missing"}, Gone),
        ({"interstitial": None}, NotArticle),
        ({"interstitial": "empty"}, NoContent),
    ],
)
def test_what_is_no_article_by_itself_is_refused_by_its_name(
    found: dict, kind: type[Refused]
) -> None:
    with pytest.raises(kind):
        require_article(make_article(extraction=make_extraction(is_article=False, **found)))


def test_what_looks_like_an_article_is_stripped_first() -> None:
    require_article(make_article())
    require_article(make_article(extraction=make_extraction(interstitial="consent")))


def test_a_stored_article_that_is_said_to_be_missing_is_asked_for_again() -> None:
    stored = make_article(known=make_known())
    assert isinstance(refusal("missing", make_article()), Gone)
    assert isinstance(refusal("missing", stored), Blocked)


@pytest.mark.parametrize(
    ("stored", "copy", "part"),
    [
        ("Le port a gelé lundi soir, a dit son chef.", "Le port a gelé lundi soir.", True),
        ("Гавань замёрзла в понедельник вечером.", "Гавань замёрзла в понедельник.", True),
        ("港は月曜の夜に凍り、金曜に開く。", "港は月曜の夜に凍り", True),
        ("बंदरगाह सोमवार की रात जम गया।", "बंदरगाह सोमवार की रात", True),
        ("The harbour froze on Monday night.", "Hold on, the page opens in a moment.", False),
    ],
)
def test_a_part_of_the_stored_article_is_no_other_page(stored: str, copy: str, part: bool) -> None:
    assert says_what_is_stored(make_article(copy, known=make_known(stored))) is part
    assert not says_what_is_stored(make_article(copy))
    refused = make_known(stored, refused_at=NOW)
    assert not says_what_is_stored(make_article(copy, known=refused))


def classified(*keeps: bool, changed: bool = True) -> Article:
    """A page that asks for consent under its story, of which the memory keeps this."""
    call = "We use cookies and process personal data. By clicking you agree to it."
    blocks = make_blocks(["The harbour froze on Monday night, it was said.", call])
    found = [
        make_block_classification(n, keep=keep, changed=changed) for n, keep in enumerate(keeps)
    ]
    signs = Signs(("Harbour Post",), story=False)
    extraction = make_extraction(blocks=blocks, interstitial="consent", signs=signs)
    return make_article(extraction=extraction, classification=make_classification(found))


def test_what_the_memory_leaves_of_a_page_decides() -> None:
    assert shown_by(classified(True, False)) is None
    assert shown_by(classified(False, True)) == "consent"
    assert shown_by(classified(True, False, changed=False)) == "consent"  # by the page alone


def test_a_page_teaches_its_texts_under_both_keys_and_its_places_by_words() -> None:
    blocks = (
        make_block("The harbour froze.", key=1, loose_key=2, dom_path="p", dom_path_key=9),
        make_block("Menu", key=3, loose_key=0, dom_path="p", dom_path_key=9, kept=False),
    )
    taught = observation_of(URL, 5, NOW, make_extraction(blocks=blocks))
    assert taught.blocks == {1: "The harbour froze.", 2: "The harbour froze.", 3: "Menu"}
    assert [(use.path, use.kept_words, use.words) for use in taught.dom_paths.values()] == [
        ("p", 3, 4)
    ]
    assert taught.page == 5


def test_spellings_of_one_url_are_one_place_in_samples() -> None:
    page = make_extraction()
    spellings = (URL, "http://www.example.test/a/?utm_source=x#top", "https://example.test/a/amp")
    assert len({observation_of(url, 1, NOW, page).page_hash for url in spellings}) == 1


@pytest.mark.slow
def test_a_page_of_50_000_blocks_teaches_no_more_than_its_share() -> None:
    blocks = tuple(
        make_block(f"line {n}", key=n + 1, dom_path=f"p{n}", dom_path_key=make_key(f"p{n}"))
        for n in range(50_000)
    )
    taught = observation_of(URL, 1, NOW, make_extraction(blocks=blocks))
    assert len(taught.blocks) == len(taught.dom_paths) == MOST


def pages(count: int) -> list[Extraction]:
    return [extract(html(n), "utf-8", url_of(n), Hint(), None, NOW) for n in range(count)]


def test_the_fitted_classification_does_not_depend_on_the_order_of_pages(
    tmp_path: Path, at_head: AtHead
) -> None:
    made, ended = pages(20), []
    for seed in range(3):
        order = list(range(20))
        random.Random(seed).shuffle(order)
        folder = tmp_path / str(seed)
        folder.mkdir()
        with at_head.database("sqlite", folder) as url:
            site = SmallSite(url)
            site.crawl(order, at_once=3, extractions=[made[n] for n in order])
            ended.append(site.texts())
    assert ended[0] == ended[1] == ended[2]


def test_a_page_that_comes_again_is_no_edit_whatever_was_learned_meanwhile(sqlite_url: str) -> None:
    site, made = SmallSite(sqlite_url), pages(10)
    site.crawl([0, 1], extractions=made[:2])
    site.crawl(range(2, 10), extractions=made[2:], finish=False)
    site.crawl([0, 1], extractions=made[:2])
    assert site.ask("select count(*), max(revision) from revisions") == [(10, 1)]


def test_a_page_that_was_edited_is_a_revision(sqlite_url: str) -> None:
    site, made = SmallSite(sqlite_url), pages(4)
    site.crawl(range(4), extractions=made)
    edited = [replace(b, text=b.text.replace("bakery", "brewery")) for b in made[3].blocks]
    assert edited != list(made[3].blocks)
    site.crawl([3], extractions=[replace(made[3], blocks=tuple(edited))])
    assert "brewery" in site.texts()[url_of(3)]
    assert site.ask("select max(revision) from revisions") == [(2,)]


def test_on_every_database_a_crawl_ends_the_same(database_url: str) -> None:
    site, made = SmallSite(database_url), pages(6)
    stats = site.crawl(range(6), at_once=3, extractions=made)
    assert stats["strip/classified"] == 6
    assert site.ask("select count(*) from reclassify_queue") == [(0,)]
    assert all(text.count("\n\n") >= 3 for text in site.texts().values())
