"""Places of a site: how they are used, how they fade, and when all articles are judged again."""

from datetime import timedelta

import pytest

from models.db.database import Database
from models.items import SAMPLE
from models.memory import dom_paths, site_memory
from models.memory.cache import EvidenceCache
from models.memory.dom_paths import FADE
from tests.factories import NOW
from tests.memory_sites import Taught, teaches


@pytest.fixture
def site(database: Database) -> Taught:
    return Taught(database)


def digest(site: Taught, *, exact: bool) -> str:
    with site.database.reading() as conn:
        return site_memory.state_digest(conn, site.site_id, exact=exact)


def test_places_are_listed_with_the_share_that_is_article(site: Taught) -> None:
    site.remember(teaches(1, {}, {5: (90, 100), 6: (0, 30)}), teaches(2, {}, {5: (70, 100)}))
    with site.database.reading() as conn:
        learned = dom_paths.learned(conn, site.site_id, 10)
    assert [(row.path, row.pages, row.share) for row in learned] == [
        ("div.p5", 2, 0.8),
        ("div.p6", 1, 0.0),
    ]


def test_a_place_that_no_page_uses_any_more_fades(site: Taught) -> None:
    old, new = teaches(1, {}, {5: (90, 100)}), teaches(2, {}, {6: (90, 100)})
    site.remember(old)
    site.remember(new, now=NOW + FADE)
    later = NOW + FADE + timedelta(days=1)
    assert site.database.patiently(lambda conn: dom_paths.prune(conn, site.site_id, later)) == 1
    with site.database.reading() as conn:
        run = EvidenceCache(site.site_id)
        assert (run.still_knows(conn, old), run.still_knows(conn, new)) == (False, True)


def test_past_the_limit_the_places_not_seen_for_longest_go(site: Taught) -> None:
    for day in range(5):
        site.remember(teaches(day, {}, {day: (1, 2)}), now=NOW + timedelta(days=day))
    later = NOW + timedelta(days=5)
    assert (
        site.database.patiently(lambda conn: dom_paths.prune(conn, site.site_id, later, most=2))
        == 3
    )
    assert [row[1] for row in site.rows()[1]] == [3, 4]


def test_only_full_samples_have_all_articles_judged_again(site: Taught) -> None:
    empty = digest(site, exact=True)
    pages = [teaches(n, {10: "vote"}, {5: (8, 10)}) for n in range(SAMPLE)]
    site.remember(*pages[:-1])
    assert digest(site, exact=True) == empty
    site.remember(pages[-1])
    assert digest(site, exact=True) != empty


def test_on_large_sites_only_a_change_of_use_has_all_articles_judged_again(site: Taught) -> None:
    pages = [teaches(n, {}, {5: (80, 100)}) for n in range(SAMPLE)]
    site.remember(*pages)
    before = digest(site, exact=False), digest(site, exact=True)
    site.remember(teaches(0, {}, {5: (81, 100)}))
    assert digest(site, exact=False) == before[0]
    assert digest(site, exact=True) != before[1]
    site.remember(*(teaches(n, {}, {5: (10, 100)}) for n in range(4)))
    assert digest(site, exact=False) != before[0]
