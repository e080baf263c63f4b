"""How each site does, as the monitors last judged it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Float, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.db.statements import upsert
from models.db.types import UTC, Base, CleanText


class SiteHealthRow(Base):
    """The last verdict on one site, and the figures it rests on."""

    __tablename__ = "site_health"

    site_id: Mapped[int] = mapped_column(ForeignKey("sites.site_id"), primary_key=True)
    judged_at: Mapped[datetime] = mapped_column(UTC)
    run_id: Mapped[int | None] = mapped_column(
        ForeignKey("runs.run_id"), comment="the run that was judged"
    )
    usual_per_day: Mapped[float | None] = mapped_column(Float)
    empty_share: Mapped[float | None] = mapped_column(Float)
    usual_empty_share: Mapped[float | None] = mapped_column(Float)
    median_words: Mapped[float | None] = mapped_column(Float)
    usual_median_words: Mapped[float | None] = mapped_column(Float)
    state: Mapped[str] = mapped_column(String(4), comment="ok | warn | red")
    reason: Mapped[str | None] = mapped_column(CleanText, comment="null where all is well")


@dataclass(frozen=True, slots=True)
class Health:
    """A verdict on one site: how it does, held against what is usual for it."""

    state: str  # ok | warn | red
    reason: str | None
    usual_per_day: float | None  # new articles
    empty_share: float | None  # 0 to 1, of the pages judged
    usual_empty_share: float | None
    median_words: float | None
    usual_median_words: float | None


HEALTH: Final = Base.metadata.tables["site_health"]
_JUDGED: Final = [c.name for c in HEALTH.columns if c.name != "site_id"]


def keep(conn: Connection, site_id: int, run_id: int | None, health: Health, now: datetime) -> None:
    """Keeps the verdict in the place of the one before."""
    said = {name: getattr(health, name) for name in Health.__dataclass_fields__}
    row = {"site_id": site_id, "run_id": run_id, "judged_at": now, **said}
    upsert(conn, HEALTH, [row], _JUDGED)
