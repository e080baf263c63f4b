"""Pages read off their template: the same text as the search, and why others are searched."""

import json
from dataclasses import replace
from itertools import pairwise

import pytest

from models.blocks import RemovedRun
from models.items import Extraction
from models.templates import LearnedUse, Template, TemplateState, pack, unpack
from pipelines.kept_text import text_alone
from pipelines.page_reader import EXTRACTOR
from pipelines.templates import reading_off
from pipelines.templates.matching import Searched
from pipelines.templates.reading_off import SiteTemplates
from tests.support.template_site import (
    LANGUAGES,
    LAST,
    MORE,
    SURE,
    Look,
    MadePage,
    both,
    changed,
    read,
    story,
    taught_by,
    told,
)


@pytest.fixture(scope="module")
def known() -> SiteTemplates:
    return taught_by()


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
        assert (found.extraction.extractor, searched.extractor) == (
            reading_off.EXTRACTOR,
            EXTRACTOR,
        )
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
    ids=lambda one: None if isinstance(one, MadePage) else str(one),
)
def test_a_page_is_searched_for_a_reason(
    known: SiteTemplates, page: MadePage, why: Searched | None
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
    assert lesson.compared is None


def test_a_template_that_takes_a_page_for_its_own_is_named() -> None:
    """After a change of templates other stories may stand where articles did."""
    lines = "".join(f"<p>{line}</p>" for line in told("en", "x", 9))
    swapped = Look(body="other-stories", after=f"<div class=story-text>{lines}</div>")
    known = taught_by(look=Look(article="post", after="<div></div>"))
    (state,) = known.states
    assert state.packed is not None
    template = unpack(state.packed)
    use = LearnedUse(10, 60, 60, 5.0, 5.0, 2400, 240)
    gone = use._replace(kept=0, score=-9.0, nearest=-9.0)
    uses = {
        path: dict.fromkeys(range(160), gone if "other-stories" in path else use)
        for path in ("main>article.story>div.other-stories>p", "main>div.story-text>p")
    }
    wrong = replace(template, key=99, body="main>div.story-text", uses=uses, heads={})
    states = (TemplateState(99, SURE, None, pack(wrong)),)
    for page_hash, compared in ((LAST, None), (0, 99)):
        found = read(story(50, look=swapped), replace(known, states=states, page_hash=page_hash))
        if compared is None:
            assert found.searched is None
            continue
        assert found.lesson is not None
        assert (found.searched, found.lesson.agrees) == (Searched.SAMPLE, False)
        assert found.lesson.compared == compared != found.extraction.template_key


@pytest.mark.parametrize(("agreed", "rate"), [(0, 1), (1, 1 / 2), (3, 1 / 4), (SURE, 1 / 20)])
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
