"""Stored templates that are damaged: refused as a whole, or harmless to whoever reads by them."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.reports.site_templates import Usage, template_lines
from models.memory.learned import TaughtTemplate
from models.memory.learned_templates import LEAST
from models.templates import combined, pack, pack_page, unpack_page, usable
from pipelines.templates.matching import Searched
from pipelines.templates.reading_off import SiteTemplates
from tests.factories import NOW
from tests.support.json_damage import damaged
from tests.support.site_server import SiteServer
from tests.support.template_site import PLAIN, Look, learned, lesson_of, read, story, taught_by
from tests.test_template_crawls import TAUGHT, Desk, Paper

KNOWN = taught_by()
(STATE,) = KNOWN.states
LESSONS = [lesson_of(story(n)) for n in range(LEAST)]
PAGE = story(50)
FEW = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])


@FEW
@given(damaged(st.just(STATE.packed)))
def test_a_template_with_another_value_is_refused_or_a_page_is_read_by_it(packed: bytes) -> None:
    state = STATE._replace(packed=packed)
    row = TaughtTemplate(state.key, "", state.agreed, packed, LEAST, 1, 1, NOW, NOW)
    shown = list(template_lines("example", [row], Usage(""), 1))
    try:
        usable(state)
    except ValueError as fault:
        assert [str(fault) in line for line in shown] == [True]
        return
    assert len(shown) > 1
    read(PAGE, replace(KNOWN, states=(state,)))


@FEW
@given(damaged(st.sampled_from(list(map(pack_page, LESSONS)))))
def test_a_sampled_page_with_another_value_is_refused_or_teaches_what_can_be_read(
    packed: bytes,
) -> None:
    try:
        page = unpack_page(packed)
    except ValueError as fault:
        assert str(fault)
        return
    state = STATE._replace(packed=pack(combined(STATE.key, [page, *LESSONS])))
    assert usable(state) is not None
    read(PAGE, replace(KNOWN, states=(state,)))


LIVE = Look(body="live-text")


@pytest.fixture(scope="module")
def two() -> SiteTemplates:
    """The templates of two looks."""
    return learned([story(n, look=(PLAIN, LIVE)[n % 2]) for n in range(20)])


@pytest.mark.parametrize(
    ("own", "damaged", "why"),
    [
        ("none", False, Searched.OTHER_TEMPLATE),
        ("none", True, Searched.DAMAGED),
        ("few", False, Searched.LEARNING),
        ("few", True, Searched.DAMAGED),
    ],
)
def test_a_page_is_searched_for_a_reason_of_its_own_template(
    two: SiteTemplates, own: str, damaged: bool, why: Searched
) -> None:
    page = story(50, look=LIVE)
    key = read(page).extraction.template_key
    mine = [one._replace(packed=None) for one in two.states if one.key == key and own == "few"]
    others = [one for one in two.states if one.key != key]
    marked = frozenset({key}) if damaged else frozenset()
    known = replace(two, states=(*others, *mine), damaged=marked)
    assert (len(others), read(page, known).searched) == (1, why)
    alone = replace(known, states=tuple(mine))
    assert read(page, alone).searched is (why if damaged else Searched.LEARNING)
    assert read(story(51), known).searched is None  # the other template is read off as before
    for said in (Searched.ALWAYS, Searched.STORED):
        assert known.why(said, key) is said
    assert known.why(Searched.SHORT, key) is (why if damaged else Searched.SHORT)


def test_text_where_its_usable_template_has_none_stands_in_a_new_place(two: SiteTemplates) -> None:
    key = two.states[0].key
    assert two.why(Searched.OTHER_TEMPLATE, key) is Searched.NEW_PLACES


def test_pages_of_a_damaged_template_are_counted_as_such_until_it_is_learned_anew(
    desk: Desk,
) -> None:
    with SiteServer() as site:
        paper = Paper(desk, site)
        site.page("/", "<html><title>The Daily Loop</title></html>")
        desk.upgrade()
        paper.show(range(TAUGHT))
        assert paper.crawl()["learning"] >= LEAST
        desk.execute("update learned_templates set learned = x'00', agreed = 'abc'")
        desk.execute("update template_samples set shown = x'00'")
        paper.show(range(100, 104))
        assert paper.crawl() == {"damaged": 4}
        paper.show(range(200, 204))
        assert paper.crawl() == {"learning": 4}
        paper.show(range(300, 302))
        assert paper.crawl().keys() <= {"sample", "template"}
        assert paper.wrong() == []
