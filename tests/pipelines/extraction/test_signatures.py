"""A line above the story that says who wrote it and when is metadata, and no text."""

from datetime import date

import pytest

from models.items import Hint
from pipelines.extraction.blocks import outline
from pipelines.extraction.signatures import signatures
from pipelines.extraction.tree import parse
from pipelines.page_reader import extract
from tests.support.papers import PAPERS
from tests.support.tales import page, paragraphs

LINES = ("<p>{0}</p><p>{1}</p>", "<p>{1}, {0}</p>", "<p>{1} | {0}</p>", "<div>{1}<br><br>{0}</div>")


@pytest.mark.parametrize("language", sorted(PAPERS.keys() - {"ko", "el"}))
@pytest.mark.parametrize("line", LINES)
def test_a_line_with_writer_and_day_goes(line: str, language: str) -> None:
    paper = PAPERS[language]
    signed = line.format(paper.day, f"{paper.by} {paper.writer}")
    text = paragraphs((*paper.brief, paper.about[::-1]))
    body = f"<article><h1>{paper.headline}</h1>{signed}{text}</article>"
    read = extract(page(body, language, paper.headline), None, "https://p.example/a", Hint(), None)
    kept = [block.text for block in read.blocks if block.kept]
    assert set(paper.brief) <= set(kept)
    assert not any(paper.day in text or paper.writer in text for text in kept)
    gone = [
        *(block.text for block in read.blocks if not block.kept),
        *(r.text for r in read.removed),
    ]
    assert any(paper.day in text for text in gone)


@pytest.mark.parametrize("language", PAPERS)
def test_a_dateline_in_the_first_paragraph_stays(language: str) -> None:
    paper = PAPERS[language]
    first = f"{paper.headline}, {paper.day} - {paper.brief[0]}"
    body = f"<article><h1>{paper.headline}</h1>{paragraphs((first, *paper.brief))}</article>"
    read = extract(page(body, language, paper.headline), None, "https://p.example/a", Hint(), None)
    assert first in [block.text for block in read.blocks if block.kept]


def found(*lines: str, authors: tuple[str, ...] = ("Owen Castle",)) -> list[str]:
    body = "".join(f"<p>{line}</p>" for line in lines)
    read = outline(
        parse(f"<html><body><p>14 March 2024</p><h1>Bread</h1>{body}</body></html>".encode(), None)
    )
    numbers = signatures(read, authors, [date(2024, 3, 14)], "en")
    return [read.pieces[i].text for i in numbers if i]


def test_lines_that_say_more_stay() -> None:
    assert found("By Owen Castle") == ["By Owen Castle"]
    assert found("Owen Castle meets Maud Perrin at the oven") == []
    assert found("Owen Castle sings.") == []
    assert found("By Maud Perrin") == []
    assert found("By Owen Castle", authors=()) == []
    assert found("Published on Thursday, 14 March 2024") != []
    assert found("14 July 1789") == []
    assert found("On 14 March 2024 the bakers of Mill Lane went on working") == []
    assert (
        found(
            "The bakers of Mill Lane went on working, and nobody minded it much after that.",
            "By Owen Castle",
        )
        == []
    )


def test_the_day_may_stand_above_the_headline() -> None:
    read = outline(parse(b"<body><p>14 March 2024</p><h2>Bread</h2></body>", None))
    assert signatures(read, (), [date(2024, 3, 15)], "en") == [0]
    assert signatures(read, (), [date(2024, 3, 17)], "en") == []
    assert (
        signatures(outline(parse(b"<body><p>14 March 2024</p></body>", None)), (), [], "en") == []
    )
