"""The sites that the database knows, by number; what is due, and who holds a site."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.database import TABLE_OPTIONS, UTC, Base, CleanText, Key


class SiteRow(Base):
    """One site, named as its TOML file is."""

    __tablename__ = "sites"
    __table_args__ = (UniqueConstraint("name"), TABLE_OPTIONS)

    site_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(String(100), comment="the TOML file's name without .toml")
    start_url: Mapped[str] = mapped_column(CleanText)
    added_at: Mapped[datetime] = mapped_column(UTC)
    next_due_at: Mapped[datetime | None] = mapped_column(UTC, comment="when visit looks again")
    failures: Mapped[int] = mapped_column(default=0, comment="visits that failed, in a row")
    memory_digest: Mapped[str | None] = mapped_column(
        String(64), comment="of the memory when all its articles were last judged"
    )


class LeaseRow(Base):
    """One run at a time for a site and a kind of run; a dead run's lease runs out."""

    __tablename__ = "leases"

    site_id: Mapped[int] = mapped_column(ForeignKey("sites.site_id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True, comment="as of the run")
    holder: Mapped[str] = mapped_column(String(200), comment="host, process and a random part")
    run_id: Mapped[int | None] = mapped_column(ForeignKey("runs.run_id"))
    held_until: Mapped[datetime] = mapped_column(UTC)
