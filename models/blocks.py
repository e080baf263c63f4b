"""Blocks of a site: texts that its pages repeat, and on which pages."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.database import TABLE_OPTIONS, UTC, Base, CleanText, Key


class BlockRow(Base):
    """One text (or, by its loose key, one near-identical text) of a site."""

    __tablename__ = "blocks"
    __table_args__ = (
        Index("ix_blocks_site_id_seen_at", "site_id", "seen_at"),
        {**TABLE_OPTIONS, "sqlite_with_rowid": False},
    )

    site_id: Mapped[int] = mapped_column(ForeignKey("sites.site_id"), primary_key=True)
    block_key: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    excerpt: Mapped[str] = mapped_column(CleanText, comment="first 200 characters")
    since: Mapped[datetime] = mapped_column(UTC, comment="first seen")
    seen_at: Mapped[datetime] = mapped_column(UTC, comment="last seen")
    revoked_at: Mapped[datetime | None] = mapped_column(
        UTC, comment="a person said: not boilerplate"
    )


class BlockSightingRow(Base):
    """One page on which a block stood; a sample of the pages where there are many."""

    __tablename__ = "block_sightings"
    __table_args__ = (
        Index("ix_block_sightings_site_id_page", "site_id", "page"),
        {**TABLE_OPTIONS, "sqlite_with_rowid": False},
    )

    site_id: Mapped[int] = mapped_column(ForeignKey("sites.site_id"), primary_key=True)
    block_key: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    page_hash: Mapped[int] = mapped_column(
        Key, primary_key=True, autoincrement=False, comment="sample order"
    )
    page: Mapped[int] = mapped_column(Key, comment="url_id")
    witness: Mapped[int] = mapped_column(Key, comment="63-bit hash of the page's own text")
