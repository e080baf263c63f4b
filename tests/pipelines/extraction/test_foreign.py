"""What is foreign has one reason for each piece."""

from lxml.html import fromstring

from pipelines.extraction import vocabulary
from pipelines.extraction.blocks import walk
from pipelines.extraction.declared_text import DeclaredText
from pipelines.extraction.foreign import foreign
from tests.support.tales import STORIES, paragraphs

STORY = STORIES["en"]
HEAD = f"<article><h1>{STORY.headline}</h1>{paragraphs(STORY.paragraphs)}"


def reasons(body: str) -> dict[str, int]:
    read, elements = walk(fromstring(f"<html><body>{body}</body></html>"))
    masks = foreign(read, elements, DeclaredText())
    assert len(masks) == len(read.pieces)
    return {piece.text: mask for piece, mask in zip(read.pieces, masks, strict=True)}


def test_each_kind_has_its_bit() -> None:
    box = "<div><img src='/1.jpg'><p>The harbour in May</p></div>"
    second = f"<article><h1>{STORY.other}</h1>{paragraphs(STORY.more)}</article>"
    found = reasons(f"{HEAD}{box}</article>{second}<dialog><p>Accept all of them.</p></dialog>")
    assert found["The harbour in May"] == vocabulary.LINE
    assert found[STORY.other] == found[STORY.more[0]] == vocabulary.STORY
    assert found["Accept all of them."] == vocabulary.DIALOG
    assert {found[text] for text in STORY.paragraphs} == {0}


def test_a_row_of_a_reader_has_its_bit() -> None:
    rows = "".join(
        f"<div><div>{name}, {ago}</div><p>{text}</p></div>"
        for name, ago, text in zip(STORY.names, STORY.ago, (*STORY.more, "So it is."), strict=True)
    )
    found = reasons(f"{HEAD}<section><h3>Hail</h3>{rows}</section></article>")
    assert found[STORY.more[0]] == found["Hail"] == vocabulary.ROW
    found = reasons(f"{HEAD}<h3>Hail</h3><p>{STORY.more[1]}</p><div>{rows}</div></article>")
    assert (found["Hail"], found[STORY.more[0]]) == (0, vocabulary.ROW)


def test_a_page_without_text_has_nothing_foreign() -> None:
    assert reasons("<div></div>") == {}
