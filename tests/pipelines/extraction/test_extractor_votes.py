"""Two votes on the main content: trafilatura's, asked once, and that of density."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import fromstring

from pipelines.extraction import extractor_votes as module
from pipelines.extraction.blocks import Outline, Piece, outline
from pipelines.extraction.extractor_votes import (
    agreement,
    coverage,
    density,
    extractor_votes,
    inside,
)

LINES = [
    f"The {name} of the town was opened again in June, after {n} years of repairs and waiting."
    for n, name in enumerate(("ferry", "bridge", "school", "library"), 3)
]
PAGE = fromstring(
    "<html><body><nav><a href='/'>Home</a></nav><main><article>"
    + "".join(f"<p>{line}</p>" for line in LINES)
    + "</article></main></body></html>"
)


def test_trafilatura_is_asked_once_whatever_density_says(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [LINES, LINES[:1]]
    monkeypatch.setattr(module, "main_content", lambda _: answers.pop(0))
    agreed = extractor_votes(PAGE, outline(PAGE))
    assert agreed.kept == [0.0, 1.0, 1.0, 1.0, 1.0]
    assert agreed.dense == [False, True, True, True, True]
    parted = extractor_votes(PAGE, outline(PAGE))
    assert parted.kept == [0.0, 1.0, 0.0, 0.0, 0.0]
    assert parted.dense == agreed.dense
    assert answers == []


@pytest.mark.parametrize(
    ("one", "other", "value"),
    [
        ([False] * 5, [False] * 5, 1.0),
        ([True] * 5, [True] * 5, 1.0),
        ([False, True, True, False, False], [False, False, False, True, True], 0.0),
        ([False, True, False, False, False], [False, True, True, True, True], 0.4),
    ],
)
def test_agreement_is_of_words(one: list[bool], other: list[bool], value: float) -> None:
    assert agreement(outline(PAGE), one, other) == pytest.approx(value, abs=0.01)


LONG = "The night ferry sails again in June, eleven years after the last one was broken up."
OTHER = "A minister, two mayors and a brass band were on board when she left the old harbour."


def page_of(body: str) -> Outline:
    return outline(fromstring(f"<html><body>{body}</body></html>"))


def shares(body: str, *lines: str) -> list[float]:
    return coverage(page_of(body).pieces, list(lines))


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
    page = page_of(f"<main><article><p>{LONG}</p><p>{OTHER}</p></article></main><div>x</div>")
    scores, best = density(page)
    steps = [container.tag for container in page.containers]
    assert steps[best] == "article"
    assert scores[steps.index("main")] == pytest.approx(scores[best] / 2)


@pytest.mark.parametrize(
    "piece", ["<p>Shorter than 25 letters.</p>", f"<p><a href='/x'>{LONG}</a></p>"]
)
def test_short_texts_and_links_are_no_prose(piece: str) -> None:
    assert sum(density(page_of(f"<main><article>{piece}</article></main>"))[0]) == 0


def test_links_and_commas_weigh() -> None:
    def worth(text: str) -> float:
        return max(density(page_of(f"<article><p>{text}</p></article>"))[0])

    assert worth(OTHER) > worth(OTHER.replace(",", ""))
    half = f"<a href='/x'>{OTHER[:40]}</a>{OTHER[40:]}"
    assert 0 < worth(half) < worth(OTHER)


def test_inside_is_the_container_and_all_below_it() -> None:
    page = page_of(
        f"<main><article><div><p>{LONG}</p></div></article></main><aside>{OTHER}</aside>"
    )
    tags = [container.tag for container in page.containers]
    within = inside(page.containers, tags.index("article"))
    assert {tag for tag, there in zip(tags, within, strict=True) if there} == {
        "article", "div", "p",
    }  # fmt: skip


PIECE: Piece = outline(PAGE).pieces[0]
WORDS = st.lists(st.sampled_from(["boat", "sea", "a", "harbour of the north"]), max_size=20)


@settings(max_examples=60)
@given(lines=st.lists(WORDS, max_size=8), texts=st.lists(WORDS, max_size=8))
def test_a_long_output_is_searched_with_the_same_result(
    lines: list[list[str]], texts: list[list[str]]
) -> None:
    written = [" ".join(words) for words in lines]
    pieces = [PIECE._replace(text=" ".join(words)) for words in texts + lines[::2]]
    plain = coverage(pieces, written)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_LONG", 0)
        assert coverage(pieces, written) == plain


def test_texts_that_a_long_output_lacks_cost_no_search_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_LONG", 0)
    output = module._Output("the boat is in the harbour of the north")
    assert output.may_hold("the harbour of") and output.find("harbour of the", 0) == 19
    assert not output.may_hold("another text, of another page")
