"""Calls and notes on the author behind the last sentence are no part of the story."""

import pytest

from models.items import Hint
from pipelines.boilerplate.closing import closing
from pipelines.extraction.blocks import outline
from pipelines.extraction.tree import parse
from pipelines.page_reader import extract
from tests.support.papers import PAPERS, Paper
from tests.support.tales import page, paragraphs

NUMBERS = range(6)  # of a paper's calls


def kept_of(paper: Paper, language: str, end: str) -> list[str]:
    byline = f"<p class='byline'>{paper.by} {paper.writer}</p>"
    text = paragraphs((*paper.brief, *(text[::-1] for text in paper.brief)))
    body = f"<article><h1>{paper.headline}</h1>{byline}{text}{end}</article>"
    read = extract(page(body, language, paper.headline), None, "https://p.example/a", Hint(), None)
    return [block.text for block in read.blocks if block.kept]


@pytest.mark.parametrize("language", PAPERS)
@pytest.mark.parametrize("number", NUMBERS)
def test_a_call_behind_the_story_is_not_kept(number: int, language: str) -> None:
    paper = PAPERS[language]
    kept = kept_of(paper, language, f"<p>{paper.calls[number]}</p>")
    assert paper.calls[number] not in kept
    assert set(paper.brief) <= set(kept)


@pytest.mark.parametrize("language", sorted(PAPERS.keys() - {"ko", "th", "el"}))
def test_a_note_on_the_author_is_not_kept(language: str) -> None:
    paper = PAPERS[language]
    end = f"<p>{paper.about}</p><p>{paper.calls[5]}</p>"
    kept = kept_of(paper, language, end)
    assert not {paper.about, paper.calls[5]} & set(kept)
    assert set(paper.brief) <= set(kept)


def numbers(texts: tuple[str, ...], authors: tuple[str, ...] = (), tag: str = "p") -> list[int]:
    body = "".join(f"<{tag}>{text}</{tag}>" for text in texts)
    read = outline(parse(f"<html><body>{body}</body></html>".encode(), None))
    kinds = ["heading" if tag == "h2" else "paragraph"] * len(read.pieces)
    return closing(read, [1.0] * len(read.pieces), kinds, authors)


EN = PAPERS["en"]


def test_only_what_stands_at_the_end_goes() -> None:
    assert numbers((*EN.brief, EN.calls[3])) == [2]
    assert numbers((EN.calls[3], *EN.brief)) == []
    assert numbers((EN.brief[0], EN.calls[3], EN.brief[1])) == []


def test_a_story_that_is_a_call_stays() -> None:
    assert numbers(EN.calls) == []
    assert numbers((EN.brief[1], *EN.calls[:2])) == []


def test_who_wrote_it_may_speak_in_it_and_be_told_of_in_it() -> None:
    name = EN.writer
    assert numbers((*EN.brief, EN.about), (name,)) == [2]
    assert numbers((*EN.brief, EN.about), ("Nobody Else",)) == []
    assert numbers((*EN.brief, f"{name} said: “The bread is what people come for.”"), (name,)) == []
    assert numbers((*EN.brief, f"They were all there, and so was {name}."), (name,)) == []
    assert numbers((*EN.brief, f"{name} {'wrote it and went on ' * 20}."), (name,)) == []


@pytest.mark.parametrize("language", PAPERS)
@pytest.mark.parametrize(
    "form", ["<p><em>{}</em></p>", "<p><a href='/x'>{}</a></p>", "<div>{}</div>"]
)
def test_a_call_that_is_set_apart_goes_anywhere(form: str, language: str) -> None:
    paper = PAPERS[language]
    body = f"{paragraphs(paper.brief)}{form.format(paper.calls[4])}{paragraphs(paper.brief)}"
    read = outline(parse(f"<html><body>{body}</body></html>".encode(), None))
    assert closing(read, [1.0] * 5, ["paragraph"] * 5, ()) == [2]
    plain = f"{paragraphs(paper.brief)}<p>{paper.calls[4]}</p>{paragraphs(paper.brief)}"
    read = outline(parse(f"<html><body>{plain}</body></html>".encode(), None))
    assert closing(read, [1.0] * 5, ["paragraph"] * 5, ()) == []


def test_an_agency_that_signs_is_no_person() -> None:
    text = "The Associated Press made this story with data of the league."
    assert numbers((*EN.brief, text), ("THE ASSOCIATED PRESS",)) == []


@pytest.mark.parametrize(
    "said",
    ["“a late step”", "«шаг очень поздний»", "„ein später Schritt“", "「それは遅すぎた一歩だ」"],
)
def test_who_is_quoted_is_in_the_story(said: str) -> None:
    assert numbers((*EN.brief, f"{EN.writer} called it {said}, and went on."), (EN.writer,)) == []
    named = f"{EN.writer} writes in «Вестник» and “The Mill” and 「水車」 since 2015."
    assert numbers((*EN.brief, named), (EN.writer,)) == [2]
