"""The places where a site names its pages, and how each of them is doing."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.database import TABLE_OPTIONS, UTC, Base, CleanText, Hash, Key


class SourceRow(Base):
    """One sitemap, feed, section page or robots.txt."""

    __tablename__ = "sources"
    __table_args__ = (UniqueConstraint("site_id", "url_key"), TABLE_OPTIONS)

    source_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.site_id"))
    url_key: Mapped[bytes] = mapped_column(Hash)
    url: Mapped[str] = mapped_column(CleanText)
    kind: Mapped[str] = mapped_column(String(20), comment="robots, sitemap, feed, section")
    named_by: Mapped[str] = mapped_column(
        String(20), comment="site, robots, well_known, alternate, index"
    )
    read_at: Mapped[datetime | None] = mapped_column(UTC, comment="last read well")
    tried_at: Mapped[datetime | None] = mapped_column(UTC)
    failures: Mapped[int] = mapped_column(default=0, comment="in a row")
    error: Mapped[str | None] = mapped_column(CleanText, comment="of the last try; null if well")
    links: Mapped[int] = mapped_column(default=0, comment="links in scope when last read")
    etag: Mapped[str | None] = mapped_column(CleanText)
    last_modified: Mapped[str | None] = mapped_column(CleanText)
    ttl: Mapped[int | None] = mapped_column(comment="seconds, as a feed asks")
