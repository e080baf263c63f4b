"""A site's templates as a run holds them: how old they are, and what a disagreement does."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest

from models import templates
from models.crawl.run import Run
from models.db.database import Database
from models.db.writer import Writer
from models.items import KnownPage
from models.memory.learned_templates import LEARNED_TEMPLATES, LEAST
from models.sites.config import ExtractionRules
from models.templates import Lesson, TemplatePage, TemplateState, combined, pack, pack_page
from pipelines import template_cache
from pipelines.page_reader import basis_of
from pipelines.template_cache import EVERY, TemplateCache
from pipelines.templates.matching import Searched
from pipelines.templates.reading_off import SiteTemplates
from tests.factories import make_known, make_page, make_site
from tests.support.observations import Taught, teaches

KEY, OTHER = 7, 8
SHOWN = TemplatePage("div", 90, {}, {}, frozenset({"div"}), {})
PAGE = pack_page(SHOWN)


@pytest.fixture
def site(sqlite: Database) -> Taught:
    return Taught(sqlite)


@pytest.fixture
def writer(site: Taught) -> Iterator[Writer]:
    made = Writer(site.database)
    yield made
    made.close()


def teach(
    site: Taught, rules: ExtractionRules | None = None, keys: tuple[int, ...] = (KEY, OTHER)
) -> None:
    lesson = Lesson(PAGE, basis_of(rules), None)
    site.remember(
        *(
            replace(teaches(n, {}, template=key), lesson=lesson)
            for key in keys
            for n in range(LEAST)
        )
    )


def book(site: Taught, writer: Writer, rules: ExtractionRules | None = None) -> TemplateCache:
    made = replace(make_site(), extraction=ExtractionRules() if rules is None else rules)
    return TemplateCache(writer, Run(site.run_id, "discover", made, site.site_id, "test"))


def pages(of: TemplateCache, count: int = 1, known: KnownPage | None = None) -> SiteTemplates:
    """The templates of the last of so many pages."""

    async def ask() -> SiteTemplates:
        return [await of.of_page(make_page(), known) for _ in range(count)][-1]

    return asyncio.run(ask())


def usable(found: SiteTemplates) -> list[int]:
    return [state.key for state in found.states if state.packed is not None]


def test_a_site_that_nobody_taught_has_no_templates(site: Taught, writer: Writer) -> None:
    found = pages(book(site, writer))
    assert (found.states, found.unused, found.teaches) == ((), Searched.LEARNING, True)


def test_what_was_taught_meanwhile_is_read_after_some_pages(site: Taught, writer: Writer) -> None:
    of = book(site, writer)
    pages(of)
    teach(site, of._run.site.extraction)
    assert usable(pages(of, EVERY - 1)) == []
    assert usable(pages(of)) == [KEY, OTHER]


def test_pages_that_come_at_once_all_see_what_was_taught(site: Taught, writer: Writer) -> None:
    of = book(site, writer)
    teach(site, of._run.site.extraction)

    async def at_once() -> list[SiteTemplates]:
        return await asyncio.gather(*(of.of_page(make_page(), None) for _ in range(5)))

    assert [usable(found) for found in asyncio.run(at_once())] == [[KEY, OTHER]] * 5


def test_templates_that_other_rules_taught_are_not_used(site: Taught, writer: Writer) -> None:
    of = book(site, writer, ExtractionRules(remove=("aside",)))
    teach(site, ExtractionRules())
    found = pages(of)
    assert (usable(found), found.unused) == ([], Searched.LEARNING)
    assert found.why(Searched.OTHER_TEMPLATE, KEY) is Searched.LEARNING


def test_pages_that_are_stored_or_archived_are_searched(site: Taught, writer: Writer) -> None:
    of = book(site, writer)
    teach(site, of._run.site.extraction)
    assert pages(of).unused is None
    assert pages(of, known=make_known()).unused is Searched.STORED


def test_a_site_that_says_so_is_searched(site: Taught, writer: Writer) -> None:
    rules = ExtractionRules(always="trafilatura")
    of = book(site, writer, rules)
    teach(site, rules)
    assert pages(of).unused is Searched.ALWAYS


def test_a_disagreement_stops_reading_off_at_once_and_an_agreement_counts(
    site: Taught, writer: Writer
) -> None:
    of = book(site, writer)
    teach(site, of._run.site.extraction)
    pages(of)
    assert of.note(KEY, Lesson(None, "", agrees=True)) is None
    assert of.note(OTHER, Lesson(None, "", agrees=None)) is None
    assert of.note(OTHER, None) is None
    assert [(state.key, state.agreed) for state in pages(of).states] == [(KEY, 1), (OTHER, 0)]
    assert of.note(KEY, Lesson(None, "", agrees=False)) == KEY
    assert of.note(KEY, Lesson(None, "", agrees=False)) is None  # a page that was under way
    found = pages(of)
    assert usable(found) == [OTHER]
    assert (found.states[0].agreed, found.states[0].last_hash) == (0, None)
    assert found.wants(KEY, None)


def test_a_template_that_took_a_page_for_its_own_is_not_used(site: Taught, writer: Writer) -> None:
    of = book(site, writer)
    teach(site, of._run.site.extraction)
    pages(of)
    assert of.note(KEY, Lesson(None, "", agrees=False, compared=OTHER)) == OTHER
    assert usable(pages(of)) == [KEY]


def test_a_template_that_failed_does_not_come_back_from_the_database(
    site: Taught, writer: Writer
) -> None:
    """The page that showed it is stored later than others are read, or never."""
    of = book(site, writer)
    teach(site, of._run.site.extraction)
    pages(of)
    of.note(KEY, Lesson(None, "", agrees=False))
    assert usable(pages(of, 3 * EVERY)) == [OTHER]


def test_a_template_that_was_learned_anew_is_used(site: Taught, writer: Writer) -> None:
    of = book(site, writer)
    basis = basis_of(of._run.site.extraction)
    teach(site, of._run.site.extraction, (KEY,))
    pages(of)
    of.note(KEY, Lesson(None, "", agrees=False))
    other = pack_page(TemplatePage("div", 200, {}, {}, frozenset({"div"}), {}))
    learned = [
        replace(
            teaches(n, {}, template=KEY), lesson=Lesson(other, basis, False if n == 50 else None)
        )
        for n in range(50, 50 + LEAST)
    ]
    site.remember(*learned)
    assert usable(pages(of, EVERY)) == [KEY]


def damage(site: Taught, key: int, **columns: object) -> None:
    rows = LEARNED_TEMPLATES.c
    with site.database.transaction() as conn:
        conn.execute(LEARNED_TEMPLATES.update().where(rows.template_key == key).values(**columns))


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        ({"learned": b"nonsense"}, "zlib cannot read it"),
        ({"learned": pack(combined(OTHER, [SHOWN]))}, f"of template {OTHER}"),
        ({"agreed": -1}, "agreed: -1"),
    ],
)
def test_pages_of_a_damaged_template_are_known_until_it_is_learned_anew(
    site: Taught,
    writer: Writer,
    caplog: pytest.LogCaptureFixture,
    columns: dict[str, object],
    why: str,
) -> None:
    of = book(site, writer)
    teach(site, of._run.site.extraction)
    damage(site, KEY, **columns)
    found = pages(of)
    assert (usable(found), found.damaged) == ([OTHER], {KEY})
    assert found.why(Searched.OTHER_TEMPLATE, KEY) is Searched.DAMAGED
    assert pages(of, 2 * EVERY).damaged == {KEY}
    [line] = caplog.messages
    assert line.startswith(f"example: template {KEY} cannot be read (")
    assert why in line
    teach(site, of._run.site.extraction, (KEY,))
    found = pages(of, EVERY)
    assert (usable(found), found.damaged) == ([KEY, OTHER], frozenset())


def test_a_template_is_unpacked_again_only_when_its_row_has_changed(
    site: Taught, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = book(site, writer)
    teach(site, of._run.site.extraction)
    seen: list[int] = []

    def counting(state: TemplateState) -> object:
        seen.append(state.key)
        return templates.usable(state)

    monkeypatch.setattr(template_cache, "usable", counting)
    pages(of, 3 * EVERY)
    assert seen == [KEY, OTHER]
    damage(site, OTHER, agreed=1)
    pages(of, 3 * EVERY)
    assert seen == [KEY, OTHER, OTHER]
