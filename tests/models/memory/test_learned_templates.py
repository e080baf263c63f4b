"""Learned templates: what pages teach, when all is learned anew, how it goes."""

import random
from collections.abc import Iterable
from dataclasses import replace

import pytest
from sqlalchemy import Connection, select

from models.db.database import Database
from models.evidence import SAMPLE, Observation
from models.memory import learned_templates, site_memory, template_samples
from models.memory.learned_templates import LEARNED_TEMPLATES, LEAST
from models.memory.template_samples import TEMPLATE_SAMPLES
from models.templates import Lesson, PlaceUse, TemplatePage, TemplateState, pack_page, unpack
from tests.factories import NOW
from tests.support.observations import Taught, teaches

BASIS = "winnow/3 -"


@pytest.fixture
def site(database: Database) -> Taught:
    return Taught(database)


def lesson(
    number: int, *, basis: str = BASIS, agrees: bool | None = None, shows: bool = True
) -> Lesson:
    uses = {"p": {1: PlaceUse(3, 3, 9.0 + number, 3.0, 90)}}
    page = TemplatePage("div", 100 + number, uses, {}, frozenset({"div"}), {"headline": "h1"})
    return Lesson(pack_page(page) if shows else None, basis, agrees)


def observed(number: int, key: int = 7, given: Lesson | None = None) -> Observation:
    """A page whose hash is in the order of its number."""
    seen = teaches(number, {}, template=key)
    return replace(seen, page_hash=number << 40, lesson=given or lesson(number))


def teach(site: Taught, pages: Iterable[Observation]) -> None:
    site.remember(*pages)


def rows(site: Taught) -> tuple[list[object], list[object]]:
    """All that is learned, and all samples."""
    with site.database.reading() as conn:
        learned = conn.execute(select(LEARNED_TEMPLATES).order_by("template_key"))
        samples = conn.execute(select(TEMPLATE_SAMPLES).order_by("template_key", "page_hash"))
        return [tuple(row) for row in learned], [tuple(row) for row in samples]


def states(site: Taught, basis: str = BASIS) -> tuple[TemplateState, ...]:
    with site.database.reading() as conn:
        return learned_templates.states(conn, site.site_id, basis)


def test_the_same_pages_in_any_order_give_the_same_rows(site: Taught) -> None:
    pages = [observed(n, 7 + n % 2) for n in range(2 * SAMPLE + 4)]
    teach(site, pages)
    first = rows(site)
    site.forget()
    assert rows(site) == ([], [])
    random.Random(4).shuffle(pages)
    teach(site, pages)
    assert rows(site) == first


def test_a_sample_is_bounded_and_then_says_which_pages_it_has_room_for(site: Taught) -> None:
    teach(site, map(observed, range(SAMPLE - 1)))
    assert [state.last_hash for state in states(site)] == [None]
    teach(site, map(observed, range(SAMPLE - 1, 3 * SAMPLE)))
    assert len(rows(site)[1]) == SAMPLE
    (state,) = states(site)
    assert state.last_hash == (SAMPLE - 1) << 40
    assert state.packed is not None
    assert unpack(state.packed).words == tuple(range(100, 100 + SAMPLE))


def test_too_few_pages_teach_nothing(site: Taught) -> None:
    teach(site, map(observed, range(LEAST - 1)))
    assert [(state.key, state.packed) for state in states(site)] == [(7, None)]
    teach(site, [observed(LEAST)])
    (state,) = states(site)
    assert state.packed is not None
    assert (unpack(state.packed).pages, unpack(state.packed).key) == (LEAST, 7)


def test_a_page_that_comes_again_is_no_second(site: Taught) -> None:
    teach(site, map(observed, range(LEAST)))
    once = rows(site)
    teach(site, map(observed, range(LEAST)))
    assert rows(site) == once


def test_comparisons_that_agree_are_counted_in_a_row(site: Taught) -> None:
    teach(site, map(observed, range(LEAST)))
    agreed = [observed(99, given=lesson(99, agrees=True, shows=False)) for _ in range(3)]
    teach(site, agreed)
    (state,) = states(site)
    assert (state.agreed, len(rows(site)[1])) == (3, LEAST)
    teach(site, [observed(98, given=lesson(98, agrees=None, shows=False))])
    assert states(site)[0].agreed == 3


@pytest.mark.parametrize("given", [lesson(99, agrees=False), lesson(99, basis="winnow/4 -")])
def test_a_disagreement_or_another_basis_has_it_learned_anew(site: Taught, given: Lesson) -> None:
    teach(site, map(observed, range(SAMPLE)))
    teach(site, [observed(98, given=lesson(98, agrees=True, shows=False))])
    teach(site, [observed(99, given=given)])
    assert states(site, given.basis) == (TemplateState(7, 0, None, None),)
    assert [row[3] for row in rows(site)[1]] == [99]
    teach(site, [observed(n, given=replace_basis(lesson(n), given)) for n in range(LEAST)])
    assert states(site, given.basis)[0].packed is not None


def test_a_template_is_known_once_enough_pages_have_taught_it(site: Taught) -> None:
    def known(key: int = 7) -> bool:
        with site.database.reading() as conn:
            return learned_templates.is_known(conn, site.site_id, key)

    teach(site, map(observed, range(LEAST - 1)))
    assert not known()
    teach(site, [observed(LEAST)])
    assert known() and not known(8)
    teach(site, [observed(99, given=lesson(99, agrees=False))])
    assert not known()


def replace_basis(own: Lesson, other: Lesson) -> Lesson:
    return own._replace(basis=other.basis)


def test_another_template_is_not_touched_by_a_disagreement(site: Taught) -> None:
    teach(site, [observed(n, key) for key in (7, 8) for n in range(LEAST)])
    teach(site, [observed(99, 7, lesson(99, agrees=False, shows=False))])
    assert [(state.key, state.packed is None) for state in states(site)] == [(7, True), (8, False)]


def test_a_template_that_took_a_page_for_its_own_is_forgotten(site: Taught) -> None:
    teach(site, [observed(n, key) for key in (7, 8) for n in range(LEAST)])
    wrong = lesson(99, agrees=False)._replace(compared=8)
    teach(site, [observed(99, 7, wrong)])
    (state,) = states(site)
    assert (state.key, state.packed is None, state.agreed) == (7, False, 0)
    assert len(rows(site)[1]) == LEAST + 1
    teach(site, [observed(98, 7, wrong._replace(agrees=True))])
    assert states(site)[0].agreed == 0


def test_what_other_rules_taught_is_not_used(site: Taught) -> None:
    teach(site, map(observed, range(LEAST)))
    assert states(site, "winnow/3 0badcafe") == (TemplateState(7, 0, None, None),)


def test_a_basis_that_is_long_is_known_again(site: Taught) -> None:
    long = "winnow/3 " + "x" * 300
    teach(site, [observed(n, given=lesson(n, basis=long)) for n in range(LEAST)])
    assert [state.packed is None for state in states(site, long)] == [False]


def forget(site: Taught, keys: list[int] | None = None) -> int:
    def work(conn: Connection) -> int:
        return learned_templates.forget(conn, site.site_id, keys)

    return site.database.patiently(work)


def test_some_templates_are_forgotten_or_all(site: Taught) -> None:
    teach(site, [observed(n, key) for key in (7, 8, 9) for n in range(3)])
    assert forget(site, [7, 70]) == 1
    assert ([state.key for state in states(site)], len(rows(site)[1])) == ([8, 9], 6)
    assert forget(site, []) == 0
    assert forget(site) == 2
    assert rows(site) == ([], [])
    assert forget(site) == 0


def test_the_memory_of_one_site_is_reset(site: Taught) -> None:
    other = Taught(site.database, "other")
    for one in (site, other):
        teach(one, map(observed, range(LEAST)))
    site.forget()
    assert rows(site) == rows(other)
    assert ([*states(site)], len(states(other)), len(rows(other)[1])) == ([], 1, LEAST)


def test_pruning_has_the_templates_stay_that_were_seen_last(
    site: Taught, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site_memory, "MOST_LEARNED", 2)
    for age, key in enumerate((5, 6, 7, 8)):
        seen = [replace(observed(n, key), fetched_at=NOW.replace(month=11 - age)) for n in (1, 2)]
        teach(site, seen)
    site.database.patiently(lambda conn: site_memory.prune(conn, site.site_id, NOW))
    assert [state.key for state in states(site)] == [5, 6]
    with site.database.reading() as conn:
        kept = [len(template_samples.read(conn, site.site_id, key)) for key in (5, 6, 7, 8)]
    assert kept == [2, 2, 0, 0]


def test_a_page_that_is_damaged_does_not_stop_the_others(site: Taught) -> None:
    teach(site, map(observed, range(LEAST)))
    teach(site, [observed(LEAST, given=Lesson(b"damaged", BASIS, None))])
    (state,) = states(site)
    assert state.packed is not None
    assert unpack(state.packed).pages == LEAST
