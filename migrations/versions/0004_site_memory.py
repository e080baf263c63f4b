"""What a site's pages repeat, and where.

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
    _block_occurrences()
    _blocks()
    _dom_path_occurrences()
    _places()
    _recent_pages()
    _settlements()
    _unsettled()
    _templates()


def downgrade() -> None:
    op.drop_table("templates")
    op.drop_table("reclassify_queue")
    op.drop_table("reclassify_progress")
    op.drop_table("recent_pages")
    op.drop_table("dom_paths")
    op.drop_table("dom_path_occurrences")
    op.drop_table("blocks")
    op.drop_table("block_occurrences")


def _block_occurrences() -> None:
    op.create_table(
        "block_occurrences",
        sa.Column("site_id", KEY, nullable=False),
        sa.Column("block_key", KEY, autoincrement=False, nullable=False),
        sa.Column("page_hash", KEY, autoincrement=False, nullable=False, comment="sample order"),
        sa.Column("page", KEY, nullable=False, comment="url_id"),
        sa.Column("fingerprint", KEY, nullable=False, comment="63-bit hash of the page's own text"),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.site_id"], name=op.f("fk_block_occurrences_site_id")
        ),
        sa.PrimaryKeyConstraint(
            "site_id", "block_key", "page_hash", name=op.f("pk_block_occurrences")
        ),
        sqlite_with_rowid=False,
        **OPTIONS,
    )
    op.create_index(
        "ix_block_occurrences_site_id_page", "block_occurrences", ["site_id", "page"], unique=False
    )


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


def _dom_path_occurrences() -> None:
    op.create_table(
        "dom_path_occurrences",
        sa.Column("site_id", KEY, nullable=False),
        sa.Column("dom_path_key", KEY, autoincrement=False, nullable=False),
        sa.Column("page_hash", KEY, autoincrement=False, nullable=False, comment="sample order"),
        sa.Column("page", KEY, nullable=False, comment="url_id"),
        sa.Column("fingerprint", KEY, nullable=False, comment="63-bit hash of the page's own text"),
        sa.Column("kept_words", sa.Integer(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.site_id"], name=op.f("fk_dom_path_occurrences_site_id")
        ),
        sa.PrimaryKeyConstraint(
            "site_id", "dom_path_key", "page_hash", name=op.f("pk_dom_path_occurrences")
        ),
        sqlite_with_rowid=False,
        **OPTIONS,
    )
    op.create_index(
        "ix_dom_path_occurrences_site_id_page",
        "dom_path_occurrences",
        ["site_id", "page"],
        unique=False,
    )


def _places() -> None:
    op.create_table(
        "dom_paths",
        sa.Column("site_id", KEY, nullable=False),
        sa.Column("dom_path_key", KEY, autoincrement=False, nullable=False),
        sa.Column("path", TEXT, nullable=False),
        sa.Column("since", TIME, nullable=False, comment="first seen"),
        sa.Column("seen_at", TIME, nullable=False, comment="last seen, to the day"),
        sa.ForeignKeyConstraint(["site_id"], ["sites.site_id"], name=op.f("fk_dom_paths_site_id")),
        sa.PrimaryKeyConstraint("site_id", "dom_path_key", name=op.f("pk_dom_paths")),
        sqlite_with_rowid=False,
        **OPTIONS,
    )


def _recent_pages() -> None:
    op.create_table(
        "recent_pages",
        sa.Column("site_id", KEY, nullable=False),
        sa.Column("page", KEY, autoincrement=False, nullable=False, comment="url_id"),
        sa.Column("template_key", KEY, nullable=False),
        sa.Column("fetched_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.site_id"], name=op.f("fk_recent_pages_site_id")
        ),
        sa.PrimaryKeyConstraint("site_id", "page", name=op.f("pk_recent_pages")),
        **OPTIONS,
    )


def _settlements() -> None:
    op.create_table(
        "reclassify_progress",
        sa.Column("site_id", KEY, nullable=False),
        sa.Column(
            "digest",
            sa.String(length=64),
            nullable=False,
            comment="of the places that the last pass over all articles went by",
        ),
        sa.Column(
            "after_id",
            KEY,
            nullable=True,
            comment="article_id that the pass has come to; null: none is under way",
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.site_id"], name=op.f("fk_reclassify_progress_site_id")
        ),
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_reclassify_progress")),
        **OPTIONS,
    )


def _unsettled() -> None:
    op.create_table(
        "reclassify_queue",
        sa.Column("site_id", KEY, nullable=False),
        sa.Column("page", KEY, autoincrement=False, nullable=False, comment="url_id"),
        sa.Column("noted_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.site_id"], name=op.f("fk_reclassify_queue_site_id")
        ),
        sa.PrimaryKeyConstraint("site_id", "page", name=op.f("pk_reclassify_queue")),
        sqlite_with_rowid=False,
        **OPTIONS,
    )


def _templates() -> None:
    op.create_table(
        "templates",
        sa.Column("site_id", KEY, nullable=False),
        sa.Column("template_key", KEY, autoincrement=False, nullable=False),
        sa.Column("since", TIME, nullable=False, comment="first seen"),
        sa.Column("seen_at", TIME, nullable=False, comment="last seen, to the day"),
        sa.Column("first_run", KEY, nullable=False),
        sa.Column("first_page", KEY, nullable=False, comment="url_id"),
        sa.Column(
            "known",
            sa.Boolean(),
            nullable=False,
            comment="one of the site's first, or the change to it was recorded",
        ),
        sa.ForeignKeyConstraint(
            ["first_run"], ["runs.run_id"], name=op.f("fk_templates_first_run")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.site_id"], name=op.f("fk_templates_site_id")),
        sa.PrimaryKeyConstraint("site_id", "template_key", name=op.f("pk_templates")),
        **OPTIONS,
    )
