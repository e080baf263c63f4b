"""The rows of runs, their outcomes, and what a run noticed of a site."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from models.db.types import TABLE_OPTIONS, UTC, Base, CleanText, JsonText, Key


class RunRow(Base):
    """One run of one spider on one site."""

    __tablename__ = "runs"
    __table_args__ = (
        Index("ix_runs_site_id_started_at", "site_id", "started_at"),
        Index("ix_runs_status", "status"),
        TABLE_OPTIONS,
    )

    run_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=True)
    kind: Mapped[str] = mapped_column(String(10), comment="discover | recrawl | reextract | visit")
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites.site_id"))
    owner: Mapped[str] = mapped_column(String(200), comment="host, process and a random part")
    started_at: Mapped[datetime] = mapped_column(UTC)
    alive_at: Mapped[datetime] = mapped_column(UTC, comment="last sign of life")
    finished_at: Mapped[datetime | None] = mapped_column(UTC)
    status: Mapped[str] = mapped_column(String(10), comment="running | done | failed | aborted")
    reason: Mapped[str | None] = mapped_column(CleanText, comment="why it failed or was stopped")
    plan: Mapped[str | None] = mapped_column(
        String(64), comment="hash of what it was to do: a run with the same plan goes on with it"
    )


class RunCountRow(Base):
    """How many URLs of a run that is over had one outcome; kept when outcomes are pruned."""

    __tablename__ = "run_counts"

    run_id: Mapped[int] = mapped_column(ForeignKey("runs.run_id"), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(20), primary_key=True)
    urls: Mapped[int] = mapped_column()


class OutcomeRow(Base):
    """What came of one URL in one run."""

    __tablename__ = "outcomes"

    run_id: Mapped[int] = mapped_column(ForeignKey("runs.run_id"), primary_key=True)
    url_id: Mapped[int] = mapped_column(ForeignKey("urls.url_id"), primary_key=True, index=True)
    outcome: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str | None] = mapped_column(CleanText)
    http_status: Mapped[int | None] = mapped_column(SmallInteger)
    at: Mapped[datetime] = mapped_column(UTC)


class SiteEventRow(Base):
    """Something that a run noticed of a site: a changed template, a red monitor."""

    __tablename__ = "site_events"
    __table_args__ = (Index("ix_site_events_site_id_at", "site_id", "at"), TABLE_OPTIONS)

    event_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.site_id"))
    run_id: Mapped[int | None] = mapped_column(ForeignKey("runs.run_id"))
    at: Mapped[datetime] = mapped_column(UTC)
    kind: Mapped[str] = mapped_column(String(30), comment="template changed, verdict refused, ...")
    detail: Mapped[Any] = mapped_column(JsonText)


OUTCOMES: Final = Base.metadata.tables["outcomes"]
COUNTS: Final = Base.metadata.tables["run_counts"]
