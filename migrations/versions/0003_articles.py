"""Articles, their revisions, and the reader's cursor.

A revision is history: it imports no model, so that a later model cannot change it.
"""

import sqlalchemy as sa
from alembic import op

from migrations.column_types import BYTES, KEY, OPTIONS, TEXT, TIME

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _articles()
    _revisions()
    _extractions()
    _block_verdicts()
    _changes()
    _change_counter()
    op.execute("insert into change_counter (one, value) values (1, 0)")


def downgrade() -> None:
    op.drop_table("change_counter")
    op.drop_table("changes")
    op.drop_table("block_classifications")
    op.drop_table("extractions")
    op.drop_table("revisions")
    op.drop_table("articles")


def _articles() -> None:
    op.create_table(
        "articles",
        sa.Column("article_id", KEY, autoincrement=True, nullable=False),
        sa.Column("site_id", KEY, nullable=False),
        sa.Column("url_id", KEY, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False, comment="the current one"),
        sa.Column("first_seen_at", TIME, nullable=False),
        sa.Column("fetched_at", TIME, nullable=False, comment="last found as it is stored"),
        sa.Column("updated_at", TIME, nullable=False, comment="last time this row's view changed"),
        sa.Column("withdrawn_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["site_id"], ["sites.site_id"], name=op.f("fk_articles_site_id")),
        sa.ForeignKeyConstraint(["url_id"], ["urls.url_id"], name=op.f("fk_articles_url_id")),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_articles")),
        sa.UniqueConstraint("url_id", name=op.f("uq_articles_url_id")),
        **OPTIONS,
    )
    op.create_index(
        "ix_articles_site_id_article_id", "articles", ["site_id", "article_id"], unique=False
    )
    op.create_index(
        "ix_articles_site_id_first_seen_at", "articles", ["site_id", "first_seen_at"], unique=False
    )


def _revisions() -> None:
    op.create_table(
        "revisions",
        sa.Column("article_id", KEY, nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("url", TEXT, nullable=False, comment="after redirects"),
        sa.Column("canonical_url", TEXT, nullable=True),
        sa.Column("title", TEXT, nullable=True),
        sa.Column("authors", TEXT, nullable=False, comment="JSON list of names"),
        sa.Column("published_at", TIME, nullable=True),
        sa.Column("published_precision", sa.String(length=4), nullable=True, comment="time | day"),
        sa.Column("modified_at", TIME, nullable=True),
        sa.Column("language", sa.String(length=20), nullable=True),
        sa.Column("description", TEXT, nullable=True),
        sa.Column("image_url", TEXT, nullable=True),
        sa.Column("tags", TEXT, nullable=False, comment="JSON list"),
        sa.Column("paywalled", sa.SmallInteger(), nullable=True, comment="1 | 0 | null: unknown"),
        sa.Column("field_sources", TEXT, nullable=False, comment="JSON: each field, its source"),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("word_count", sa.Integer(), nullable=False),
        sa.Column(
            "content_hash",
            sa.String(length=64),
            nullable=False,
            comment="hex SHA-256 of title and text",
        ),
        sa.Column(
            "certainty", sa.Float(), nullable=True, comment="0 to 1: how sure the verdict is"
        ),
        sa.Column("extractor", sa.String(length=100), nullable=False, comment="name and version"),
        sa.Column(
            "change",
            sa.String(length=10),
            nullable=False,
            comment="first | typo | update | rewrite | headline | reextract",
        ),
        sa.Column("capture_id", KEY, nullable=True),
        sa.Column("fetched_at", TIME, nullable=False),
        sa.Column("extracted_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.article_id"], name=op.f("fk_revisions_article_id")
        ),
        sa.ForeignKeyConstraint(
            ["capture_id"], ["captures.capture_id"], name=op.f("fk_revisions_capture_id")
        ),
        sa.PrimaryKeyConstraint("article_id", "revision", name=op.f("pk_revisions")),
        **OPTIONS,
    )
    op.create_index("ix_revisions_content_hash", "revisions", ["content_hash"], unique=False)
    op.create_index("ix_revisions_capture_id", "revisions", ["capture_id"], unique=False)


def _extractions() -> None:
    op.create_table(
        "extractions",
        sa.Column("article_id", KEY, nullable=False),
        sa.Column(
            "template_key", KEY, nullable=False, comment="the template the page was made with"
        ),
        sa.Column("blocks", BYTES, nullable=False, comment="the extraction, JSON, zlib"),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.article_id"], name=op.f("fk_extractions_article_id")
        ),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_extractions")),
        **OPTIONS,
    )


def _block_verdicts() -> None:
    op.create_table(
        "block_classifications",
        sa.Column("article_id", KEY, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("action", sa.String(length=10), nullable=False, comment="removed | restored"),
        sa.Column("excerpt", TEXT, nullable=False, comment="first 200 characters"),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("evidence", TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.article_id"],
            name=op.f("fk_block_classifications_article_id"),
        ),
        sa.PrimaryKeyConstraint("article_id", "position", name=op.f("pk_block_classifications")),
        **OPTIONS,
    )


def _changes() -> None:
    op.create_table(
        "changes",
        sa.Column("change_id", KEY, autoincrement=False, nullable=False),
        sa.Column("article_id", KEY, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.String(length=10),
            nullable=False,
            comment="new | revised | withdrawn | restored | clustered",
        ),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.article_id"], name=op.f("fk_changes_article_id")
        ),
        sa.PrimaryKeyConstraint("change_id", name=op.f("pk_changes")),
        **OPTIONS,
    )
    op.create_index(op.f("ix_changes_article_id"), "changes", ["article_id"], unique=False)


def _change_counter() -> None:
    op.create_table(
        "change_counter",
        sa.Column("one", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("value", KEY, nullable=False),
        sa.PrimaryKeyConstraint("one", name=op.f("pk_change_counter")),
        **OPTIONS,
    )
