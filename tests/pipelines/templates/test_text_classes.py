"""Classes of texts: what differs in length, links, type or end is told apart."""

from itertools import pairwise

import pytest

from models.text import words
from pipelines.extraction.blocks import Piece
from pipelines.templates.text_classes import SAYS, text_class
from tests.support.template_site import LANGUAGES, SPACELESS, told


def piece(text: str, linked: int = 0, strong: int = 0) -> Piece:
    return Piece(text, words(text), linked, strong, 0)


def test_texts_of_other_lengths_are_of_other_classes() -> None:
    line = "one two three four five six seven eight nine ten eleven twelve and more and more"
    classes = [text_class(piece(" ".join(line.split()[:n])), 0) for n in (3, 7, 14, 16)]
    assert len(set(classes)) == 4
    assert classes == sorted(classes)
    assert classes[0] == text_class(piece("one"), 0)


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - SPACELESS))
def test_paragraphs_of_a_story_are_alike_and_a_link_to_another_is_not(language: str) -> None:
    lines = [*told(language, 1), *told(language, 2)]
    assert len({text_class(piece(line), 0) for line in lines}) <= 2  # by their lengths
    linked = text_class(piece(lines[0], linked=len(lines[0])), 0)
    some = text_class(piece(lines[0], linked=len(lines[0]) // 2), 0)
    assert len({text_class(piece(lines[0]), 0), some, linked}) == 3


def test_a_few_linked_words_make_no_link() -> None:
    text = "The ferry sails again in June, eleven years after the last one was broken up."
    assert text_class(piece(text, linked=10), 0) == text_class(piece(text), 0)


def test_type_end_and_hints_each_tell_texts_apart() -> None:
    text = "The ferry sails again in June, eleven years later."
    made = [
        text_class(piece(text), 0),
        text_class(piece(text, strong=len(text)), 0),
        text_class(piece(text[:-1]), 0),
        text_class(piece(text), 1 << 40),
    ]
    assert len(set(made)) == 4
    assert [of & SAYS for of in made] == [0, 0, 0, SAYS]


def test_classes_are_small_numbers_that_do_not_overlap() -> None:
    found = {
        text_class(piece(text, round(share * len(text)), strong * len(text)), hints)
        for count in (1, 5, 10, 20)
        for end in ("", ".")
        for text in [" ".join(["word"] * count) + end]
        for share in (0, 0.5, 1)
        for strong in (0, 1)
        for hints in (0, 3)
    }
    assert len(found) == 4 * 2 * 3 * 2 * 2
    assert all(0 <= one < other < 96 for one, other in pairwise(sorted(found)))
