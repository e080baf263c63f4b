"""A story's edges: what stands at its head and end, its posts, a sentence that goes on."""

from datetime import UTC, datetime

from models.items import Metadata
from pipelines.boilerplate.classify import GIVEN, NEVER
from pipelines.boilerplate.story_edges import Edged, with_edges
from pipelines.extraction import vocabulary
from pipelines.extraction.blocks import Outline, outline
from pipelines.extraction.tree import parse
from tests.support.papers import PAPERS
from tests.support.tales import paragraphs

EN = PAPERS["en"]


def read(body: str) -> Outline:
    return outline(parse(f"<html><body>{body}</body></html>".encode(), None))


def edged(page: Outline, scores: list[float], metadata: Metadata | None = None) -> Edged:
    kinds = [
        "heading" if page.containers[piece.container].tag[0] == "h" else "paragraph"
        for piece in page.pieces
    ]
    return with_edges(page, scores, [0] * len(scores), kinds, metadata or Metadata())


def test_each_edge_has_its_score_and_its_reason() -> None:
    signed = f"<h1>{EN.headline}</h1><p>By {EN.writer}</p>"
    page = read(f"{signed}{paragraphs((*EN.brief, EN.calls[3]))}")
    wrote = Metadata(authors=(EN.writer,), published_at=datetime(2024, 3, 14, tzinfo=UTC))
    found = edged(page, [1.0, 2.0, 3.0, 3.0, 3.0], wrote)
    assert found.scores == [1.0, -NEVER, 3.0, 3.0, 3.0 - NEVER]
    assert found.hints == [0, 0, 0, 0, vocabulary.ASKS]
    assert found.times == frozenset()


def test_the_times_of_posts_are_kept() -> None:
    page = read("".join(f"<div><b>{n}:42</b><p>{EN.brief[0]}</p></div>" for n in (11, 12, 13)))
    found = edged(page, [-6.0, 1.0] * 3)
    assert found.scores == [GIVEN, 1.0] * 3
    assert found.times == {0, 2, 4}


def test_a_sentence_that_goes_on_is_kept_and_nothing_else_is() -> None:
    for language in PAPERS:
        page = read(paragraphs(PAPERS[language].brief))
        assert edged(page, [1.0, -0.3]).scores == [1.0, GIVEN], language
        assert edged(page, [1.0, -0.7]).scores == [1.0, -0.7]
        assert edged(page, [-1.0, -0.3]).scores == [-1.0, -0.3]
    first, second = EN.brief
    for other in (
        f"<p class='x'>{second}</p>",
        f"<div><p>{second}</p></div>",
        f"<p><a href='/'>{second}</a></p>",
        "<p>Of the council, on a Thursday in March 2024</p>",
        "<p>Not so.</p>",
    ):
        assert edged(read(f"<p>{first}</p>{other}"), [1.0, -0.3]).scores == [1.0, -0.3]
