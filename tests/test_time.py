"""Time passes over a site of sixty pages: edits, removals, a move, and archives read again."""

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.support.desk import Desk
from tests.support.site_server import Reply, SiteServer, redirect
from tests.support.town import Town, found, show

PAGES = 60
EDITED, REMOVED, MOVED = range(10), (20, 21), 30


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The site as it was first found."""
    desk = Desk(tmp_path_factory.mktemp("time"))
    desk.upgrade()
    with SiteServer() as site:
        found(desk, site, PAGES)
        yield Town(desk, site)


def test_discover_stores_all_sixty(town: Town) -> None:
    assert Counter(came for came, _ in town.desk.outcomes().values()) == {"stored": PAGES}


def test_a_recrawl_finds_what_changed_and_nothing_else(town: Town) -> None:
    for number in EDITED:
        show(town.site, number, edition=2)
    for number in REMOVED:
        town.site.pages[f"/news/{number}"] = Reply(b"gone", 404)
    town.site.pages[f"/news/{MOVED}"] = redirect("/")
    town.desk.crawl("town", "recrawl")
    came = town.desk.outcomes("recrawl")
    counts = Counter(outcome for outcome, _ in came.values())
    assert {path for path, (outcome, _) in came.items() if outcome == "revised"} == {
        f"/news/{number}" for number in EDITED
    }
    assert counts["not_modified"] + counts["unchanged"] == PAGES - 13
    assert counts["not_modified"] == sum(number % 3 > 0 for number in range(31, PAGES)) + sum(
        number % 3 > 0 for number in range(10, 30) if number not in REMOVED
    )
    assert counts["gone"] == 3
    kinds = town.desk.rows("SELECT kind, count(*) AS n FROM v1_changes GROUP BY kind")
    assert {row["kind"]: row["n"] for row in kinds} == {
        "new": PAGES, "revised": len(EDITED), "withdrawn": 3,
    }  # fmt: skip


def test_withdrawn_articles_keep_their_text(town: Town) -> None:
    rows = town.desk.rows("SELECT text FROM v1_articles WHERE withdrawn_at IS NOT NULL")
    assert len(rows) == 3 and all(row["text"] for row in rows)


def test_a_recrawl_of_a_site_at_rest_tells_readers_nothing(town: Town) -> None:
    (last,) = town.desk.rows("SELECT max(change_id) AS n FROM v1_changes")
    town.desk.crawl("town", "recrawl")
    counts = Counter(outcome for outcome, _ in town.desk.outcomes("recrawl").values())
    assert counts["gone"] == 3
    assert counts["not_modified"] + counts["unchanged"] == PAGES - 3
    assert town.desk.rows("SELECT * FROM v1_changes WHERE change_id > ?", last["n"]) == []


def test_a_page_that_comes_back_is_restored(town: Town) -> None:
    show(town.site, REMOVED[0])  # with its old ETag
    show(town.site, REMOVED[1], edition=3)
    (last,) = town.desk.rows("SELECT max(change_id) AS n FROM v1_changes")
    town.desk.crawl("town", "recrawl", "-a", "match=/news/2[01]$")
    kinds = town.desk.rows("SELECT kind FROM v1_changes WHERE change_id > ?", last["n"])
    assert sorted(row["kind"] for row in kinds) == ["restored", "restored", "revised"]
    gone = town.desk.rows("SELECT url FROM v1_articles WHERE withdrawn_at IS NOT NULL")
    assert [row["url"].rpartition("/")[2] for row in gone] == [str(MOVED)]


def test_the_archive_read_again_costs_no_request_and_changes_nothing(town: Town) -> None:
    before, (last,) = len(town.site.log), town.desk.rows("SELECT max(change_id) n FROM v1_changes")
    town.desk.crawl("town", "reextract")
    assert len(town.site.log) == before
    counts = Counter(outcome for outcome, _ in town.desk.outcomes("reextract").values())
    assert counts == {"unchanged": PAGES}
    assert town.desk.rows("SELECT * FROM v1_changes WHERE change_id > ?", last["n"]) == []
