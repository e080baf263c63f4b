"""Every URL known: found, claimed by a lease, acknowledged by storing."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.database import TABLE_OPTIONS, UTC, Base, CleanText, Hash, Key


class UrlRow(Base):
    """One page's URL: known since, last asked for, and what came of it."""

    __tablename__ = "urls"
    __table_args__ = (
        UniqueConstraint("url_key"),
        Index("ix_urls_site_id_state_not_before", "site_id", "state", "not_before"),
        Index("ix_urls_site_id_state_newest_at", "site_id", "state", "newest_at"),
        Index("ix_urls_holder", "holder"),
        TABLE_OPTIONS,
    )

    url_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.site_id"))
    url_key: Mapped[bytes] = mapped_column(Hash, comment="SHA-256 of the URL's key")
    url: Mapped[str] = mapped_column(CleanText, comment="as it is asked for")
    state: Mapped[str] = mapped_column(String(10), comment="found | done | dead")
    found_at: Mapped[datetime] = mapped_column(UTC)
    found_by: Mapped[str] = mapped_column(String(20), comment="sitemap, feed, section, link, ...")
    found_in: Mapped[str | None] = mapped_column(CleanText, comment="the source's URL")
    hint_title: Mapped[str | None] = mapped_column(CleanText)
    hint_published_at: Mapped[datetime | None] = mapped_column(UTC)
    hint_precision: Mapped[str | None] = mapped_column(String(4), comment="time | day")
    hint_modified_at: Mapped[datetime | None] = mapped_column(UTC)
    newest_at: Mapped[datetime] = mapped_column(
        UTC, comment="claim order: the newest date that a source gave, else found_at"
    )
    not_before: Mapped[datetime | None] = mapped_column(UTC, comment="left alone until then")
    holder: Mapped[str | None] = mapped_column(String(200), comment="who claimed it")
    held_until: Mapped[datetime | None] = mapped_column(UTC, comment="when the claim frees itself")
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0, comment="failures in a row")
    fetched_at: Mapped[datetime | None] = mapped_column(UTC)
    outcome: Mapped[str | None] = mapped_column(String(20), comment="the last run's")
    article: Mapped[bool] = mapped_column(default=False, comment="an article of it is stored")
    changed_at: Mapped[datetime | None] = mapped_column(UTC, comment="last stored or revised")
    canonical_url: Mapped[str | None] = mapped_column(CleanText, comment="the page's own claim")
    etag: Mapped[str | None] = mapped_column(CleanText, comment="of the stored capture")
    last_modified: Mapped[str | None] = mapped_column(CleanText, comment="of the stored capture")
    gone_times: Mapped[int] = mapped_column(SmallInteger, default=0, comment="404 or 410, in a row")
