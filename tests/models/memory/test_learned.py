"""Templates that a site taught, listed for people (texts, DOM paths: reports/test_site_memory)."""

from datetime import timedelta

import pytest
from sqlalchemy import delete

from models.db.database import Database
from models.evidence import SAMPLE
from models.memory.learned import TaughtTemplate, example_pages, learned_templates
from models.memory.learned_templates import LEAST
from models.memory.samples import OCCURRENCES
from models.memory.templates import TEMPLATES
from models.templates import unpack
from tests.factories import NOW, known_site
from tests.support.observations import Taught
from tests.support.taught_templates import BASIS, teach


@pytest.fixture
def site(database: Database) -> Taught:
    """Three templates, the second with too few pages; and one of another site."""
    made = Taught(database)
    teach(made, range(LEAST), template=5, agree=2)
    teach(made, range(20, 20 + LEAST - 1), template=6)
    teach(made, range(40, 42 + SAMPLE), template=7)
    teach(Taught(database, "second"), range(60, 62), template=8)
    return made


def listed(site: Taught) -> list[TaughtTemplate]:
    with site.database.reading() as conn:
        return learned_templates(conn, site.site_id)


def test_templates_with_most_pages_come_first_and_those_of_too_few_last(site: Taught) -> None:
    found = listed(site)
    assert [(one.key, one.pages) for one in found] == [(7, SAMPLE), (5, LEAST), (6, LEAST - 1)]
    assert [one.agreed for one in found] == [0, 2, 0]
    assert {one.basis for one in found} == {BASIS}
    assert [one.learned is None for one in found] == [False, False, True]
    assert unpack(found[0].learned or b"").pages == SAMPLE


def test_they_say_since_when_and_how_many_new_pages_have_them(site: Taught) -> None:
    found = listed(site)
    newest = [one.recent for one in found]
    assert newest == [2 + SAMPLE, LEAST, LEAST - 1]
    assert {one.of_recent for one in found} == {sum(newest)}
    assert {(one.since, one.seen_at) for one in found} == {(NOW, NOW)}


def test_the_one_seen_last_comes_first_among_equals(site: Taught) -> None:
    later = NOW + timedelta(days=3)
    with site.database.transaction() as conn:
        conn.execute(delete(TEMPLATES).where(TEMPLATES.c.template_key == 7))
    teach(site, range(80, 80 + LEAST), template=9)
    with site.database.transaction() as conn:
        conn.execute(TEMPLATES.update().where(TEMPLATES.c.template_key == 9).values(seen_at=later))
    found = {one.key: one for one in listed(site)}
    assert list(found) == [7, 9, 5, 6]
    assert (found[7].since, found[7].seen_at) == (None, None), "nothing else is known of it"
    assert found[9].seen_at == later


def test_a_site_that_taught_none_has_none(site: Taught) -> None:
    site.forget()
    assert listed(site) == []


def test_pages_that_show_a_text_are_some_of_its_sample(database: Database) -> None:
    row = {"fingerprint": 1, "kept_words": None, "words": None}
    with database.transaction() as conn:
        one, other = known_site(conn, "one"), known_site(conn, "other")
        shown = [(one, 5, 30), (one, 5, 10), (one, 5, 20), (one, 6, 40), (other, 5, 50)]
        rows = [
            {"site_id": site, "entry_key": key, "page": page, "page_hash": 100 - page, **row}
            for site, key, page in shown
        ]
        conn.execute(OCCURRENCES.insert(), rows)
        assert example_pages(conn, one, [5, 6, 7], 2) == {5: [30, 20], 6: [40]}
        assert example_pages(conn, one, [], 2) == {}
