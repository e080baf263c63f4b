"""Templates of a site: a redesign is noticed once, and nothing else is taken for one."""

from datetime import timedelta

import pytest

from models.db.database import Database
from models.memory import site_memory, templates
from tests.factories import NOW
from tests.support.observations import Taught, teaches


@pytest.fixture
def site(database: Database) -> Taught:
    return Taught(database)


def fetch(site: Taught, pages: range, template: int, day: int, **options: bool) -> None:
    when = NOW + timedelta(days=day)
    shown = (
        teaches(n, {}, template=template, fetched_at=when + timedelta(minutes=n)) for n in pages
    )
    site.remember(*shown, now=when, **options)


def change(site: Taught) -> dict[str, object] | None:
    return site.database.patiently(lambda conn: site_memory.template_change(conn, site.site_id))


def test_a_redesign_is_told_once_with_its_first_page_and_run(site: Taught) -> None:
    fetch(site, range(30), template=7, day=0)
    run = site.next_run()
    fetch(site, range(30, 50), template=8, day=1)
    told = change(site)
    assert told is not None
    assert (told["template_key"], told["first_page"], told["first_run"]) == (8, 30, run)
    assert change(site) is None


def test_a_redesign_is_noticed_on_pages_that_were_known_before(site: Taught) -> None:
    fetch(site, range(30), template=7, day=0)
    site.next_run()
    fetch(site, range(30), template=8, day=1)
    assert change(site) is not None


def test_templates_of_the_first_run_are_no_change(site: Taught) -> None:
    fetch(site, range(20), template=7, day=0)
    fetch(site, range(20, 50), template=8, day=1)
    assert change(site) is None


def test_a_few_special_pages_are_no_change(site: Taught) -> None:
    fetch(site, range(30), template=7, day=0)
    site.next_run()
    fetch(site, range(30, 36), template=9, day=1)
    assert change(site) is None


def test_a_page_fetched_ten_times_is_one_page(site: Taught) -> None:
    fetch(site, range(30), template=7, day=0)
    site.next_run()
    for day in range(1, 20):
        fetch(site, range(30, 31), template=8, day=day)
    assert change(site) is None


def test_new_code_that_reads_old_pages_is_no_redesign(site: Taught) -> None:
    fetch(site, range(30), template=7, day=0)
    site.next_run()
    fetch(site, range(30), template=8, day=0, new_code=True)
    site.next_run()
    fetch(site, range(30, 60), template=8, day=1)
    assert change(site) is None


def test_going_back_to_the_old_template_is_no_news(site: Taught) -> None:
    fetch(site, range(30), template=7, day=0)
    site.next_run()
    fetch(site, range(30, 50), template=8, day=1)
    assert change(site) is not None
    site.next_run()
    fetch(site, range(50, 80), template=7, day=2)
    assert change(site) is None


def test_templates_past_the_limit_go(site: Taught) -> None:
    for n in range(6):
        fetch(site, range(n, n + 1), template=n, day=n)
    pruned = site.database.patiently(lambda conn: templates.prune(conn, site.site_id, most=4))
    assert pruned == 2
