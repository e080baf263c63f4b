"""Sketches, likenesses and clusters: which articles are one story."""

from datetime import datetime

from sqlalchemy import BigInteger, Float, ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from models.database import TABLE_OPTIONS, UTC, Base, Key


class SketchRow(Base):
    """One key of an article's bottom-k sketch; a plain B-tree on (key, article)."""

    __tablename__ = "sketch_keys"
    __table_args__ = (
        Index("ix_sketch_keys_article_id", "article_id"),
        {**TABLE_OPTIONS, "sqlite_with_rowid": False},
    )

    sketch_key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    article_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)


class MemberRow(Base):
    """What duplicate search knows of one article, and the cluster it stands in."""

    __tablename__ = "cluster_members"
    __table_args__ = (
        Index("ix_cluster_members_body_key", "body_key"),
        Index("ix_cluster_members_cluster_id", "cluster_id"),
        Index("ix_cluster_members_state_article_id", "state", "article_id"),
        TABLE_OPTIONS,
    )

    article_id: Mapped[int] = mapped_column(
        ForeignKey("articles.article_id"), primary_key=True, autoincrement=False
    )
    cluster_id: Mapped[int] = mapped_column(Key, comment="the smallest member's article_id")
    state: Mapped[int] = mapped_column(SmallInteger, comment="0 to be looked up, 1 done")
    body_key: Mapped[int] = mapped_column(BigInteger, comment="63 bits of the text's tokens")
    tokens: Mapped[int] = mapped_column()
    similarity: Mapped[float | None] = mapped_column(Float, comment="to the cluster's original")
    reason: Mapped[str | None] = mapped_column(String(40), comment="why it is in the cluster")


class LikenessRow(Base):
    """Two articles that were compared and found alike."""

    __tablename__ = "likenesses"
    __table_args__ = (Index("ix_likenesses_b", "b"), TABLE_OPTIONS)

    a: Mapped[int] = mapped_column(ForeignKey("articles.article_id"), primary_key=True)
    b: Mapped[int] = mapped_column(ForeignKey("articles.article_id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), comment="exact | near | excerpt")
    jaccard: Mapped[float] = mapped_column(Float)
    containment: Mapped[float] = mapped_column(Float)


class ClusterRow(Base):
    """A cluster of two or more articles, and its original."""

    __tablename__ = "clusters"

    cluster_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    original_id: Mapped[int] = mapped_column(ForeignKey("articles.article_id"))
    reason: Mapped[str] = mapped_column(String(40), comment="why this one is the original")
    size: Mapped[int] = mapped_column()
    updated_at: Mapped[datetime] = mapped_column(UTC)


class SketchVersionRow(Base):
    """How the keys in this database were made; keys made otherwise are never mixed in."""

    __tablename__ = "sketch_version"

    one: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[str] = mapped_column(String(100))
    rebuilt_to: Mapped[int | None] = mapped_column(Key, comment="a rebuild goes on from here")
