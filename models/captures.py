"""Fetched copies of pages: where each lies in the archive."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from models.database import TABLE_OPTIONS, UTC, Base, CleanText, Hash, Key


class CaptureRow(Base):
    """One fetched copy, in a WARC file."""

    __tablename__ = "captures"
    __table_args__ = (Index("ix_captures_url_id_fetched_at", "url_id", "fetched_at"), TABLE_OPTIONS)

    capture_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=True)
    url_id: Mapped[int] = mapped_column(ForeignKey("urls.url_id"))
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.run_id"))
    final_url: Mapped[str] = mapped_column(CleanText, comment="after redirects")
    http_status: Mapped[int] = mapped_column(SmallInteger)
    fetched_at: Mapped[datetime] = mapped_column(UTC)
    warc_file: Mapped[str] = mapped_column(String(255), comment="relative to the archive's folder")
    warc_offset: Mapped[int] = mapped_column(BigInteger, comment="bytes from the file's start")
    warc_length: Mapped[int] = mapped_column(BigInteger, comment="bytes, compressed")
    body_hash: Mapped[bytes] = mapped_column(Hash, comment="SHA-256 of the body")
    body_size: Mapped[int] = mapped_column(BigInteger, comment="bytes, decompressed")
