"""A site held by a command: runs of each kind are kept out, and it is free again afterwards."""

import pytest

from crawler.operations.site_hold import held
from models.clock import utc_now
from models.db.database import Database
from models.errors import SiteBusy
from models.scheduling import run_lifecycle
from models.scheduling.run_lifecycle import LEASE
from models.sites import leases
from tests.factories import known_site, make_site


def test_a_held_site_is_held_for_all(database: Database) -> None:
    with database.transaction() as conn:
        site_id = known_site(conn)
    with held(database, site_id, "example") as hold:
        hold.renew()
        for kind in ("discover", "reextract"):
            with pytest.raises(SiteBusy), database.transaction() as conn:
                run_lifecycle.begin(conn, make_site(), kind, "another:1:ab", utc_now())
        with pytest.raises(SiteBusy), held(database, site_id, "example"):
            pass
    with database.transaction() as conn:
        run_lifecycle.begin(conn, make_site(), "discover", "another:1:ab", utc_now())


def test_a_hold_that_another_took_over_ends(database: Database) -> None:
    with database.transaction() as conn:
        site_id = known_site(conn)
    with held(database, site_id, "example") as hold:
        with database.transaction() as conn:
            leases.release(conn, site_id, "fetch", hold.owner)
            now = utc_now()
            leases.acquire(conn, site_id, "fetch", "another:1:ab", None, now + LEASE, now)
        with pytest.raises(SiteBusy, match="taken over"):
            hold.renew()
