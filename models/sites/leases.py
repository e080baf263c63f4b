"""Leases: one run at a time for a site and a kind of run."""

from datetime import datetime, timedelta
from typing import Final, cast

from sqlalchemy import ColumnElement, Connection, ForeignKey, String, Table, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from models.db.owners import is_dead
from models.db.statements import insert_ignore
from models.db.types import UTC, Base
from models.errors import SiteBusy
from models.sites.registry import names


class LeaseRow(Base):
    """One run at a time for a site and a kind of run; a dead run's lease runs out."""

    __tablename__ = "leases"

    site_id: Mapped[int] = mapped_column(ForeignKey("sites.site_id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True, comment="fetch | reextract")
    holder: Mapped[str] = mapped_column(String(200), comment="host, process and a random part")
    run_id: Mapped[int | None] = mapped_column(ForeignKey("runs.run_id"))
    held_until: Mapped[datetime] = mapped_column(UTC)


LONGEST_LEASE: Final = timedelta(days=1)  # none is given out for longer
_LEASES: Final = cast(Table, LeaseRow.__table__)


def hold(
    c: Connection,
    site_id: int,
    kind: str,
    holder: str,
    run_id: int | None,
    until: datetime,
    now: datetime,
) -> None:
    """Takes the lease of a site for one kind of run, or takes over one that ran out or whose
    holder is dead.

    Raises SiteBusy where another holder's lease still runs.
    """
    lease = {"holder": holder, "run_id": run_id, "held_until": until}
    insert_ignore(c, _LEASES, [{"site_id": site_id, "kind": kind, **lease}])
    mine = (_LEASES.c.site_id == site_id, _LEASES.c.kind == kind)
    there = c.execute(select(_LEASES).where(*mine).with_for_update()).one()
    held = now < there.held_until <= now + LONGEST_LEASE  # beyond: of a clock that was wrong
    theirs = there.holder != holder and held
    if theirs and not is_dead(there.holder):
        raise SiteBusy(_busy(names(c)[site_id], there.holder, there.run_id, there.held_until))
    c.execute(update(_LEASES).where(*mine).values(**lease))


def renew(c: Connection, site_id: int, kind: str, holder: str, until: datetime) -> bool:
    """Holds on to a lease; False where another run has taken it over: then stop."""
    mine = update(_LEASES).where(*_held_by(site_id, kind, holder))
    return c.execute(mine.values(held_until=until)).rowcount == 1


def let_go(c: Connection, site_id: int, kind: str, holder: str) -> bool:
    """Gives the lease back; False where it was no longer ours."""
    return c.execute(delete(_LEASES).where(*_held_by(site_id, kind, holder))).rowcount == 1


def let_go_all(c: Connection, holder: str) -> int:
    """Gives back every lease of a holder that is dead; returns how many."""
    return c.execute(delete(_LEASES).where(_LEASES.c.holder == holder)).rowcount


def holder_of(c: Connection, site_id: int, kind: str, now: datetime) -> str | None:
    """Who holds a site for a kind of run now."""
    mine = (_LEASES.c.site_id == site_id, _LEASES.c.kind == kind)
    held = _LEASES.c.held_until.between(now, now + LONGEST_LEASE)
    return c.execute(select(_LEASES.c.holder).where(*mine, held)).scalar()


def _held_by(site_id: int, kind: str, holder: str) -> tuple[ColumnElement[bool], ...]:
    return (_LEASES.c.site_id == site_id, _LEASES.c.kind == kind, _LEASES.c.holder == holder)


def _busy(name: str, holder: str, run_id: int | None, until: datetime) -> str:
    run = "" if run_id is None else f" (run {run_id})"
    return f"{name} is held by {holder}{run} until {until:%H:%M} UTC"
