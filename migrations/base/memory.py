"""What a site has taught: its repeated blocks, DOM paths and templates.

A revision is history: it imports no model, so that a later model cannot change it.
"""

import sqlalchemy as sa
from alembic import op

from migrations.column_types import KEY, OPTIONS, TEXT, TIME, column, one_of, refers


def create() -> None:
    """Makes them."""
    _memory_entries()
    _memory_occurrences()
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
        "memory_occurrences",
        "memory_entries",
    ):
        op.drop_table(name)


def _memory_entries() -> None:
    op.create_table(
        "memory_entries",
        column(
            "site_id", KEY, refers("memory_entries", "site_id", "sites.site_id"), comment="the site"
        ),
        column("entry_key", KEY, autoincrement=False, comment="63-bit hash of the text or path"),
        column("kind", sa.String(10), comment="block | dom_path"),
        column("text", TEXT, comment="first 200 characters of a block, or the DOM path"),
        column("first_seen_at", TIME, comment="when a page first showed it"),
        column("last_seen_at", TIME, comment="when a page last showed it, to the day"),
        column(
            "revoked_at",
            TIME,
            nullable=True,
            comment="when a person said that the text is not boilerplate; null: never",
        ),
        sa.PrimaryKeyConstraint("site_id", "entry_key", name="pk_memory_entries"),
        one_of("memory_entries", "kind", "block", "dom_path"),
        comment="Texts and DOM paths that the pages of a site show.",
        sqlite_with_rowid=False,
        **OPTIONS,
    )
    op.create_index(
        "ix_memory_entries_site_id_last_seen_at", "memory_entries", ["site_id", "last_seen_at"]
    )


def _memory_occurrences() -> None:
    op.create_table(
        "memory_occurrences",
        column(
            "site_id",
            KEY,
            refers("memory_occurrences", "site_id", "sites.site_id"),
            comment="the site",
        ),
        column("entry_key", KEY, autoincrement=False, comment="the entry that the page shows"),
        column(
            "page_hash", KEY, autoincrement=False, comment="63-bit hash of the URL: sample order"
        ),
        column("page", KEY, comment="url_id of the page"),
        column("fingerprint", KEY, comment="63-bit hash of the page's own text"),
        column(
            "kept_words",
            sa.Integer(),
            nullable=True,
            comment="of a DOM path: words that the page's own classification keeps there",
        ),
        column("words", sa.Integer(), nullable=True, comment="of a DOM path: all words there"),
        sa.PrimaryKeyConstraint("site_id", "entry_key", "page_hash", name="pk_memory_occurrences"),
        comment="A sample of the pages that show a memory entry.",
        sqlite_with_rowid=False,
        **OPTIONS,
    )
    op.create_index("ix_memory_occurrences_site_id_page", "memory_occurrences", ["site_id", "page"])


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
        column("since", TIME, comment="when it was first seen"),
        column("seen_at", TIME, comment="when it was last seen, to the day"),
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
