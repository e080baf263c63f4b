"""Captions in plain paragraphs are known by the picture in their box."""

import pytest

from models.items import Hint
from pipelines.extraction.blocks import walk
from pipelines.extraction.picture_lines import picture_lines
from pipelines.extraction.spans import spans
from pipelines.extraction.tree import parse
from pipelines.page_reader import extract
from tests.support.tales import STORIES, page, paragraphs


def found(body: str) -> list[str]:
    read, elements = walk(parse(f"<html><body>{body}</body></html>".encode(), "utf-8"))
    ranges = picture_lines(read, spans(read), elements)
    return [piece.text for start, stop in ranges for piece in read.pieces[start:stop]]


BOXES = (
    "<div class='g'><div class='w'><img src='/1.jpg'></div><p class='y'>{}</p></div>",
    "<div><picture><source srcset='/1.webp'><img src='/1.jpg'></picture><p>{}</p></div>",
    "<figure><img src='/1.jpg'><p>{}</p><p>© K. Lund</p></figure>",
    "<section><a href='/big'><img src='/1.jpg'></a><div><p>{}</p></div></section>",
)


@pytest.mark.parametrize("language", STORIES)
@pytest.mark.parametrize("box", BOXES)
def test_a_line_in_a_box_with_a_picture_is_a_caption(box: str, language: str) -> None:
    story = STORIES[language]
    first, *rest = (f"<p>{text}</p>" for text in story.paragraphs)
    body = f"<div class='b'>{first}{box.format(story.more[1])}{''.join(rest)}</div>"
    assert story.more[1] in found(body)
    body = f"<h1>{story.headline}</h1>{body}"
    read = extract(page(body, language, story.headline), None, "https://p.example/a", Hint(), None)
    kept = [block.text for block in read.blocks if block.kept]
    assert set(story.paragraphs) <= set(kept)
    assert story.more[1] not in kept


@pytest.mark.parametrize("language", STORIES)
def test_a_paragraph_with_a_picture_in_it_is_text(language: str) -> None:
    story = STORIES[language]
    text = "".join(f"<p><img src='/{n}.jpg'>{t}</p>" for n, t in enumerate(story.paragraphs))
    assert found(f"<div>{text}</div>") == []
    assert found(f"<div><img src='/1.jpg'>{paragraphs(story.paragraphs)}</div>") == []


@pytest.mark.parametrize("language", STORIES)
def test_a_story_told_in_pictures_has_no_captions(language: str) -> None:
    story = STORIES[language]
    boxes = "".join(BOXES[0].format(text) for text in (*story.paragraphs, *story.more))
    assert found(f"<div>{paragraphs(story.paragraphs[:2])}{boxes}</div>") == []


def test_lists_headings_and_quotes_beside_a_picture_are_no_captions() -> None:
    story = STORIES["en"]
    for tag in ("h3", "blockquote", "li"):
        box = f"<div><img src='/1.jpg'><{tag}>{story.other}</{tag}></div>"
        assert found(f"<div>{paragraphs(story.paragraphs)}{box}</div>") == []


BELOW = (
    "<p><img src='/1.jpg'></p><p class='foto-x'>{}</p>",
    "<img src='/1.jpg'><p class='q9'>{}</p>",
    "<div><a href='/big'><img src='/1.jpg'></a></div>\n<div class='under'>{}</div>",
)


@pytest.mark.parametrize("language", STORIES)
@pytest.mark.parametrize("below", BELOW)
def test_a_paragraph_of_its_own_class_below_a_picture_is_a_caption(
    below: str, language: str
) -> None:
    story = STORIES[language]
    first, *rest = (f"<p>{text}</p>" for text in story.paragraphs)
    assert found(f"{first}{below.format(story.more[1])}{''.join(rest)}") == [story.more[1]]


def test_a_paragraph_like_the_others_below_a_picture_is_the_story_s() -> None:
    texts = STORIES["en"].paragraphs
    assert found(f"<p>{texts[0]}</p><img src='/1.jpg'>{paragraphs(texts[1:])}") == []
    lead = f"<p>{texts[0]}</p><p class='x'>{texts[1]}</p>"
    assert found(f"{lead}<img src='/1.jpg'><p class='x'>{texts[2]}</p>{paragraphs(texts)}") == []
    assert found(f"<img src='/1.jpg'><p class='x'>{texts[2]}</p><p>{texts[0]}</p>") == []


@pytest.mark.parametrize("language", STORIES)
def test_a_paragraph_with_its_picture_is_a_caption_if_all_is_italic(language: str) -> None:
    story = STORIES[language]
    first, *rest = (f"<p>{text}</p>" for text in story.paragraphs)
    around = f"{first}<p><img src='/1.jpg'><br>{{}}</p>{''.join(rest)}"
    assert found(around.format(f"<em>{story.more[1]}</em>")) == [story.more[1]]
    assert found(around.format(story.more[1])) == []
