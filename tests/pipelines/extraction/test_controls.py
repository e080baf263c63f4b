"""What holds a button or a field is known once it is gone."""

import pytest
from lxml.html import fragment_fromstring

from pipelines.extraction import controls


@pytest.mark.parametrize(
    "control",
    [
        "<button>Accept</button>",
        "<span><label><input type='email'></label></span>",
        "<input>",
        "<input type=submit value=x>",
        "<a href='#'>Later</a>",
        "<a href='javascript:void(0)'>Later</a>",
        "<a role=button href='/x'>Later</a>",
        "<span role=button>Later</span>",
        "<span onclick='f()'>Later</span>",
    ],
)
def test_the_block_around_a_control_is_marked(control: str) -> None:
    tree = fragment_fromstring(f"<div><section><p>One {control}</p></section></div>")
    controls.note(tree)
    marked = [element.tag for element in tree.iter() if controls.has_control(element)]
    assert marked == ["p"]


@pytest.mark.parametrize(
    "other",
    [
        "<input type=checkbox>",
        "<input type=hidden>",
        "<a name=top>Top</a>",
        "<a href='/story'>Later</a>",
        "<a href='#'></a>",
        "<a href='#'>A sentence that is longer than any label</a>",
    ],
)
def test_nothing_else_is_a_control(other: str) -> None:
    tree = fragment_fromstring(f"<div><p>One {other}</p></div>")
    controls.note(tree)
    assert not any(map(controls.has_control, tree.iter()))
