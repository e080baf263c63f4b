"""The reader's cursor: one row a change, numbered in the order of commits."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.database import UTC, Base, Key


class ChangeRow(Base):
    """Something that a reader of articles would want to know."""

    __tablename__ = "changes"

    change_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.article_id"), index=True)
    revision: Mapped[int] = mapped_column()
    kind: Mapped[str] = mapped_column(
        String(10), comment="new | revised | withdrawn | restored | clustered"
    )
    at: Mapped[datetime] = mapped_column(UTC)


class ChangeCounterRow(Base):
    """The last number given out. Its row lock makes numbers follow the order of commits."""

    __tablename__ = "change_counter"

    one: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    value: Mapped[int] = mapped_column(Key)
