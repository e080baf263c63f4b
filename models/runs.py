"""Runs, the one outcome of each URL that a run touched, and what a run noticed of a site."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    Connection,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.database import TABLE_OPTIONS, UTC, Base, CleanText, JsonText, Key, upsert
from models.holders import is_dead
from models.outcomes import Outcome


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
    holder: Mapped[str] = mapped_column(String(200), comment="host, process and a random part")
    started_at: Mapped[datetime] = mapped_column(UTC)
    alive_at: Mapped[datetime] = mapped_column(UTC, comment="last sign of life")
    finished_at: Mapped[datetime | None] = mapped_column(UTC)
    status: Mapped[str] = mapped_column(String(10), comment="running | done | failed | aborted")
    reason: Mapped[str | None] = mapped_column(CleanText, comment="why it failed or was stopped")


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
    """Something that a run noticed of a site: a changed layout, a red monitor."""

    __tablename__ = "site_events"
    __table_args__ = (Index("ix_site_events_site_id_at", "site_id", "at"), TABLE_OPTIONS)

    event_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.site_id"))
    run_id: Mapped[int | None] = mapped_column(ForeignKey("runs.run_id"))
    at: Mapped[datetime] = mapped_column(UTC)
    kind: Mapped[str] = mapped_column(String(30), comment="layout changed, verdict refused, ...")
    detail: Mapped[Any] = mapped_column(JsonText)


OUTCOMES: Final = Base.metadata.tables["outcomes"]
COUNTS: Final = Base.metadata.tables["run_counts"]


class RunLog:
    """Opens, follows and closes runs, and keeps one outcome for each URL that a run touched."""

    @staticmethod
    def open_run(
        connection: Connection, kind: str, site_id: int | None, holder: str, now: datetime
    ) -> int:
        """The new run's run_id; its status is 'running'."""
        values = {
            "kind": kind,
            "site_id": site_id,
            "holder": holder,
            "started_at": now,
            "alive_at": now,
            "status": "running",
        }
        key = connection.execute(insert(RunRow).values(values)).inserted_primary_key
        if key is None:
            raise RuntimeError("the database gave the run no number")
        return int(key[0])

    @staticmethod
    def beat(connection: Connection, run_id: int, now: datetime) -> None:
        """Notes a sign of life; a run without one for long is taken for dead by `sweep`."""
        connection.execute(update(RunRow).where(RunRow.run_id == run_id).values(alive_at=now))

    @staticmethod
    def record(
        connection: Connection,
        run_id: int,
        url_id: int,
        outcome: Outcome,
        reason: str | None,
        http_status: int | None,
        now: datetime,
    ) -> None:
        """Keeps what came of a URL; a URL asked for twice in a run keeps the later outcome."""
        row = {
            "run_id": run_id,
            "url_id": url_id,
            "outcome": Outcome(outcome).value,
            "reason": reason,
            "http_status": http_status,
            "at": now,
        }
        upsert(connection, OUTCOMES, [row], ["outcome", "reason", "http_status", "at"])

    @staticmethod
    def close_run(
        connection: Connection, run_id: int, status: str, reason: str | None, now: datetime
    ) -> None:
        """Ends a run as 'done', 'failed' or 'aborted' and keeps its counts."""
        connection.execute(
            update(RunRow)
            .where(RunRow.run_id == run_id)
            .values(status=status, reason=reason, finished_at=now, alive_at=now)
        )
        _keep_counts(connection, run_id)

    @staticmethod
    def sweep(connection: Connection, now: datetime, silence: timedelta) -> list[int]:
        """Marks runs whose process is dead, or that gave no sign of life for `silence`, as aborted.

        Returns their run_ids. They are held to have ended at their last sign of life. Two
        sweeps at once do no harm.
        """
        running = select(RunRow.run_id, RunRow.alive_at, RunRow.holder).where(
            RunRow.status == "running"
        )
        ended = [
            row.run_id
            for row in connection.execute(running.order_by(RunRow.run_id))
            if row.alive_at < now - silence or is_dead(row.holder)
        ]
        for run_id in ended:
            connection.execute(
                update(RunRow)
                .where(RunRow.run_id == run_id, RunRow.status == "running")
                .values(
                    status="aborted",
                    reason="killed: it gave no more sign of life",
                    finished_at=RunRow.alive_at,
                )
            )
            _keep_counts(connection, run_id)
        return ended

    @staticmethod
    def event(
        connection: Connection,
        site_id: int,
        run_id: int | None,
        kind: str,
        detail: Mapping[str, object],
        now: datetime,
    ) -> None:
        """Notes something that a run noticed of a site."""
        connection.execute(
            insert(SiteEventRow).values(
                site_id=site_id, run_id=run_id, kind=kind, detail=dict(detail), at=now
            )
        )

    @staticmethod
    def holders(connection: Connection, run_ids: Sequence[int]) -> list[str]:
        """Who held these runs: their claims can be given back."""
        query = select(RunRow.holder).where(RunRow.run_id.in_(run_ids))
        return list(connection.execute(query).scalars()) if run_ids else []

    @staticmethod
    def counts(connection: Connection, run_id: int) -> dict[Outcome, int]:
        """URLs by outcome, of a run that is under way or over."""
        live = (
            select(OutcomeRow.outcome, func.count())
            .where(OutcomeRow.run_id == run_id)
            .group_by(OutcomeRow.outcome)
        )
        kept = select(RunCountRow.outcome, RunCountRow.urls).where(RunCountRow.run_id == run_id)
        rows = connection.execute(kept).all() or connection.execute(live).all()
        return {Outcome(outcome): int(urls) for outcome, urls in rows}


def _keep_counts(connection: Connection, run_id: int) -> None:
    counted = (
        select(OutcomeRow.run_id, OutcomeRow.outcome, func.count())
        .where(OutcomeRow.run_id == run_id)
        .group_by(OutcomeRow.run_id, OutcomeRow.outcome)
    )
    connection.execute(COUNTS.delete().where(RunCountRow.run_id == run_id))
    connection.execute(insert(RunCountRow).from_select(["run_id", "outcome", "urls"], counted))
