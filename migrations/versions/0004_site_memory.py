"""What a site's pages repeat, and which articles are one story.

A revision is history: it imports no model, so that a later model cannot change it.
"""

import sqlalchemy as sa
from alembic import op

from migrations.column_types import KEY, OPTIONS, TEXT, TIME

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _sketch_keys()
    _sketch_version()
    _block_sightings()
    _blocks()
    _place_sightings()
    _places()
    _layouts()
    _cluster_members()
    _clusters()
    _likenesses()


def downgrade() -> None:
    op.drop_table("likenesses")
    op.drop_table("clusters")
    op.drop_table("cluster_members")
    op.drop_table("layouts")
    op.drop_table("places")
    op.drop_table("place_sightings")
    op.drop_table("blocks")
    op.drop_table("block_sightings")
    op.drop_table("sketch_version")
    op.drop_table("sketch_keys")


def _sketch_keys() -> None:
    op.create_table(
        "sketch_keys",
        sa.Column("sketch_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("article_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("sketch_key", "article_id", name=op.f("pk_sketch_keys")),
        sqlite_with_rowid=False,
        **OPTIONS,
    )
    op.create_index("ix_sketch_keys_article_id", "sketch_keys", ["article_id"], unique=False)
    # ### end Alembic commands ###


def _sketch_version() -> None:
    op.create_table(
        "sketch_version",
        sa.Column("one", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.String(length=100), nullable=False),
        sa.Column("rebuilt_to", KEY, nullable=True, comment="a rebuild goes on from here"),
        sa.PrimaryKeyConstraint("one", name=op.f("pk_sketch_version")),
        **OPTIONS,
    )
    # ### end Alembic commands ###


def _block_sightings() -> None:
    op.create_table(
        "block_sightings",
        sa.Column("site_id", KEY, nullable=False),
        sa.Column("block_key", KEY, autoincrement=False, nullable=False),
        sa.Column("page_hash", KEY, autoincrement=False, nullable=False, comment="sample order"),
        sa.Column("page", KEY, nullable=False, comment="url_id"),
        sa.Column("witness", KEY, nullable=False, comment="63-bit hash of the page's own text"),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.site_id"], name=op.f("fk_block_sightings_site_id")
        ),
        sa.PrimaryKeyConstraint(
            "site_id", "block_key", "page_hash", name=op.f("pk_block_sightings")
        ),
        sqlite_with_rowid=False,
        **OPTIONS,
    )
    op.create_index(
        "ix_block_sightings_site_id_page", "block_sightings", ["site_id", "page"], unique=False
    )
    # ### end Alembic commands ###


def _blocks() -> None:
    op.create_table(
        "blocks",
        sa.Column("site_id", KEY, nullable=False),
        sa.Column("block_key", KEY, autoincrement=False, nullable=False),
        sa.Column("excerpt", TEXT, nullable=False, comment="first 200 characters"),
        sa.Column("since", TIME, nullable=False, comment="first seen"),
        sa.Column("seen_at", TIME, nullable=False, comment="last seen, to the day"),
        sa.Column("revoked_at", TIME, nullable=True, comment="a person said: not boilerplate"),
        sa.ForeignKeyConstraint(["site_id"], ["sites.site_id"], name=op.f("fk_blocks_site_id")),
        sa.PrimaryKeyConstraint("site_id", "block_key", name=op.f("pk_blocks")),
        sqlite_with_rowid=False,
        **OPTIONS,
    )
    op.create_index("ix_blocks_site_id_seen_at", "blocks", ["site_id", "seen_at"], unique=False)
    # ### end Alembic commands ###


def _place_sightings() -> None:
    op.create_table(
        "place_sightings",
        sa.Column("site_id", KEY, nullable=False),
        sa.Column("place_key", KEY, autoincrement=False, nullable=False),
        sa.Column("page_hash", KEY, autoincrement=False, nullable=False, comment="sample order"),
        sa.Column("page", KEY, nullable=False, comment="url_id"),
        sa.Column("witness", KEY, nullable=False, comment="63-bit hash of the page's own text"),
        sa.Column("kept_words", sa.Integer(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.site_id"], name=op.f("fk_place_sightings_site_id")
        ),
        sa.PrimaryKeyConstraint(
            "site_id", "place_key", "page_hash", name=op.f("pk_place_sightings")
        ),
        sqlite_with_rowid=False,
        **OPTIONS,
    )
    op.create_index(
        "ix_place_sightings_site_id_page", "place_sightings", ["site_id", "page"], unique=False
    )
    # ### end Alembic commands ###


def _places() -> None:
    op.create_table(
        "places",
        sa.Column("site_id", KEY, nullable=False),
        sa.Column("place_key", KEY, autoincrement=False, nullable=False),
        sa.Column("path", TEXT, nullable=False),
        sa.Column("since", TIME, nullable=False, comment="first seen"),
        sa.Column("seen_at", TIME, nullable=False, comment="last seen"),
        sa.ForeignKeyConstraint(["site_id"], ["sites.site_id"], name=op.f("fk_places_site_id")),
        sa.PrimaryKeyConstraint("site_id", "place_key", name=op.f("pk_places")),
        sqlite_with_rowid=False,
        **OPTIONS,
    )
    # ### end Alembic commands ###


def _layouts() -> None:
    op.create_table(
        "layouts",
        sa.Column("site_id", KEY, nullable=False),
        sa.Column("layout_key", KEY, autoincrement=False, nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("seen_at", TIME, nullable=False),
        sa.Column("first_run", KEY, nullable=False),
        sa.Column("first_page", KEY, nullable=False, comment="url_id"),
        sa.Column("pages", sa.Integer(), nullable=False, comment="distinct pages"),
        sa.Column("announced", sa.Boolean(), nullable=False, comment="a change to it was recorded"),
        sa.Column("state", sa.String(length=10), nullable=False, comment="new | known"),
        sa.ForeignKeyConstraint(["first_run"], ["runs.run_id"], name=op.f("fk_layouts_first_run")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.site_id"], name=op.f("fk_layouts_site_id")),
        sa.PrimaryKeyConstraint("site_id", "layout_key", name=op.f("pk_layouts")),
        **OPTIONS,
    )
    # ### end Alembic commands ###


def _cluster_members() -> None:
    op.create_table(
        "cluster_members",
        sa.Column("article_id", KEY, autoincrement=False, nullable=False),
        sa.Column("cluster_id", KEY, nullable=False, comment="the smallest member's article_id"),
        sa.Column("state", sa.SmallInteger(), nullable=False, comment="0 to be looked up, 1 done"),
        sa.Column(
            "body_key", sa.BigInteger(), nullable=False, comment="63 bits of the text's tokens"
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
    op.create_index("ix_cluster_members_body_key", "cluster_members", ["body_key"], unique=False)
    op.create_index(
        "ix_cluster_members_cluster_id", "cluster_members", ["cluster_id"], unique=False
    )
    op.create_index(
        "ix_cluster_members_state_article_id",
        "cluster_members",
        ["state", "article_id"],
        unique=False,
    )
    # ### end Alembic commands ###


def _clusters() -> None:
    op.create_table(
        "clusters",
        sa.Column("cluster_id", KEY, autoincrement=False, nullable=False),
        sa.Column("original_id", KEY, nullable=False),
        sa.Column(
            "reason", sa.String(length=40), nullable=False, comment="why this one is the original"
        ),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["original_id"], ["articles.article_id"], name=op.f("fk_clusters_original_id")
        ),
        sa.PrimaryKeyConstraint("cluster_id", name=op.f("pk_clusters")),
        **OPTIONS,
    )
    # ### end Alembic commands ###


def _likenesses() -> None:
    op.create_table(
        "likenesses",
        sa.Column("a", KEY, nullable=False),
        sa.Column("b", KEY, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False, comment="exact | near | excerpt"),
        sa.Column("jaccard", sa.Float(), nullable=False),
        sa.Column("containment", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["a"], ["articles.article_id"], name=op.f("fk_likenesses_a")),
        sa.ForeignKeyConstraint(["b"], ["articles.article_id"], name=op.f("fk_likenesses_b")),
        sa.PrimaryKeyConstraint("a", "b", name=op.f("pk_likenesses")),
        **OPTIONS,
    )
    op.create_index("ix_likenesses_b", "likenesses", ["b"], unique=False)
    # ### end Alembic commands ###
