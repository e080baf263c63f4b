"""The step of an element in a DOM path, and what its names hint at."""

import pytest

from pipelines.extraction import vocabulary as v
from pipelines.extraction.steps import named


@pytest.mark.parametrize(
    ("names", "identity", "more", "step"),
    [
        ("", "", "", "div"),
        ("story body", "", "", "div.body.story"),
        ("story", "x", "", "div.story"),
        ("", "main", "", "div#main"),
        ("d c b a", "", "", "div.a.b.c"),
        ("story", "", "Paragraph", "div.Paragraph.story"),
        ("story", "", "a label that is too long to be the name of a component", "div.story"),
    ],
)
def test_a_step_is_the_tag_with_its_classes_or_else_its_id(
    names: str, identity: str, more: str, step: str
) -> None:
    assert named("div", names, identity, more)[0] == step


@pytest.mark.parametrize("name", ["css-1x2y3z", "sc-bdVaJa", "jsx123", "a1B2c3", "-0-", "42"])
def test_names_of_a_build_are_no_part_of_it(name: str) -> None:
    assert named("p", name, "", "")[0] == "p"


def test_suffixes_of_a_build_and_numbers_are_folded() -> None:
    assert named("p", "Story_aB3dE", "", "")[0] == "p.Story"
    assert named("p", "col-12", "", "")[0] == named("p", "col-6", "", "")[0] == "p.col-0"


def test_hints_are_of_all_names() -> None:
    assert named("div", "related", "comments", "author")[1] == v.RELATED | v.COMMENT | v.AUTHOR
    assert named("div", "", "", "")[1] == 0
