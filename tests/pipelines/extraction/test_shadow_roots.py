"""Declarative shadow roots are read as they are shown."""

import pytest

from pipelines.extraction.blocks import outline
from pipelines.extraction.tree import parse


def pieces(html: str) -> list[str]:
    return [piece.text for piece in outline(parse(html.encode(), "utf-8")).pieces]


@pytest.mark.parametrize(
    "attribute", ["shadowrootmode=open", "shadowrootmode=closed", "shadowroot=open"]
)
def test_a_shadow_root_is_read_where_it_stands(attribute: str) -> None:
    html = (
        f"<p>Before.</p><x-story><template {attribute}><h2>Der Rat</h2><p>Er tagte.</p></template>"
        "</x-story><p>After.</p>"
    )
    assert pieces(html) == ["Before.", "Der Rat", "Er tagte.", "After."]


def test_slots_hold_what_their_host_gives_them() -> None:
    html = (
        "<x-story><template shadowrootmode=open><h1><slot name=title>no title</slot></h1>"
        "<section><slot></slot></section><p><slot name=none>По умолчанию.</slot></p></template>"
        "<p>議会が開かれた。</p><span slot=title>渡し船</span><p>可決した。</p></x-story>"
    )
    assert pieces(html) == ["渡し船", "議会が開かれた。", "可決した。", "По умолчанию."]


def test_the_text_of_a_host_is_in_the_slot_without_a_name() -> None:
    html = "<x-a>word<template shadowrootmode=open><p>a <slot></slot> b</p></template></x-a>"
    assert pieces(html) == ["a word b"]


def test_shadow_roots_in_shadow_roots_are_read() -> None:
    html = (
        "<x-a><template shadowrootmode=open><x-b><template shadowrootmode=open><p>inner "
        "<slot></slot></p></template><b>given</b></x-b><slot></slot></template><p>outer</p></x-a>"
    )
    assert pieces(html) == ["inner given", "outer"]


def test_other_templates_are_not_shown() -> None:
    assert "secret" not in "".join(
        pieces("<p>a</p><template shadowroot=no><p>secret</p></template>")
    )
