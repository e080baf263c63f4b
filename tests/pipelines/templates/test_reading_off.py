"""Pages read off their template: the same text as the search, and no text lost."""

import json
from dataclasses import replace
from itertools import pairwise

import pytest

from models.blocks import RemovedRun
from models.items import Extraction
from models.sites.config import ExtractionRules
from models.templates import Template, pack, unpack
from pipelines.kept_text import text_alone
from pipelines.page_reader import EXTRACTOR, OFF_TEMPLATE
from pipelines.templates.matching import Searched
from pipelines.templates.reading_off import LEAST_RATE, SiteTemplates
from tests.support.template_site import (
    LANGUAGES,
    LAST,
    PLAIN,
    SURE,
    Look,
    Story,
    learned,
    read,
    story,
    taught_by,
    told,
)

MORE = told("en", "more", 9)


@pytest.fixture(scope="module")
def known() -> SiteTemplates:
    return taught_by()


def both(page: Story, templates: SiteTemplates, rules: ExtractionRules | None = None) -> list[str]:
    """The texts of both ways of reading."""
    ways = read(page, templates, rules), read(page, None, rules)
    return [text_alone(found.extraction) for found in ways]


def changed(page: Story, old: str, new: str) -> Story:
    html = page.html.decode()
    assert old in html
    return replace(page, html=html.replace(old, new, 1).encode())


def positions(page: Extraction) -> list[int]:
    """Of all blocks, those in runs one by one."""
    runs = (range(run.position, run.position + run.blocks) for run in page.removed)
    return sorted([*(block.position for block in page.blocks), *(n for run in runs for n in run)])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_known_page_is_read_off_with_the_text_of_the_search(language: str) -> None:
    templates = taught_by(language)
    for number in (50, 51, 52):
        page = story(number, language)
        found = read(page, templates)
        assert (found.searched, found.lesson) == (None, None)
        assert both(page, templates) == [page.text] * 2
        searched = read(page).extraction
        assert (found.extraction.extractor, searched.extractor) == (OFF_TEMPLATE, EXTRACTOR)
        assert found.extraction.metadata == searched.metadata
        assert found.extraction.template_key == searched.template_key
        assert (found.extraction.is_article, found.extraction.interstitial) == (True, None)


def test_positions_are_unique_and_ascend_among_runs_and_blocks(known: SiteTemplates) -> None:
    page = read(story(50), known).extraction
    assert positions(page) == list(range(len(positions(page))))
    assert all(one.position < other.position for one, other in pairwise(page.blocks))
    assert all(one < other for one, other in pairwise(page.removed))
    assert page.removed[0][:3] == (0, 1, "navigation")
    assert page.removed[0].text.startswith("Marina")


def test_neighbouring_boxes_of_one_reason_are_one_run_and_empty_ones_none() -> None:
    ads = "<div class=ad><p>Buy</p></div><div class=ad></div><div class=ad><p>Sell</p></div>"
    look = Look(after=f"<nav class=low>{ads}</nav>")
    templates = taught_by(look=look)
    low = "main>nav.low"
    (state,) = templates.states
    assert state.packed is not None
    template = unpack(state.packed)
    closed = {path: box for path, box in template.closed.items() if path != low}
    assert closed.keys() < template.closed.keys()
    packed = pack(replace(template, closed=closed))
    page = read(story(50, look=look), replace(templates, states=(state._replace(packed=packed),)))
    assert page.searched is None
    runs = [run for run in page.extraction.removed if run.text.startswith("Buy")]
    assert [run.blocks for run in runs] == [2]
    assert positions(page.extraction) == list(range(len(positions(page.extraction))))


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


def damaged(templates: SiteTemplates, packed: bytes | None) -> SiteTemplates:
    return replace(templates, states=(templates.states[0]._replace(packed=packed),))


HIDDEN = json.dumps({"@type": "NewsArticle", "articleBody": "\n\n".join(told("en", "hidden", 30))})
LINKS = "".join(f"<p><a href=/{n}>{line}</a></p>" for n, line in enumerate(MORE))
FULL = "".join(f"<p>{line}</p>" for line in MORE)


@pytest.mark.parametrize(
    ("page", "why"),
    [
        (story(50), None),
        (story(50, look=Look(body="text-of-it")), Searched.OTHER_TEMPLATE),
        (story(50, look=Look(head="h3")), Searched.NO_HEADLINE),
        (story(50, look=Look(tail=f"<div class=box><p>{MORE[0]}</p></div>")), Searched.NEW_PLACES),
        (story(50, body="<p>Please log in to read this page.</p>" * 20), Searched.UNSURE),
        (changed(story(50), "</nav>", f"</nav>{FULL}"), Searched.FULL_BOX),
        (story(50, count=2), Searched.SHORT),
        (
            changed(story(50), "</head>", f"<script type='application/ld+json'>{HIDDEN}</script>"),
            Searched.HIDDEN,
        ),
        (replace(story(50), url="https://paper.test/"), Searched.NO_ARTICLE),
        (story(50, body=LINKS), Searched.UNSURE),
    ],
    ids=lambda one: None if isinstance(one, Story) else str(one),
)
def test_a_page_is_searched_for_a_reason(
    known: SiteTemplates, page: Story, why: Searched | None
) -> None:
    found = read(page, known)
    assert found.searched == why
    plain = read(page).extraction
    assert text_alone(found.extraction) == text_alone(plain)
    if why is not None:
        assert found.extraction == plain


def test_a_site_may_leave_no_choice(known: SiteTemplates) -> None:
    page, none = story(50), replace(known, states=())
    for templates, why in (
        (replace(known, always=True), Searched.ALWAYS),
        (replace(known, searched=True), Searched.STORED),
        (replace(known, always=True, searched=True), Searched.ALWAYS),
        (none, Searched.LEARNING),
        (damaged(known, None), Searched.LEARNING),
        (replace(known, page_hash=0), Searched.SAMPLE),
        (damaged(known, b"damaged"), Searched.DAMAGED),
    ):
        found = read(page, templates)
        assert (found.searched, found.extraction) == (why, read(page).extraction)
    assert read(page, SiteTemplates()).searched is None  # nobody asked


def test_a_sample_says_whether_both_ways_agree(known: SiteTemplates) -> None:
    lesson = read(story(50), replace(known, page_hash=0)).lesson
    assert lesson is not None
    assert lesson.agrees is True
    state = known.states[0]
    assert state.packed is not None
    template = unpack(state.packed)
    wrong = {path: {of: use._replace(kept=0, score=-9.0, nearest=-9.0) for of, use in uses.items()}
             for path, uses in template.uses.items()}  # fmt: skip
    lied = replace(damaged(known, pack(replace(template, uses=wrong, words=(0,)))), page_hash=0)
    found = read(story(50), lied)
    assert text_alone(found.extraction) == story(50).text


@pytest.mark.parametrize(("agreed", "rate"), [(0, 1), (2, 1 / 2), (6, 1 / 4), (SURE, LEAST_RATE)])
def test_fewer_pages_are_samples_the_longer_a_template_holds(agreed: int, rate: float) -> None:
    templates = taught_by(count=8)
    state = templates.states[0]._replace(agreed=agreed)
    for share, sampled in ((rate - 0.001, True), (rate + 0.001, False)):
        page_hash = int(min(share, 0.999999) * LAST)
        assert replace(templates, page_hash=page_hash).samples(state) == (sampled or rate == 1)


def test_a_sample_wants_pages_until_it_is_full_and_then_those_of_smaller_hashes(
    known: SiteTemplates,
) -> None:
    key = known.states[0].key
    full = replace(known, states=(known.states[0]._replace(last_hash=100),), page_hash=100)
    assert known.wants(key, None)
    assert full.wants(key, None)
    assert not replace(full, page_hash=101).wants(key, True)
    assert replace(full, page_hash=101).wants(key, False)
    assert replace(full, page_hash=101).wants(key + 1, None)  # nothing is known of it
    assert not replace(full, teaches=False).wants(key, None)


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


def test_a_template_of_another_version_is_not_read(known: SiteTemplates) -> None:
    state = known.states[0]
    assert state.packed is not None
    assert isinstance(unpack(state.packed), Template)
    old = damaged(known, state.packed[:-2])
    assert read(story(50), old).searched == Searched.DAMAGED


def test_runs_are_what_was_passed_over(known: SiteTemplates) -> None:
    for run in read(story(50), known).extraction.removed:
        assert isinstance(run, RemovedRun)
        assert run.reason
        assert run.text
