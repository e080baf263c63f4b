"""Sites read off their templates and searched: the same texts, whatever moves or is ruled."""

import pytest

from models.blocks import REASONS
from models.sites.config import ExtractionRules
from pipelines.kept_text import text_alone
from pipelines.templates.reading_off import SiteTemplates
from tests.support.template_site import (
    MORE,
    PLAIN,
    Look,
    both,
    changed,
    learned,
    read,
    story,
    taught_by,
    told,
)


@pytest.fixture(scope="module")
def known() -> SiteTemplates:
    return taught_by()


def test_a_table_a_list_and_a_brief_among_ordinary_pages_lose_no_text(known: SiteTemplates) -> None:
    rows = "".join(f"<tr><td>Ferry {n}</td><td>{n * 7} knots</td></tr>" for n in range(6))
    items = "".join(f"<li>{line}</li>" for line in told("en", "items", 6, 9))
    for tail in (
        f"<table>{rows}</table>",
        f"<ul>{items}</ul>",
        f"<blockquote>{MORE[0]}</blockquote>",
    ):
        page = story(50, look=Look(tail=tail))
        found, searched = both(page, known)
        assert found == searched
        assert found.startswith(page.text)
    brief = story(50, count=1)
    assert both(brief, known) == [brief.text] * 2


NAMES = ("Ruth Calder, 26", "Ivo Marsh, 71", "Anna Berg, 19", "Jonas Lind, 44", "Mila Frost, 33")
ITEMS = "".join(f"<li>{name}</li>" for name in NAMES)


@pytest.mark.parametrize(
    "added",
    [
        f"<ul class=names>{ITEMS * 4}</ul>",
        f"<h3>The winners</h3><ul>{ITEMS}</ul>",
        f"<p>These are the people who won a prize this year:</p><ul>{ITEMS}</ul>",
        f"<div class=facts><ul>{ITEMS * 3}</ul></div>",
        f"<ol>{ITEMS}</ol>",
        "<dl>" + "".join(f"<dt>{n}</dt><dd>{2 * n} boats</dd>" for n in range(100, 108)) + "</dl>",
        "".join(f"<p class=name>{name}</p>" for name in NAMES),
    ],
)
@pytest.mark.parametrize("place", ["lead", "tail", "amid"])
def test_short_lines_where_the_story_never_had_any_are_never_lost(
    known: SiteTemplates, added: str, place: str
) -> None:
    page = story(50, look=Look(**{place: added})) if place != "amid" else story(50)
    if place == "amid":
        page = changed(page, "</p><p>", f"</p>{added}<p>")
    found, searched = (text.split("\n\n") for text in both(page, known))
    assert {*page.paragraphs, *found} >= {line for line in searched if line in added}


@pytest.mark.parametrize("tag", ["ul", "nav", "header"])
def test_a_story_in_a_formerly_closed_box_is_never_lost(known: SiteTemplates, tag: str) -> None:
    story_text = "".join(f"<p>{line}</p>" for line in story(50).paragraphs)
    moved = changed(story(50, body=""), f"</{tag}>", f"{story_text}</{tag}>")
    found, searched = both(moved, known)
    assert found == searched


@pytest.mark.parametrize("many", [1, 2, 3])
def test_a_paragraph_of_the_story_in_a_formerly_closed_box_is_never_lost(
    known: SiteTemplates, many: int
) -> None:
    lines = "".join(f"<p>{line}</p>" for line in MORE[:many])
    page = changed(story(50), "<article", f"<header class=top>{lines}</header><article")
    found, searched = both(page, known)
    assert found == searched


def test_what_a_rule_removes_or_keeps_is_so_in_both_ways() -> None:
    call = f"<div class=call><p>{told('en', 'call', 1)[0]}</p></div>"
    look = Look(lead=call)
    rules = (
        ExtractionRules(remove=("div.call",)),
        ExtractionRules(keep=("div.call",)),
        ExtractionRules(body=("div.story-text",)),
        ExtractionRules(keep=("aside.more",)),
        ExtractionRules(remove=("aside.more", "header")),
    )
    for rule in rules:
        templates = learned([story(n, look=look) for n in range(10)], rule)
        page = story(50, look=look)
        found = read(page, templates, rule)
        assert found.searched is None
        assert {run.reason for run in found.extraction.removed} <= {*REASONS}
        first, second = both(page, templates, rule)
        assert first == second
        assert page.text in first


def test_two_templates_that_share_a_skeleton_are_read_off_each_as_its_own() -> None:
    live = Look(body="live-text")
    pages = [story(n, look=(PLAIN, live)[n % 2]) for n in range(24)]
    templates = learned(pages)
    assert len(templates.states) == 2
    for look in (PLAIN, live):
        page = story(50, look=look)
        found = read(page, templates)
        assert (found.searched, text_alone(found.extraction)) == (None, page.text)
