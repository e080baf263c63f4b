"""The health of each site, as its monitors last checked it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Float, ForeignKey, String, select

from models.db.statements import insert_ignore, upsert
from models.db.types import UTC, CleanText, JsonText, column, one_of, table

STATES: Final = ("ok", "warn", "red")

SITE_HEALTH: Final = table(
    "site_health",
    column("site_id", ForeignKey("sites.site_id"), primary_key=True, comment="site it is of"),
    column("checked_at", UTC, comment="when the monitors last looked"),
    column(
        "run_id",
        ForeignKey("runs.run_id"),
        nullable=True,
        index=True,
        comment="the last run they saw",
    ),
    column("usual_per_day", Float, nullable=True, comment="new articles a day, usually"),
    column("empty_share", Float, nullable=True, comment="0 to 1: pages without content"),
    column("usual_empty_share", Float, nullable=True, comment="0 to 1: the same, usually"),
    column("median_words", Float, nullable=True, comment="words of the median article"),
    column("usual_median_words", Float, nullable=True, comment="words: the same, usually"),
    column("state", String(4), comment="ok | warn | red"),
    column("reason", CleanText, nullable=True, comment="why; null where all is well"),
    column("details", JsonText, nullable=True, comment="JSON: each alarm in full; null: none"),
    one_of("state", STATES),
    comment="The monitors' last word on each site, and the figures it rests on.",
)


@dataclass(frozen=True, slots=True)
class Health:
    """The state of one site, compared with what is usual for it."""

    state: str  # ok | warn | red
    reason: str | None
    usual_per_day: float | None  # new articles
    empty_share: float | None  # 0 to 1, of the pages that count
    usual_empty_share: float | None
    median_words: float | None
    usual_median_words: float | None
    details: Mapping[str, Any] | None = None  # each alarm in full


_CHECKED: Final = [c.name for c in SITE_HEALTH.columns if c.name != "site_id"]


def keep(conn: Connection, site_id: int, run_id: int | None, health: Health, now: datetime) -> None:
    """Stores the site's health, in place of the one before."""
    values = {name: getattr(health, name) for name in Health.__dataclass_fields__}
    row = {"site_id": site_id, "run_id": run_id, "checked_at": now, **values}
    upsert(conn, SITE_HEALTH, [row], _CHECKED)


def lock_state(conn: Connection, site_id: int, now: datetime) -> str:
    """The state as it stands, 'ok' before the first check; other checks of the site wait."""
    query = select(SITE_HEALTH.c.state).where(SITE_HEALTH.c.site_id == site_id).with_for_update()
    state = conn.execute(query).scalar()
    if state is None:  # a row that is not there cannot be locked: two checks would be the first
        row = {"site_id": site_id, "checked_at": now, "state": "ok"}
        insert_ignore(conn, SITE_HEALTH, [row])
        state = conn.execute(query).scalar_one()
    return str(state)
