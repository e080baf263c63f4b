"""Which pieces an extractor's output holds, and where a page's prose is densest."""

import pytest
from lxml.html import fromstring
from pipelines.extraction.votes import coverage, density, inside

from pipelines.extraction.blocks import Outline
from pipelines.extraction.blocks import outline as outline_of

LONG = "The night ferry sails again in June, eleven years after the last one was broken up."
OTHER = "A minister, two mayors and a brass band were on board when she left the old harbour."


def outline(body: str) -> Outline:
    return outline_of(fromstring(f"<html><body>{body}</body></html>"))


def shares(body: str, *lines: str) -> list[float]:
    return coverage(outline(body).pieces, list(lines))


def test_a_long_piece_is_found_anywhere_whatever_its_spaces_and_case() -> None:
    assert shares(f"<p>{LONG}</p><p>{OTHER}</p>", OTHER.upper(), LONG.replace(" ", "  ")) == [1, 1]
    assert shares(f"<p>{LONG}</p>", OTHER) == [0]


def test_a_long_piece_that_is_there_in_part_counts_in_part() -> None:
    (share,) = shares(f"<p>{LONG} {OTHER}</p>", LONG)
    assert 0.3 < share < 0.6


def test_a_short_piece_counts_between_the_long_ones_around_it_and_once() -> None:
    more = "<p>Read more</p>"
    body = f"{more}<p>{LONG}</p>{more}<p>{OTHER}</p>{more}"
    assert shares(body, LONG, "Read more", OTHER) == [0, 1, 1, 1, 0]
    assert shares(f"{more}{more}", "Read more") == [1, 0]


@pytest.mark.parametrize(("text", "share"), [("ferry sails", 0.0), ("night ferry sails", 1.0)])
def test_a_part_of_a_line_counts_from_thirteen_characters_on(text: str, share: float) -> None:
    assert shares(f"<p>{text}</p>", LONG) == [share]


def test_prose_counts_for_what_holds_it_and_half_for_what_is_above() -> None:
    page = outline(f"<main><article><p>{LONG}</p><p>{OTHER}</p></article></main><div>x</div>")
    scores, best = density(page)
    steps = [container.tag for container in page.containers]
    assert steps[best] == "article"
    assert scores[steps.index("main")] == pytest.approx(scores[best] / 2)


@pytest.mark.parametrize(
    "piece", ["<p>Shorter than 25 letters.</p>", f"<p><a href='/x'>{LONG}</a></p>"]
)
def test_short_texts_and_links_are_no_prose(piece: str) -> None:
    assert sum(density(outline(f"<main><article>{piece}</article></main>"))[0]) == 0


def test_links_and_commas_weigh() -> None:
    def worth(text: str) -> float:
        return max(density(outline(f"<article><p>{text}</p></article>"))[0])

    assert worth(OTHER) > worth(OTHER.replace(",", ""))
    half = f"<a href='/x'>{OTHER[:40]}</a>{OTHER[40:]}"
    assert 0 < worth(half) < worth(OTHER)


def test_inside_is_the_container_and_all_below_it() -> None:
    page = outline(
        f"<main><article><div><p>{LONG}</p></div></article></main><aside>{OTHER}</aside>"
    )
    tags = [container.tag for container in page.containers]
    within = inside(page.containers, tags.index("article"))
    assert {tag for tag, there in zip(tags, within, strict=True) if there} == {
        "article", "div", "p",
    }  # fmt: skip
