"""Places of a site's templates: how often what stands there is article."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.database import TABLE_OPTIONS, UTC, Base, CleanText, Key


class PlaceRow(Base):
    """One place: a path of tags and stable classes."""

    __tablename__ = "places"
    __table_args__ = ({**TABLE_OPTIONS, "sqlite_with_rowid": False},)

    site_id: Mapped[int] = mapped_column(ForeignKey("sites.site_id"), primary_key=True)
    place_key: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    path: Mapped[str] = mapped_column(CleanText)
    since: Mapped[datetime] = mapped_column(UTC, comment="first seen")
    seen_at: Mapped[datetime] = mapped_column(UTC, comment="last seen")


class PlaceSightingRow(Base):
    """How one page used a place, by that page's own verdict; a sample of the pages."""

    __tablename__ = "place_sightings"
    __table_args__ = (
        Index("ix_place_sightings_site_id_page", "site_id", "page"),
        {**TABLE_OPTIONS, "sqlite_with_rowid": False},
    )

    site_id: Mapped[int] = mapped_column(ForeignKey("sites.site_id"), primary_key=True)
    place_key: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    page_hash: Mapped[int] = mapped_column(
        Key, primary_key=True, autoincrement=False, comment="sample order"
    )
    page: Mapped[int] = mapped_column(Key, comment="url_id")
    witness: Mapped[int] = mapped_column(Key, comment="63-bit hash of the page's own text")
    kept_words: Mapped[int] = mapped_column()
    words: Mapped[int] = mapped_column()


class LayoutRow(Base):
    """One template that the site's pages are made with."""

    __tablename__ = "layouts"
    __table_args__ = (TABLE_OPTIONS,)

    site_id: Mapped[int] = mapped_column(ForeignKey("sites.site_id"), primary_key=True)
    layout_key: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    since: Mapped[datetime] = mapped_column(UTC)
    seen_at: Mapped[datetime] = mapped_column(UTC)
    first_run: Mapped[int] = mapped_column(ForeignKey("runs.run_id"))
    first_page: Mapped[int] = mapped_column(Key, comment="url_id")
    pages: Mapped[int] = mapped_column(comment="distinct pages")
    announced: Mapped[bool] = mapped_column(default=False, comment="a change to it was recorded")

    state: Mapped[str] = mapped_column(String(10), default="new", comment="new | known")
