"""What is handed out is not handed out once more; what waits is known by label and age."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, select

from models.crawl import runs
from models.db.database import Database
from models.errors import BatchBusy
from models.fleet import handouts
from models.fleet.handouts import HANDED, HANDOUTS, KEPT, Waiting
from tests.factories import NOW, known_site

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


def visit(conn: Connection, site: str, at: datetime, kind: str = "visit") -> int:
    """A run of a site begins; returns its run_id."""
    return runs.open_run(conn, kind, known_site(conn, site), "host:1:ab", at)


def test_a_site_is_handed_out_until_it_is_done_or_its_time_is_over(database: Database) -> None:
    with database.transaction() as conn:
        handouts.hand_out(conn, "b1", "", ["b", "a"], NOW)
        handouts.hand_out(conn, "b2", "de", ["c"], NOW + MINUTE)
        assert handouts.outstanding(conn, NOW + MINUTE) == {"a", "b", "c"}
        handouts.done(conn, ["a"], "b1")
        assert handouts.outstanding(conn, NOW + MINUTE) == {"b", "c"}
        assert handouts.outstanding(conn, NOW + HANDED - SECOND) == {"b", "c"}
        assert handouts.outstanding(conn, NOW + HANDED) == {"c"}
        assert handouts.outstanding(conn, NOW + HANDED + MINUTE) == frozenset()


def test_a_batch_that_comes_late_leaves_what_was_handed_out_again(database: Database) -> None:
    with database.transaction() as conn:
        handouts.hand_out(conn, "b1", "", ["a", "b"], NOW)
        handouts.hand_out(conn, "b2", "de", ["a"], NOW + HANDED)
        handouts.done(conn, ["a", "b"], "b1")
        assert handouts.outstanding(conn, NOW + HANDED) == {"a"}
        handouts.done(conn, ["a", "never heard of"], "b2")
        assert handouts.outstanding(conn, NOW + HANDED) == frozenset()


def test_more_sites_than_a_statement_takes_are_done_at_once(sqlite: Database) -> None:
    sites = [f"site-{n:04}" for n in range(1100)]
    with sqlite.transaction() as conn:
        handouts.hand_out(conn, "b1", "", sites, NOW)
        handouts.done(conn, sites[1:], "b1")
        assert handouts.outstanding(conn, NOW) == {sites[0]}


def test_what_waits_is_counted_by_label_and_since_it_was_first_handed_out(
    database: Database,
) -> None:
    with database.transaction() as conn:
        handouts.hand_out(conn, "b1", "", ["b", "moved"], NOW)
        handouts.hand_out(conn, "b2", "", ["a"], NOW + MINUTE)
        handouts.hand_out(conn, "b3", "", ["b"], NOW + HANDED)
        handouts.hand_out(conn, "b4", "de", ["moved"], NOW + HANDED)  # its file has a label now
        assert handouts.oldest(conn, NOW) == {"": Waiting(2, NOW), "de": Waiting(1, NOW)}
        assert handouts.waiting(conn, "", NOW) == ["b", "a"]
        assert handouts.waiting(conn, "fr", NOW) == []


def test_a_site_whose_visit_began_waits_no_more(database: Database) -> None:
    with database.transaction() as conn:
        visit(conn, "a", NOW - SECOND)  # of the time before
        visit(conn, "b", NOW + SECOND, kind="recrawl")  # visits nothing
        visit(conn, "c", NOW)
        handouts.hand_out(conn, "b1", "", ["a", "b", "c", "new"], NOW)
        assert handouts.waiting(conn, "", NOW) == ["a", "b", "new"]
        assert handouts.oldest(conn, NOW) == {"": Waiting(3, NOW)}
        handouts.hand_out(conn, "b2", "", ["another"], NOW)
        under_way = {"a", "b", "c", "new", "another"}
        assert handouts.outstanding(conn, NOW) == under_way, "and is not handed out once more"


def test_the_wait_begins_anew_after_a_visit(database: Database) -> None:
    again = NOW + HANDED
    with database.transaction() as conn:
        handouts.hand_out(conn, "b1", "", ["visited", "not"], NOW)
        visit(conn, "visited", NOW + MINUTE)  # by a worker that died before it said so
        handouts.hand_out(conn, "b2", "", ["visited", "not"], again)
        rows = conn.execute(select(HANDOUTS.c.site, HANDOUTS.c.waiting_since))
        assert {row.site: row.waiting_since for row in rows} == {"visited": again, "not": NOW}


def test_a_visit_that_ended_with_its_worker_is_none(database: Database) -> None:
    with database.transaction() as conn:
        for site, status in (("a", "aborted"), ("b", "failed"), ("c", "done")):
            handouts.hand_out(conn, f"b{site}", "", [site], NOW)
            runs.close_run(conn, visit(conn, site, NOW + SECOND), status, None, NOW + MINUTE)
        handouts.hand_out(conn, "bd", "", ["d"], NOW)
        visit(conn, "d", NOW + SECOND)
        assert handouts.waiting(conn, "", NOW + MINUTE) == ["a", "b"]
        assert handouts.lost(conn, NOW + MINUTE, []) == {"a", "b"}


def test_what_is_not_handed_out_again_is_forgotten_after_a_day(database: Database) -> None:
    late = NOW + KEPT
    with database.transaction() as conn:
        handouts.hand_out(conn, "b1", "", ["removed"], NOW)
        handouts.hand_out(conn, "b2", "", ["there"], NOW + SECOND)
        assert handouts.waiting(conn, "", late - SECOND) == ["removed", "there"]
        assert handouts.waiting(conn, "", late) == ["there"]
        assert handouts.oldest(conn, late) == {"": Waiting(1, NOW + SECOND)}
        assert handouts.forget_old(conn, late - SECOND) == 0
        assert handouts.forget_old(conn, late) == 1
        assert list(conn.scalars(select(HANDOUTS.c.site))) == ["there"]


def test_a_handout_of_a_clock_that_was_wrong_keeps_no_site_away(database: Database) -> None:
    with database.transaction() as conn:
        handouts.hand_out(conn, "b1", "", ["a"], NOW + timedelta(days=400))
        assert handouts.outstanding(conn, NOW) == frozenset()
        handouts.hand_out(conn, "b2", "", ["a"], NOW)
        assert handouts.oldest(conn, NOW) == {"": Waiting(1, NOW)}


def test_a_name_that_no_site_has_is_forgotten_in_every_batch(database: Database) -> None:
    with database.transaction() as conn:
        handouts.hand_out(conn, "b1", "", ["a", "b"], NOW)
        handouts.forget(conn, "a")
        assert handouts.outstanding(conn, NOW) == {"b"}


def test_what_a_dead_worker_took_is_outstanding_no_more(database: Database) -> None:
    with database.transaction() as conn:
        handouts.hand_out(conn, "b1", "", ["a", "b"], NOW)
        handouts.hand_out(conn, "b2", "", ["c"], NOW)
        assert handouts.take(conn, "b1", "host:1:ab", []) == {"a", "b"}
        assert handouts.outstanding(conn, NOW, alive=["host:1:ab"]) == {"a", "b", "c"}
        assert handouts.outstanding(conn, NOW, alive=[]) == {"c"}
        handouts.hand_out(conn, "b3", "", ["a"], NOW + SECOND)
        assert handouts.outstanding(conn, NOW + SECOND, alive=[]) == {"a", "c"}, "none took it yet"


def test_a_batch_that_comes_once_more_has_nothing_left(database: Database) -> None:
    with database.transaction() as conn:
        handouts.hand_out(conn, "b1", "", ["a", "b"], NOW)
        handouts.hand_out(conn, "b2", "", ["b"], NOW + SECOND)
        assert handouts.take(conn, "b1", "host:1:ab", []) == {"a"}
        handouts.done(conn, ["a"], "b1")
        assert handouts.take(conn, "b1", "host:2:cd", ["host:1:ab"]) == frozenset()


def test_a_batch_that_a_worker_has_is_no_other_s_while_that_one_lives(database: Database) -> None:
    one, two = "host:1:ab", "host:2:cd"
    with database.transaction() as conn:
        handouts.hand_out(conn, "b1", "", ["a", "b"], NOW)
        handouts.take(conn, "b1", one, [two])
        handouts.done(conn, ["b"], "b1")
        with pytest.raises(BatchBusy, match=f"batch b1 is under way at {one}"):
            handouts.take(conn, "b1", two, [one])
        assert handouts.outstanding(conn, NOW, alive=[one]) == {"a"}, "it still has it"
        assert handouts.take(conn, "b1", two, []) == {"a"}, "it died"
        assert handouts.outstanding(conn, NOW, alive=[two]) == {"a"}


def test_what_the_broker_lost_is_outstanding_no_more_unless_a_worker_has_it(
    database: Database,
) -> None:
    with database.transaction() as conn:
        handouts.hand_out(conn, "b1", "", ["lost"], NOW)
        handouts.hand_out(conn, "b2", "", ["taken"], NOW)
        handouts.hand_out(conn, "b3", "de", ["of a label"], NOW)
        handouts.hand_out(conn, "b4", "", ["just now"], NOW + MINUTE)
        handouts.take(conn, "b2", "host:1:ab", [])
        left = handouts.outstanding(conn, NOW + MINUTE, lost={"": NOW + SECOND})
        assert left == {"taken", "of a label", "just now"}
