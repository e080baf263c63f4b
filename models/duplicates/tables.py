"""Sketches, duplicate_pairs and clusters: which articles are one story (the tables)."""

from datetime import datetime

from sqlalchemy import BigInteger, Float, ForeignKey, Index, Integer, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.db.types import TABLE_OPTIONS, UTC, Base, Key

PENDING, DONE = 0, 1


class SketchRow(Base):
    """One key of an article's sketch; the primary key alone serves look-up and insert."""

    __tablename__ = "sketch_keys"
    __table_args__ = ({**TABLE_OPTIONS, "sqlite_with_rowid": False},)

    # two 32-bit columns: sixteen rows an article, and PostgreSQL pads each row to eight bytes
    sketch_key: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    article_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)


class MemberRow(Base):
    """What duplicate search knows of one article, and the cluster it stands in."""

    __tablename__ = "cluster_members"
    __table_args__ = (
        Index("ix_cluster_members_body_key", "body_key", "article_id"),
        # most articles stand alone, and few are pending: neither is indexed where it can be helped
        Index(
            "ix_cluster_members_cluster_id",
            "cluster_id",
            sqlite_where=text("cluster_id IS NOT NULL"),
            postgresql_where=text("cluster_id IS NOT NULL"),
        ),
        Index(
            "ix_cluster_members_state",
            "state",
            "article_id",
            sqlite_where=text("state = 0"),
            postgresql_where=text("state = 0"),
        ),
        TABLE_OPTIONS,
    )

    article_id: Mapped[int] = mapped_column(
        ForeignKey("articles.article_id"), primary_key=True, autoincrement=False
    )
    cluster_id: Mapped[int | None] = mapped_column(
        Key, comment="the smallest member's article_id; null where it stands alone"
    )
    state: Mapped[int] = mapped_column(SmallInteger, comment="0 to be looked up, 1 done")
    revision: Mapped[int] = mapped_column(comment="whose text the keys were made of; 0: none yet")
    body_key: Mapped[int | None] = mapped_column(BigInteger, comment="63 bits of the text's tokens")
    tokens: Mapped[int] = mapped_column()
    similarity: Mapped[float | None] = mapped_column(Float, comment="to the cluster's original")
    reason: Mapped[str | None] = mapped_column(String(40), comment="why it is in the cluster")


class DuplicatePairRow(Base):
    """Two articles that were compared and found alike, a < b; equal texts need no row."""

    __tablename__ = "duplicate_pairs"
    __table_args__ = (Index("ix_duplicate_pairs_b", "b"), TABLE_OPTIONS)

    a: Mapped[int] = mapped_column(ForeignKey("articles.article_id"), primary_key=True)
    b: Mapped[int] = mapped_column(ForeignKey("articles.article_id"), primary_key=True)
    kind: Mapped[str] = mapped_column(
        String(10), comment="near | excerpt: the shorter is a part of the longer"
    )
    jaccard: Mapped[float] = mapped_column(Float, comment="0 to 1, of five-token shingles")
    containment: Mapped[float] = mapped_column(Float, comment="0 to 1, of the shorter's shingles")


class ClusterRow(Base):
    """A cluster of two or more articles, and its original."""

    __tablename__ = "clusters"
    __table_args__ = (
        Index(
            "ix_clusters_due", "due", sqlite_where=text("due = 1"), postgresql_where=text("due = 1")
        ),
        TABLE_OPTIONS,
    )

    cluster_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    original_id: Mapped[int] = mapped_column(ForeignKey("articles.article_id"))
    reason: Mapped[str] = mapped_column(String(40), comment="why this one is the original")
    size: Mapped[int] = mapped_column()
    due: Mapped[int] = mapped_column(
        SmallInteger, comment="1: too large to name its original at each arrival; a sweep does"
    )
    updated_at: Mapped[datetime] = mapped_column(UTC)


class IndexVersionRow(Base):
    """How the keys in this database were made; keys made otherwise are never mixed in."""

    __tablename__ = "index_version"

    one: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[str] = mapped_column(String(100))
    rebuilt_to: Mapped[int | None] = mapped_column(
        Key, comment="a rebuild goes on from this article_id; null: none is under way"
    )
