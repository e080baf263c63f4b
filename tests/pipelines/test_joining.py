"""Pages of one story become one article: nothing of it is lost, nothing stands twice."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.blocks import Block, RemovedRun
from models.items import Extraction, Signs, StoryPages
from pipelines.joining import is_page_of, is_whole, joined, shown_whole
from tests.factories import make_block, make_blocks, make_extraction, make_metadata

LEAD = "The harbour froze, and nobody knew for how long."


def page(*texts: str, title: str = "The harbour that froze", **parts: Any) -> Extraction:
    metadata = parts.pop("metadata", make_metadata(title=title))
    return make_extraction(blocks=make_blocks(texts), metadata=metadata, **parts)


def texts(extraction: Extraction) -> list[str]:
    return [block.text for block in extraction.blocks if block.kept]


FIRST = page(LEAD, "One boat stayed outside for a week, its crew of nine on board.")


def test_pages_follow_in_their_order_and_furniture_stays_once() -> None:
    second = page(LEAD, "The ice came.", LEAD, "The ice went.", LEAD)
    whole = joined(FIRST, [second, page(LEAD, "Spring.")], partial=False)
    assert texts(whole) == [*texts(FIRST), "The ice came.", LEAD, "The ice went.", "Spring."]
    positions = [block.position for block in whole.blocks]
    assert positions == sorted(set(positions))
    assert whole.metadata == FIRST.metadata and whole.pages.further == ()


@pytest.mark.parametrize("join", [partial(joined, partial=False), shown_whole])
def test_what_one_page_reserves_is_reserved_for_the_whole(join: Any) -> None:
    strict = make_metadata(tdm_reservation=True, robots_directives="noai", title="Another")
    view = page(LEAD, "The ice came.", metadata=strict)
    whole = join(FIRST, view if join is shown_whole else [view]).metadata
    assert (whole.tdm_reservation, whole.robots_directives) == (True, "noai")
    assert whole.title == FIRST.metadata.title


def test_what_was_removed_of_further_pages_has_rows_too() -> None:
    menu = RemovedRun(0, 3, "navigation", -4.0, "Home")
    first = replace(FIRST, removed=(menu,))
    second = replace(page("New."), removed=(menu, RemovedRun(4, 2, "promo", -4.0, "Buy")))
    runs = joined(first, [second], partial=True).removed
    assert [run.text for run in runs] == ["Home", "Buy"]
    assert runs[1].position > max(block.position for block in first.blocks)
    assert joined(first, [second], partial=True).metadata.partial is True


def test_furniture_that_differs_in_a_number_stays_once() -> None:
    line = make_block("Page 1 of 3", kept=False, key=7)
    first = replace(FIRST, blocks=(*FIRST.blocks, replace(line, position=2)))
    second = page("New.")
    second = replace(second, blocks=(*second.blocks, replace(line, position=1, text="Page 2 of 3")))
    assert len(joined(first, [second], partial=False).blocks) == len(first.blocks) + 1


@pytest.mark.parametrize("line", ["Page {} of 3", "Seite {} von 3", "第{}页", "الصفحة {} من ٣"])
def test_a_line_that_counts_the_pages_is_no_text(line: str) -> None:
    said = [line.format(number) for number in (1, 2)]
    first, second = page(said[0], *texts(FIRST)), page("The ice came.", said[1])
    first, second = (
        replace(one, blocks=tuple(_keyed(block, said) for block in one.blocks))
        for one in (first, second)
    )
    whole = joined(first, [second], partial=False)
    assert texts(whole) == [*texts(FIRST), "The ice came."]
    assert [run.text for run in whole.removed] == said


def _keyed(block: Block, said: list[str]) -> Block:
    return replace(block, key=7) if block.text in said else block  # numbers are folded in keys


@pytest.mark.parametrize("text", ["次のページ：氷が来た", "Part two: the thaw", "Дальше: лёд"])
def test_a_line_that_leads_to_the_next_page_is_no_text(text: str) -> None:
    first = replace(page(*texts(FIRST), f"→ {text}"), pages=StoryPages(texts=(text,)))
    whole = joined(first, [page("The ice came.")], partial=False)
    assert texts(whole) == [*texts(FIRST), "The ice came."]
    assert [run.text for run in whole.removed] == [f"→ {text}"]


@pytest.mark.parametrize(
    "title",
    ["The harbour that froze", "The Harbour That Froze (2/3)", "The harbour that froze – Seite 2"],
)
def test_a_page_has_the_headline_numbers_aside(title: str) -> None:
    assert is_page_of(FIRST, page("New text.", title=title))


def test_a_page_may_say_the_headline_in_another_title() -> None:
    signs = Signs(titles=("2. The ice", "The harbour that froze - Daily Loop"))
    assert is_page_of(FIRST, page("New text.", title="2. The ice", signs=signs))


@pytest.mark.parametrize(
    ("title", "other"),
    [
        ("港が凍った日", "フェリーの値段が上がる"),
        ("Гавань замёрзла", "Цены растут"),
        ("الميناء المتجمد", "ارتفاع الأسعار"),
    ],
)
def test_another_headline_is_another_story(title: str, other: str) -> None:
    first = page("Text.", title=title)
    assert is_page_of(first, page("New.", title=title))
    assert not is_page_of(first, page("New.", title=other))


def test_what_repeats_the_text_is_no_further_page() -> None:
    assert not is_page_of(FIRST, FIRST)
    assert not is_page_of(FIRST, page(*texts(FIRST), "Reader 9: well said."))
    assert not is_page_of(FIRST, replace(page("New."), interstitial="login"))
    assert not is_page_of(FIRST, page())


def test_the_same_headline_on_another_day_is_another_story() -> None:
    later = datetime(2026, 11, 21, 8, 15, tzinfo=UTC)
    metadata = make_metadata(title="The harbour that froze", published_at=later)
    assert not is_page_of(FIRST, page("New.", metadata=metadata))
    guessed = replace(metadata, sources={"published_at": "text"})
    assert is_page_of(FIRST, page("New.", metadata=guessed))


def test_a_view_is_whole_if_it_has_the_first_page_and_more() -> None:
    view = page(*texts(FIRST), "The ice came.", "The ice went.")
    assert is_whole(FIRST, view)
    assert not is_whole(FIRST, FIRST) and not is_whole(FIRST, page("Others. " * 99))
    assert texts(shown_whole(FIRST, view)) == texts(view)
    assert shown_whole(FIRST, view).metadata == FIRST.metadata


@given(st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=6), max_size=4))
def test_no_text_is_lost_and_positions_rise(pages: list[list[str]]) -> None:
    whole = joined(FIRST, [page(*said) for said in pages], partial=False)
    assert set(texts(whole)) == {*texts(FIRST), *(text for said in pages for text in said)}
    positions = [block.position for block in whole.blocks]
    assert positions == sorted(set(positions))
