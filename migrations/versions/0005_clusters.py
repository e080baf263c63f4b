"""Which articles are one story.

A revision is history: it imports no model, so that a later model cannot change it.
"""

import sqlalchemy as sa
from alembic import op

from migrations.column_types import KEY, OPTIONS, TIME

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _cluster_members()
    _clusters()
    _likenesses()
    _sketch_keys()
    _sketch_version()


def downgrade() -> None:
    op.drop_table("index_version")
    op.drop_table("sketch_keys")
    op.drop_table("duplicate_pairs")
    op.drop_table("clusters")
    op.drop_table("cluster_members")


def _cluster_members() -> None:
    op.create_table(
        "cluster_members",
        sa.Column("article_id", KEY, autoincrement=False, nullable=False),
        sa.Column(
            "cluster_id",
            KEY,
            nullable=True,
            comment="the smallest member's article_id; null where it stands alone",
        ),
        sa.Column("state", sa.SmallInteger(), nullable=False, comment="0 to be looked up, 1 done"),
        sa.Column(
            "revision",
            sa.Integer(),
            nullable=False,
            comment="whose text the keys were made of; 0: none yet",
        ),
        sa.Column(
            "body_key", sa.BigInteger(), nullable=True, comment="63 bits of the text's tokens"
        ),
        sa.Column("tokens", sa.Integer(), nullable=False),
        sa.Column("similarity", sa.Float(), nullable=True, comment="to the cluster's original"),
        sa.Column(
            "reason", sa.String(length=40), nullable=True, comment="why it is in the cluster"
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.article_id"], name=op.f("fk_cluster_members_article_id")
        ),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_cluster_members")),
        **OPTIONS,
    )
    op.create_index(
        "ix_cluster_members_body_key", "cluster_members", ["body_key", "article_id"], unique=False
    )
    op.create_index(
        "ix_cluster_members_cluster_id",
        "cluster_members",
        ["cluster_id"],
        unique=False,
        sqlite_where=sa.text("cluster_id IS NOT NULL"),
        postgresql_where=sa.text("cluster_id IS NOT NULL"),
    )
    op.create_index(
        "ix_cluster_members_state",
        "cluster_members",
        ["state", "article_id"],
        unique=False,
        sqlite_where=sa.text("state = 0"),
        postgresql_where=sa.text("state = 0"),
    )


def _clusters() -> None:
    op.create_table(
        "clusters",
        sa.Column("cluster_id", KEY, autoincrement=False, nullable=False),
        sa.Column("original_id", KEY, nullable=False),
        sa.Column(
            "reason", sa.String(length=40), nullable=False, comment="why this one is the original"
        ),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column(
            "due",
            sa.SmallInteger(),
            nullable=False,
            comment="1: too large to name its original at each arrival; a sweep does",
        ),
        sa.Column("updated_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["original_id"], ["articles.article_id"], name=op.f("fk_clusters_original_id")
        ),
        sa.PrimaryKeyConstraint("cluster_id", name=op.f("pk_clusters")),
        **OPTIONS,
    )
    op.create_index(
        "ix_clusters_due",
        "clusters",
        ["due"],
        unique=False,
        sqlite_where=sa.text("due = 1"),
        postgresql_where=sa.text("due = 1"),
    )


def _likenesses() -> None:
    op.create_table(
        "duplicate_pairs",
        sa.Column("a", KEY, nullable=False),
        sa.Column("b", KEY, nullable=False),
        sa.Column(
            "kind",
            sa.String(length=10),
            nullable=False,
            comment="near | excerpt: the shorter is a part of the longer",
        ),
        sa.Column("jaccard", sa.Float(), nullable=False, comment="0 to 1, of five-token shingles"),
        sa.Column(
            "containment", sa.Float(), nullable=False, comment="0 to 1, of the shorter's shingles"
        ),
        sa.ForeignKeyConstraint(["a"], ["articles.article_id"], name=op.f("fk_duplicate_pairs_a")),
        sa.ForeignKeyConstraint(["b"], ["articles.article_id"], name=op.f("fk_duplicate_pairs_b")),
        sa.PrimaryKeyConstraint("a", "b", name=op.f("pk_duplicate_pairs")),
        **OPTIONS,
    )
    op.create_index("ix_duplicate_pairs_b", "duplicate_pairs", ["b"], unique=False)


def _sketch_keys() -> None:
    op.create_table(
        "sketch_keys",
        sa.Column("sketch_key", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("article_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("sketch_key", "article_id", name=op.f("pk_sketch_keys")),
        sqlite_with_rowid=False,
        **OPTIONS,
    )


def _sketch_version() -> None:
    op.create_table(
        "index_version",
        sa.Column("one", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.String(length=100), nullable=False),
        sa.Column(
            "rebuilt_to",
            KEY,
            nullable=True,
            comment="a rebuild goes on from this article_id; null: none is under way",
        ),
        sa.PrimaryKeyConstraint("one", name=op.f("pk_index_version")),
        **OPTIONS,
    )
