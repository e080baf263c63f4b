"""A host that several sites share has one worker at a time; a hold runs out by itself."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from models.db.database import Database
from models.db.owners import new_owner
from models.errors import HostBusy, SiteBusy
from models.fleet import host_holds
from models.fleet.host_holds import HOST_HOLDS, LONGEST_HOLD
from tests.factories import NOW

UNTIL, SECOND = NOW + timedelta(minutes=10), timedelta(seconds=1)
OURS, THEIRS = "host-a:1:ab", "host-b:1:cd"
A, B, C = "a.test", "b.test:8080", "c.test"


def owners(conn: Connection) -> dict[str, str]:
    return {row.host: row.owner for row in conn.execute(select(HOST_HOLDS))}


def test_a_hold_keeps_others_out_until_it_runs_out(database: Database) -> None:
    with database.transaction() as conn:
        host_holds.hold(conn, {A, B}, OURS, UNTIL, NOW)
        host_holds.hold(conn, {A, B}, OURS, UNTIL, NOW)  # ours already
        with pytest.raises(HostBusy) as busy:
            host_holds.hold(conn, {B}, THEIRS, UNTIL, UNTIL - SECOND)
        assert str(busy.value) == "b.test:8080 is held by host-a:1:ab until 05:40 UTC"
        assert isinstance(busy.value, SiteBusy)
        host_holds.hold(conn, {B}, THEIRS, UNTIL + SECOND, UNTIL)
        assert owners(conn) == {A: OURS, B: THEIRS}


def test_all_hosts_are_held_or_none(database: Database) -> None:
    with database.transaction() as conn:
        host_holds.hold(conn, {B}, THEIRS, UNTIL, NOW)
        host_holds.hold(conn, {C}, OURS, UNTIL - SECOND, NOW)
        with pytest.raises(HostBusy):
            host_holds.hold(conn, {A, B, C}, OURS, UNTIL, NOW)
        assert owners(conn) == {B: THEIRS, C: OURS}  # the transaction goes on, and A is free
        held = select(HOST_HOLDS.c.held_until).where(HOST_HOLDS.c.host == C)
        assert conn.execute(held).scalar_one() == UNTIL - SECOND
        host_holds.hold(conn, (), OURS, UNTIL, NOW)
        assert len(owners(conn)) == 2


def test_a_dead_worker_s_hold_is_taken_over(database: Database) -> None:
    host = new_owner().split(":")[0]
    with database.transaction() as conn:
        host_holds.hold(conn, {A}, f"{host}:4194304:ab", UNTIL, NOW)
        host_holds.hold(conn, {A}, THEIRS, UNTIL, NOW)
        assert owners(conn) == {A: THEIRS}


@pytest.mark.parametrize(("length", "held"), [(LONGEST_HOLD, True),
                                              (LONGEST_HOLD + SECOND, False)])  # fmt: skip
def test_a_hold_that_only_a_wrong_clock_can_have_set_holds_nothing(
    sqlite: Database, length: timedelta, held: bool
) -> None:
    with sqlite.transaction() as conn:
        host_holds.hold(conn, {A}, OURS, NOW + length, NOW)
        if held:
            with pytest.raises(HostBusy):
                host_holds.hold(conn, {A}, THEIRS, UNTIL, NOW)
        else:
            host_holds.hold(conn, {A}, THEIRS, UNTIL, NOW)
            assert owners(conn) == {A: THEIRS}


def test_only_its_owner_renews_and_gives_back_a_hold(database: Database) -> None:
    with database.transaction() as conn:
        host_holds.hold(conn, {A, B}, OURS, UNTIL, NOW)
        assert not host_holds.renew(conn, {A}, THEIRS, UNTIL + SECOND)
        assert host_holds.renew(conn, {A, B}, OURS, UNTIL + SECOND)
        assert host_holds.release(conn, {A}, THEIRS) == 0
        host_holds.hold(conn, {B}, THEIRS, UNTIL + 2 * SECOND, UNTIL + SECOND)  # ran out
        assert not host_holds.renew(conn, {A, B}, OURS, UNTIL + 2 * SECOND)
        assert host_holds.release(conn, {A, B}, OURS) == 1
        assert owners(conn) == {B: THEIRS}
        host_holds.hold(conn, {A, C}, THEIRS, UNTIL, NOW)
        assert host_holds.release_all(conn, THEIRS) == 3
        assert owners(conn) == {}


def test_holds_that_ran_out_long_ago_are_forgotten(database: Database) -> None:
    with database.transaction() as conn:
        host_holds.hold(conn, {A}, OURS, NOW, NOW - SECOND)
        host_holds.hold(conn, {B}, OURS, NOW + SECOND, NOW)
        host_holds.hold(conn, {C}, THEIRS, UNTIL, NOW + LONGEST_HOLD + SECOND)
        assert owners(conn) == {B: OURS, C: THEIRS}
