"""The pages that sites name: where from, fetched when, with what outcome.

A revision is history: it imports no model, so that a later model cannot change it.
"""

import sqlalchemy as sa
from alembic import op

from migrations.column_types import HASH, KEY, OPTIONS, TEXT, TIME

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _sources()
    _urls()
    _outcomes()
    _captures()


def downgrade() -> None:
    op.drop_table("captures")
    op.drop_table("outcomes")
    op.drop_table("urls")
    op.drop_table("sources")


def _sources() -> None:
    op.create_table(
        "sources",
        sa.Column("source_id", KEY, autoincrement=True, nullable=False),
        sa.Column("site_id", KEY, nullable=False),
        sa.Column("url_key", HASH, nullable=False),
        sa.Column("url", TEXT, nullable=False),
        sa.Column(
            "kind", sa.String(length=20), nullable=False, comment="robots, sitemap, feed, section"
        ),
        sa.Column(
            "named_by",
            sa.String(length=20),
            nullable=False,
            comment="site, robots, well_known, alternate, index",
        ),
        sa.Column("read_at", TIME, nullable=True, comment="last read well"),
        sa.Column("tried_at", TIME, nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False, comment="in a row"),
        sa.Column("error", TEXT, nullable=True, comment="of the last try; null if well"),
        sa.Column("links", sa.Integer(), nullable=False, comment="links in scope when last read"),
        sa.Column("etag", TEXT, nullable=True),
        sa.Column("last_modified", TEXT, nullable=True),
        sa.Column("ttl", sa.Integer(), nullable=True, comment="seconds, as a feed asks"),
        sa.ForeignKeyConstraint(["site_id"], ["sites.site_id"], name=op.f("fk_sources_site_id")),
        sa.PrimaryKeyConstraint("source_id", name=op.f("pk_sources")),
        sa.UniqueConstraint("site_id", "url_key", name=op.f("uq_sources_site_id_url_key")),
        **OPTIONS,
    )


def _urls() -> None:
    op.create_table(
        "urls",
        sa.Column("url_id", KEY, autoincrement=True, nullable=False),
        sa.Column("site_id", KEY, nullable=False),
        sa.Column("url_key", HASH, nullable=False, comment="SHA-256 of the URL's key"),
        sa.Column("url", TEXT, nullable=False, comment="as it is asked for"),
        sa.Column("state", sa.String(length=10), nullable=False, comment="found | done | dead"),
        sa.Column("found_at", TIME, nullable=False),
        sa.Column(
            "found_by",
            sa.String(length=20),
            nullable=False,
            comment="sitemap, feed, section, link, ...",
        ),
        sa.Column("found_in", TEXT, nullable=True, comment="the source's URL"),
        sa.Column("hint_title", TEXT, nullable=True),
        sa.Column("hint_published_at", TIME, nullable=True),
        sa.Column("hint_precision", sa.String(length=4), nullable=True, comment="time | day"),
        sa.Column("hint_modified_at", TIME, nullable=True),
        sa.Column(
            "newest_at",
            TIME,
            nullable=False,
            comment="claim order: the newest date that a source gave, else found_at",
        ),
        sa.Column("not_before", TIME, nullable=True, comment="left alone until then"),
        sa.Column("owner", sa.String(length=200), nullable=True, comment="who claimed it"),
        sa.Column("leased_until", TIME, nullable=True, comment="when the claim frees itself"),
        sa.Column("attempts", sa.SmallInteger(), nullable=False, comment="failures in a row"),
        sa.Column("fetched_at", TIME, nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True, comment="the last run's"),
        sa.Column("article", sa.Boolean(), nullable=False, comment="an article of it is stored"),
        sa.Column("changed_at", TIME, nullable=True, comment="last stored or revised"),
        sa.Column("canonical_url", TEXT, nullable=True, comment="the page's own claim"),
        sa.Column("etag", TEXT, nullable=True, comment="of the stored capture"),
        sa.Column("last_modified", TEXT, nullable=True, comment="of the stored capture"),
        sa.Column("gone_times", sa.SmallInteger(), nullable=False, comment="404 or 410, in a row"),
        sa.ForeignKeyConstraint(["site_id"], ["sites.site_id"], name=op.f("fk_urls_site_id")),
        sa.PrimaryKeyConstraint("url_id", name=op.f("pk_urls")),
        sa.UniqueConstraint("url_key", name=op.f("uq_urls_url_key")),
        **OPTIONS,
    )
    op.create_index("ix_urls_owner", "urls", ["owner"], unique=False)
    op.create_index(
        "ix_urls_site_id_state_newest_at", "urls", ["site_id", "state", "newest_at"], unique=False
    )
    op.create_index(
        "ix_urls_site_id_state_not_before", "urls", ["site_id", "state", "not_before"], unique=False
    )


def _outcomes() -> None:
    op.create_table(
        "outcomes",
        sa.Column("run_id", KEY, nullable=False),
        sa.Column("url_id", KEY, nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("reason", TEXT, nullable=True),
        sa.Column("http_status", sa.SmallInteger(), nullable=True),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.run_id"], name=op.f("fk_outcomes_run_id")),
        sa.ForeignKeyConstraint(["url_id"], ["urls.url_id"], name=op.f("fk_outcomes_url_id")),
        sa.PrimaryKeyConstraint("run_id", "url_id", name=op.f("pk_outcomes")),
        **OPTIONS,
    )
    op.create_index(op.f("ix_outcomes_url_id"), "outcomes", ["url_id"], unique=False)


def _captures() -> None:
    op.create_table(
        "captures",
        sa.Column("capture_id", KEY, autoincrement=True, nullable=False),
        sa.Column("url_id", KEY, nullable=False),
        sa.Column("run_id", KEY, nullable=False),
        sa.Column("final_url", TEXT, nullable=False, comment="after redirects"),
        sa.Column("http_status", sa.SmallInteger(), nullable=False),
        sa.Column("fetched_at", TIME, nullable=False),
        sa.Column(
            "warc_file",
            sa.String(length=255),
            nullable=False,
            comment="relative to the archive's folder",
        ),
        sa.Column(
            "warc_offset", sa.BigInteger(), nullable=False, comment="bytes from the file's start"
        ),
        sa.Column("warc_length", sa.BigInteger(), nullable=False, comment="bytes, compressed"),
        sa.Column("body_hash", HASH, nullable=False, comment="SHA-256 of the body"),
        sa.Column("body_size", sa.BigInteger(), nullable=False, comment="bytes, decompressed"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.run_id"], name=op.f("fk_captures_run_id")),
        sa.ForeignKeyConstraint(["url_id"], ["urls.url_id"], name=op.f("fk_captures_url_id")),
        sa.PrimaryKeyConstraint("capture_id", name=op.f("pk_captures")),
        **OPTIONS,
    )
    op.create_index(
        "ix_captures_url_id_fetched_at", "captures", ["url_id", "fetched_at"], unique=False
    )
