"""The first page of a known site that shows what the site never showed, in an article's place."""

from collections.abc import Sequence
from typing import Any

import pytest

from benchmarks.known_sites import shown
from models.items import Article, KnownPage, Signs
from pipelines.unfamiliar import Headed, is_unfamiliar, may_be_unfamiliar
from tests.factories import (
    NOW,
    make_article,
    make_block_classification,
    make_blocks,
    make_classification,
    make_extraction,
    make_known,
    make_page,
)

WALL = "Ennen kuin jatkat, valitse miten tietojasi saa tallentaa tällä sivulla."
STORY = "The harbour was closed on Tuesday, said its master, and opens again at noon on Friday."
KNOWN = [Headed(f"https://example.test/harbour-frozen-again-{n}", "Harbour frozen again")
         for n in range(3)]  # fmt: skip


def copy(
    title: str, text: str, *, place: float = 0.0, known: KnownPage | None = None,
    signs: Signs = Signs(story=False), **parts: Any,  # noqa: B008 - frozen
) -> Article:  # fmt: skip
    """A page that keeps one text, at a DOM path of which other pages keep this share."""
    one = make_block_classification(0, keep=True, evidence={"place_kept": place})
    extraction = make_extraction(blocks=make_blocks([text]), signs=signs._replace(titles=(title,)))
    return make_article(
        text, title=title, extraction=extraction, known=known,
        classification=make_classification([one]), **parts,
    )  # fmt: skip


def unfamiliar(new: Article, known: Sequence[Headed] = KNOWN) -> bool:
    return may_be_unfamiliar(new) and is_unfamiliar(new, known)


def test_another_title_and_text_where_no_article_stands_replaces_no_stored_one() -> None:
    stored = make_known(STORY)
    assert unfamiliar(copy("Tervetuloa", WALL, known=stored))
    assert not unfamiliar(copy("Tervetuloa", WALL, known=stored, place=0.5))
    assert not unfamiliar(copy("Harbour frozen", WALL, known=stored))
    assert not unfamiliar(copy("Tervetuloa", STORY, known=stored))
    assert not unfamiliar(copy("Tervetuloa", WALL, known=make_known(STORY, refused_at=NOW)))


@pytest.mark.parametrize(("unit", "most"), [("vierailu ", 300), ("訪", 750), ("ข", 750)])
def test_a_text_longer_than_any_wall_is_none(unit: str, most: int) -> None:
    stored = make_known(STORY)
    assert unfamiliar(copy("Tervetuloa", unit * most, known=stored))
    assert not unfamiliar(copy("Tervetuloa", unit * (most + 1), known=stored))


def test_a_site_is_known_by_three_pages() -> None:
    assert not unfamiliar(copy("Tervetuloa", WALL, known=make_known(STORY)), KNOWN[:2])


@pytest.mark.parametrize(
    ("signs", "found"),
    [
        (Signs(story=False, unlike=True), True),
        (Signs(story=True, unlike=True), False),
        (Signs(story=False, unlike=False), False),
    ],
)
def test_a_new_page_is_known_by_the_headline_of_its_source(signs: Signs, found: bool) -> None:
    assert unfamiliar(copy("Tervetuloa", WALL, signs=signs)) is found


@pytest.mark.parametrize(
    ("slug", "title", "text", "found"),
    [
        ("ferry-late-again-today", "Tervetuloa", WALL, True),
        ("ferry-late-again-today", "Ferry late again", WALL, False),
        ("ferry-late-again-today", "Tervetuloa", "The ferry is late again today.", False),
        ("4410", "Tervetuloa", WALL, False),
        ("a1", "Tervetuloa", WALL, False),
    ],
)
def test_without_a_headline_it_is_known_by_its_address(
    slug: str, title: str, text: str, found: bool
) -> None:
    page = make_page(url=f"https://example.test/{slug}")
    assert unfamiliar(copy(title, text, page=page)) is found
    numbered = [Headed(f"https://example.test/{n}", "Harbour frozen again") for n in range(3)]
    assert not unfamiliar(copy(title, text, page=page), numbered)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "ar", "ja"])
def test_walls_in_words_of_no_list_are_refused_and_new_templates_are_not(language: str) -> None:
    found = list(shown([language]))
    walls = [one for one in found if one.wall]
    assert sum(one.refused for one in walls) >= 0.8 * len(walls)
    assert [one.name for one in found if one.refused and not one.wall] == []
