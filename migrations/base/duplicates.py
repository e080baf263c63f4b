"""Which articles are one story: sketches, pairs and clusters.

A revision is history: it imports no model, so that a later model cannot change it.
"""

import sqlalchemy as sa
from alembic import op

from migrations.column_types import KEY, OPTIONS, TIME, column, one_of, refers


def create() -> None:
    """Makes them."""
    _sketch_keys()
    _cluster_members()
    _duplicate_pairs()
    _clusters()
    _index_version()


def drop() -> None:
    """Takes them away, rows and all."""
    for name in (
        "index_version",
        "clusters",
        "duplicate_pairs",
        "cluster_members",
        "sketch_keys",
    ):
        op.drop_table(name)


def _sketch_keys() -> None:
    op.create_table(
        "sketch_keys",
        column("sketch_key", sa.Integer(), autoincrement=False, comment="32-bit hash"),
        column("article_id", sa.Integer(), autoincrement=False, comment="whose sketch"),
        sa.PrimaryKeyConstraint("sketch_key", "article_id", name="pk_sketch_keys"),
        comment="Keys of articles' sketches; the primary key alone serves look-up and insert.",
        sqlite_with_rowid=False,
        **OPTIONS,
    )


def _cluster_members() -> None:
    op.create_table(
        "cluster_members",
        column(
            "article_id",
            KEY,
            refers("cluster_members", "article_id", "articles.article_id"),
            autoincrement=False,
            comment="article that is a member, or may become one",
        ),
        column(
            "cluster_id",
            KEY,
            nullable=True,
            comment="the smallest member's article_id; null where it stands alone",
        ),
        column("state", sa.SmallInteger(), comment="0: to be looked up | 1: done"),
        column("revision", sa.Integer(), comment="whose text the keys were made of; 0: none yet"),
        column("body_key", sa.BigInteger(), nullable=True, comment="63 bits of the text's tokens"),
        column("tokens", sa.Integer(), comment="tokens of the text"),
        column(
            "similarity", sa.Float(), nullable=True, comment="0 to 1, to the cluster's original"
        ),
        column("reason", sa.String(40), nullable=True, comment="why it is in the cluster"),
        sa.PrimaryKeyConstraint("article_id", name="pk_cluster_members"),
        one_of("cluster_members", "state", 0, 1),
        comment="What duplicate search knows of each article, and the cluster it is in.",
        **OPTIONS,
    )
    op.create_index("ix_cluster_members_body_key", "cluster_members", ["body_key", "article_id"])
    op.create_index(
        "ix_cluster_members_cluster_id",
        "cluster_members",
        ["cluster_id"],
        sqlite_where=sa.text("cluster_id IS NOT NULL"),
        postgresql_where=sa.text("cluster_id IS NOT NULL"),
    )
    op.create_index(
        "ix_cluster_members_state",
        "cluster_members",
        ["state", "article_id"],
        sqlite_where=sa.text("state = 0"),
        postgresql_where=sa.text("state = 0"),
    )


def _duplicate_pairs() -> None:
    op.create_table(
        "duplicate_pairs",
        column(
            "a",
            KEY,
            refers("duplicate_pairs", "a", "articles.article_id"),
            comment="smaller article_id",
        ),
        column(
            "b",
            KEY,
            refers("duplicate_pairs", "b", "articles.article_id"),
            comment="larger article_id",
        ),
        column(
            "kind", sa.String(10), comment="near | excerpt: the shorter is a part of the longer"
        ),
        column("jaccard", sa.Float(), comment="0 to 1, of five-token shingles"),
        column("containment", sa.Float(), comment="0 to 1, of the shorter's shingles"),
        sa.PrimaryKeyConstraint("a", "b", name="pk_duplicate_pairs"),
        one_of("duplicate_pairs", "kind", "near", "excerpt"),
        comment="Articles that were compared and found alike; equal texts need no row.",
        **OPTIONS,
    )
    op.create_index("ix_duplicate_pairs_b", "duplicate_pairs", ["b"])


def _clusters() -> None:
    op.create_table(
        "clusters",
        column("cluster_id", KEY, autoincrement=False, comment="the smallest member's article_id"),
        column(
            "original_id",
            KEY,
            refers("clusters", "original_id", "articles.article_id"),
            comment="article_id of the original",
        ),
        column("reason", sa.String(40), comment="why this one is the original"),
        column("size", sa.Integer(), comment="members, two or more"),
        column(
            "due",
            sa.SmallInteger(),
            comment="1: too large to name its original at each arrival, a sweep does | 0: named",
        ),
        column("updated_at", TIME, comment="when its members or its original last changed"),
        sa.PrimaryKeyConstraint("cluster_id", name="pk_clusters"),
        one_of("clusters", "due", 0, 1),
        comment="Clusters of two or more articles, and the original of each.",
        **OPTIONS,
    )
    op.create_index(
        "ix_clusters_due",
        "clusters",
        ["due"],
        sqlite_where=sa.text("due = 1"),
        postgresql_where=sa.text("due = 1"),
    )


def _index_version() -> None:
    op.create_table(
        "index_version",
        column("one", sa.Integer(), autoincrement=False, comment="1: there is one row"),
        column("version", sa.String(100), comment="how the keys in sketch_keys are made"),
        column(
            "rebuilt_to",
            KEY,
            nullable=True,
            comment="a rebuild goes on from this article_id; null: none is under way",
        ),
        sa.PrimaryKeyConstraint("one", name="pk_index_version"),
        comment=(
            "How the keys in this database were made; keys made otherwise are never mixed in."
        ),
        **OPTIONS,
    )
