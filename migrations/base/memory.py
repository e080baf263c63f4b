"""What a site has taught: its repeated blocks, DOM paths and templates.

A revision is history: it imports no model, so that a later model cannot change it.
"""

import sqlalchemy as sa
from alembic import op

from migrations.column_types import KEY, OPTIONS, TEXT, TIME, column, refers


def create() -> None:
    """Makes them."""
    _blocks()
    _block_occurrences()
    _dom_paths()
    _dom_path_occurrences()
    _templates()
    _recent_pages()
    _reclassify_queue()
    _reclassify_progress()


def drop() -> None:
    """Takes them away, rows and all."""
    for name in (
        "reclassify_progress",
        "reclassify_queue",
        "recent_pages",
        "templates",
        "dom_path_occurrences",
        "dom_paths",
        "block_occurrences",
        "blocks",
    ):
        op.drop_table(name)


def _blocks() -> None:
    op.create_table(
        "blocks",
        column(
            "site_id", KEY, refers("blocks", "site_id", "sites.site_id"), comment="site it is on"
        ),
        column("block_key", KEY, autoincrement=False, comment="63-bit hash of the normalised text"),
        column("excerpt", TEXT, comment="first 200 characters"),
        column("since", TIME, comment="first seen"),
        column("seen_at", TIME, comment="last seen, to the day"),
        column(
            "revoked_at",
            TIME,
            nullable=True,
            comment="when a person said: not boilerplate; null: nobody did",
        ),
        sa.PrimaryKeyConstraint("site_id", "block_key", name="pk_blocks"),
        comment="Texts that a site's pages hold, by a hash of the text.",
        sqlite_with_rowid=False,
        **OPTIONS,
    )
    op.create_index("ix_blocks_site_id_seen_at", "blocks", ["site_id", "seen_at"])


def _block_occurrences() -> None:
    op.create_table(
        "block_occurrences",
        column(
            "site_id",
            KEY,
            refers("block_occurrences", "site_id", "sites.site_id"),
            comment="site of the page",
        ),
        column("block_key", KEY, autoincrement=False, comment="63-bit hash of the normalised text"),
        column(
            "page_hash",
            KEY,
            autoincrement=False,
            comment="63-bit hash of its URL's key: the sample holds the smallest",
        ),
        column("page", KEY, comment="url_id of the page"),
        column("fingerprint", KEY, comment="63-bit hash of the page's own text"),
        sa.PrimaryKeyConstraint("site_id", "block_key", "page_hash", name="pk_block_occurrences"),
        comment="Pages on which a block was seen: a sample where there are many.",
        sqlite_with_rowid=False,
        **OPTIONS,
    )
    op.create_index("ix_block_occurrences_site_id_page", "block_occurrences", ["site_id", "page"])


def _dom_paths() -> None:
    op.create_table(
        "dom_paths",
        column(
            "site_id", KEY, refers("dom_paths", "site_id", "sites.site_id"), comment="site it is on"
        ),
        column("dom_path_key", KEY, autoincrement=False, comment="63-bit hash of the path"),
        column("path", TEXT, comment="tags and stable classes, by >"),
        column("since", TIME, comment="first seen"),
        column("seen_at", TIME, comment="last seen, to the day"),
        sa.PrimaryKeyConstraint("site_id", "dom_path_key", name="pk_dom_paths"),
        comment="DOM paths that a site's pages use.",
        sqlite_with_rowid=False,
        **OPTIONS,
    )


def _dom_path_occurrences() -> None:
    op.create_table(
        "dom_path_occurrences",
        column(
            "site_id",
            KEY,
            refers("dom_path_occurrences", "site_id", "sites.site_id"),
            comment="site of the page",
        ),
        column("dom_path_key", KEY, autoincrement=False, comment="63-bit hash of the path"),
        column(
            "page_hash",
            KEY,
            autoincrement=False,
            comment="63-bit hash of its URL's key: the sample holds the smallest",
        ),
        column("page", KEY, comment="url_id of the page"),
        column("fingerprint", KEY, comment="63-bit hash of the page's own text"),
        column("kept_words", sa.Integer(), comment="words that the page alone kept there"),
        column("words", sa.Integer(), comment="all words there"),
        sa.PrimaryKeyConstraint(
            "site_id", "dom_path_key", "page_hash", name="pk_dom_path_occurrences"
        ),
        comment="How one page used a DOM path: a sample of the pages where there are many.",
        sqlite_with_rowid=False,
        **OPTIONS,
    )
    op.create_index(
        "ix_dom_path_occurrences_site_id_page", "dom_path_occurrences", ["site_id", "page"]
    )


def _templates() -> None:
    op.create_table(
        "templates",
        column(
            "site_id",
            KEY,
            refers("templates", "site_id", "sites.site_id"),
            comment="site of the pages",
        ),
        column(
            "template_key", KEY, autoincrement=False, comment="63-bit hash of the page's skeleton"
        ),
        column("since", TIME, comment="first seen"),
        column("seen_at", TIME, comment="last seen, to the day"),
        column(
            "first_run",
            KEY,
            refers("templates", "first_run", "runs.run_id"),
            comment="run that saw it first",
        ),
        column("first_page", KEY, comment="url_id of the page that had it first"),
        column(
            "known",
            sa.Boolean(),
            comment="true: one of the site's first, or the change to it was recorded",
        ),
        sa.PrimaryKeyConstraint("site_id", "template_key", name="pk_templates"),
        comment="Templates that a site's pages are made with.",
        **OPTIONS,
    )


def _recent_pages() -> None:
    op.create_table(
        "recent_pages",
        column(
            "site_id",
            KEY,
            refers("recent_pages", "site_id", "sites.site_id"),
            comment="site of the page",
        ),
        column("page", KEY, autoincrement=False, comment="url_id of the page"),
        column("template_key", KEY, comment="template it was made with"),
        column("fetched_at", TIME, comment="when the page was fetched"),
        sa.PrimaryKeyConstraint("site_id", "page", name="pk_recent_pages"),
        comment="The pages of a site that were fetched last.",
        **OPTIONS,
    )


def _reclassify_queue() -> None:
    op.create_table(
        "reclassify_queue",
        column(
            "site_id",
            KEY,
            refers("reclassify_queue", "site_id", "sites.site_id"),
            comment="site of the page",
        ),
        column("page", KEY, autoincrement=False, comment="url_id of the page"),
        column("noted_at", TIME, comment="when it was queued"),
        sa.PrimaryKeyConstraint("site_id", "page", name="pk_reclassify_queue"),
        comment="Pages to be classified again: what their site has taught has changed.",
        sqlite_with_rowid=False,
        **OPTIONS,
    )


def _reclassify_progress() -> None:
    op.create_table(
        "reclassify_progress",
        column(
            "site_id",
            KEY,
            refers("reclassify_progress", "site_id", "sites.site_id"),
            comment="site of the articles",
        ),
        column(
            "digest",
            sa.String(64),
            comment="of the DOM paths that the last pass over all articles used",
        ),
        column(
            "after_id",
            KEY,
            nullable=True,
            comment="article_id that the pass has come to; null: none is under way",
        ),
        sa.PrimaryKeyConstraint("site_id", name="pk_reclassify_progress"),
        comment="How far all articles of a site were classified again.",
        **OPTIONS,
    )
