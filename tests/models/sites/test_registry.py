"""One run at a time holds a site; a dead run's lease is taken over."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy.exc import NoResultFound

from models.crawl import runs
from models.db.database import Database
from models.errors import SiteBusy
from models.sites import leases, registry
from models.sites.config import Scope, Site, Sources

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
UNTIL = datetime(2026, 11, 22, 14, 3, tzinfo=UTC)


def site(name: str = "example", start: str = "https://example.com/") -> Site:
    return Site(name, Path(f"{name}.toml"), start, Sources(), Scope(frozenset()))


def owner() -> str:
    """Another host's process: nobody here can say that it is dead."""
    return f"elsewhere:1:{secrets.token_hex(4)}"


def test_a_site_has_one_number(database: Database) -> None:
    with database.transaction() as conn:
        first = registry.ensure_site(conn, site(), NOW)
        other = registry.ensure_site(conn, site("other"), NOW)
        assert registry.ensure_site(conn, site(start="https://www.example.com/"), UNTIL) == first
        assert registry.names(conn) == {first: "example", other: "other"}
        known = registry.known_sites(conn)[0]
    assert (known.start_url, known.added_at) == ("https://www.example.com/", NOW)
    assert (known.next_due_at, known.failures) == (None, 0)


def test_a_site_is_found_by_its_number(database: Database) -> None:
    with database.transaction() as conn:
        numbers = {name: registry.ensure_site(conn, site(name), NOW) for name in ("a", "b")}
        assert registry.known_site(conn, numbers["b"]) == registry.known_sites(conn, "b")[0]
        with pytest.raises(NoResultFound):
            registry.known_site(conn, max(numbers.values()) + 1)


def test_a_site_with_a_start_on_the_same_host_is_its_twin(database: Database) -> None:
    with database.transaction() as conn:
        first = registry.ensure_site(conn, site(), NOW)
        second = registry.ensure_site(conn, site("twin", "http://www.example.com/news"), NOW)
        away = registry.ensure_site(conn, site("away", "https://news.example.com/"), NOW)
        found = [registry.twin_of(conn, number) for number in (first, second, away)]
    assert found == ["twin", "example", None]


def test_a_renamed_site_keeps_its_number(database: Database) -> None:
    with database.transaction() as conn:
        number = registry.ensure_site(conn, site(), NOW)
        registry.rename(conn, number, "renamed")
        assert registry.number_of(conn, "example") is None
        assert registry.ensure_site(conn, site("renamed"), UNTIL) == number
        assert registry.known_sites(conn, "renamed")[0].added_at == NOW


def test_a_held_site_names_its_owner(database: Database) -> None:
    ours, theirs = owner(), owner()
    with database.transaction() as conn:
        number = registry.ensure_site(conn, site(), NOW)
        run = runs.open_run(conn, "discover", number, theirs, NOW)
        leases.acquire(conn, number, "fetch", theirs, run, UNTIL, NOW)
    with database.transaction() as conn, pytest.raises(SiteBusy) as busy:
        leases.acquire(conn, number, "fetch", ours, None, UNTIL, NOW)
    assert str(busy.value) == f"example is held by {theirs} (run {run}) until 14:03 UTC"
    with database.transaction() as conn:
        leases.acquire(conn, number, "reextract", ours, None, UNTIL, NOW)
        assert leases.owner_of(conn, number, "fetch", NOW) == theirs
        assert leases.release(conn, number, "fetch", theirs)
        assert leases.owner_of(conn, number, "fetch", NOW) is None
        leases.acquire(conn, number, "fetch", ours, None, UNTIL, NOW)


def test_a_lease_that_ran_out_is_taken_over_for_good(database: Database) -> None:
    ours, theirs = owner(), owner()
    with database.transaction() as conn:
        number = registry.ensure_site(conn, site(), NOW)
        leases.acquire(conn, number, "fetch", theirs, None, UNTIL, NOW)
        assert leases.renew(conn, number, "fetch", theirs, UNTIL)
        leases.acquire(conn, number, "fetch", ours, None, UNTIL + timedelta(hours=1), UNTIL)
        assert not leases.renew(conn, number, "fetch", theirs, UNTIL + timedelta(days=1))
        assert not leases.release(conn, number, "fetch", theirs)
        assert leases.owner_of(conn, number, "fetch", UNTIL) == ours


def test_of_many_that_come_at_once_one_holds_the_site(database: Database) -> None:
    with database.transaction() as conn:
        number = registry.ensure_site(conn, site(), NOW)
    together = Barrier(5)

    def come(_: int) -> bool:
        me = owner()
        together.wait(timeout=30)
        try:
            database.patiently(
                lambda conn: leases.acquire(conn, number, "fetch", me, None, UNTIL, NOW)
            )
        except SiteBusy:
            return False
        return True

    with ThreadPoolExecutor(5) as threads:
        assert sum(threads.map(come, range(5))) == 1


def test_a_visit_says_when_the_next_is_due(database: Database) -> None:
    with database.transaction() as conn:
        number = registry.ensure_site(conn, site(), NOW)
        registry.schedule(conn, number, UNTIL, failed=True)
        registry.schedule(conn, number, UNTIL, failed=True)
        assert registry.known_sites(conn)[0].failures == 2
        registry.schedule(conn, number, UNTIL)
        known = registry.known_sites(conn)[0]
    assert (known.failures, known.next_due_at) == (0, UNTIL)
