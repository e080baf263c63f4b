"""Each piece of a page has one row of measures, in the order of their names."""

from lxml.html import fromstring

from pipelines.boilerplate.features import NAMES, rows
from pipelines.extraction import vocabulary
from pipelines.extraction.blocks import outline
from pipelines.extraction.declared_text import DeclaredText
from pipelines.extraction.extractor_votes import ExtractorVotes

LINE = "The night ferry sails again in June, eleven years after the last one was broken up."
PAGE = outline(
    fromstring(
        f"<html><body><h1>Night ferry</h1><article><p>{LINE}</p></article><footer>"
        "<div class='comments'><a href='/x'>Leave a comment</a></div></footer></body></html>"
    )
)
KEPT = [0.0, 1.0, 0.0]
KINDS = ["heading", "paragraph", "unheard-of"]
SAYS = [0, 0, vocabulary.COMMENT]
CLAIMS = DeclaredText(titles=(frozenset({"night", "ferry"}),), body="")


def measures(wanted: tuple[bool, ...] = (True, True, True)) -> list[dict[str, float] | None]:
    count = len(PAGE.containers)
    votes = ExtractorVotes(KEPT, [False] * 3, [0.0] * count, [False] * count)
    found = rows(PAGE, ["h1", "p", "div"], KINDS, SAYS, votes, CLAIMS, wanted)
    return [row and dict(zip(NAMES, row, strict=True)) for row in found]


def test_a_row_has_a_number_for_each_name_and_unwanted_pieces_have_none() -> None:
    assert len(set(NAMES)) == len(NAMES)
    heading, paragraph, link = measures((True, False, True))
    assert heading is not None and paragraph is None and link is not None
    assert all(isinstance(value, int | float) for value in heading.values())


def test_a_row_says_what_a_piece_is_and_where() -> None:
    heading, paragraph, link = measures()
    assert heading and paragraph and link
    assert [(row["is_heading"], row["is_paragraph"], row["is_other"]) for row in
            (heading, paragraph, link)] == [(1, 0, 0), (0, 1, 0), (0, 0, 1)]  # fmt: skip
    assert (paragraph["kept"], heading["kept_after"]) == (1, 1)
    assert (paragraph["area_article"], link["area_footer"], heading["area_article"]) == (1, 1, 0)
    assert (link["link_density"], paragraph["link_density"]) == (1, 0)
    assert (paragraph["ends"], heading["ends"]) == (1, 0)
    assert (link["says_comment"], paragraph["says_comment"]) == (1, 0)
    assert (link["near_comment"], paragraph["near_comment"]) == (1, 0)
    assert heading["title_same"] > paragraph["title_same"]
