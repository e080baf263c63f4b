"""Every URL known, the outcomes of runs, and the copies in the archive.

A revision is history: it imports no model, so that a later model cannot change it.
"""

import sqlalchemy as sa
from alembic import op

from migrations.base.sites import OUTCOMES
from migrations.column_types import HASH, KEY, OPTIONS, TEXT, TIME, column, one_of, refers


def create() -> None:
    """Makes them."""
    _urls()
    _outcomes()
    _captures()


def drop() -> None:
    """Takes them away, rows and all."""
    for name in (
        "captures",
        "outcomes",
        "urls",
    ):
        op.drop_table(name)


def _urls() -> None:
    op.create_table(
        "urls",
        column("url_id", KEY, autoincrement=True, comment="number of the URL"),
        column("site_id", KEY, refers("urls", "site_id", "sites.site_id"), comment="site it is on"),
        column("url_key", HASH, comment="SHA-256 of the URL's key: the same for all its spellings"),
        column("url", TEXT, comment="URL as it is requested"),
        column("state", sa.String(10), comment="found: to be fetched | done | dead: given up"),
        column("found_at", TIME, comment="when it was first named"),
        column("found_by", sa.String(20), comment="sitemap, feed, section, urls_file and the like"),
        column("found_in", TEXT, nullable=True, comment="URL of the source that named it"),
        column("hint_title", TEXT, nullable=True, comment="title, as a source gave it"),
        column(
            "hint_published_at", TIME, nullable=True, comment="publication, as a source gave it"
        ),
        column("hint_precision", sa.String(4), nullable=True, comment="of that: time | day"),
        column(
            "hint_modified_at", TIME, nullable=True, comment="the last change that a source named"
        ),
        column("newest_at", TIME, comment="claim order: newest date of a source, else found_at"),
        column("not_before", TIME, nullable=True, comment="left alone until then"),
        column("owner", sa.String(200), nullable=True, comment="who claimed it; null: nobody"),
        column("leased_until", TIME, nullable=True, comment="when the claim frees itself"),
        column("attempts", sa.SmallInteger(), comment="failures in a row"),
        column("fetched_at", TIME, nullable=True, comment="when it was last fetched"),
        column("outcome", sa.String(20), nullable=True, comment="of the last run; as in outcomes"),
        column("article", sa.Boolean(), comment="true: an article of it is stored"),
        column("changed_at", TIME, nullable=True, comment="when it was last stored or revised"),
        column("canonical_url", TEXT, nullable=True, comment="the page's own claim"),
        column("etag", TEXT, nullable=True, comment="ETag of the stored copy"),
        column("last_modified", TEXT, nullable=True, comment="Last-Modified of the stored copy"),
        column("gone_times", sa.SmallInteger(), comment="answers 404 or 410, in a row"),
        sa.PrimaryKeyConstraint("url_id", name="pk_urls"),
        sa.UniqueConstraint("url_key", name="uq_urls_url_key"),
        one_of("urls", "state", "found", "done", "dead"),
        one_of("urls", "hint_precision", "time", "day"),
        one_of("urls", "outcome", *OUTCOMES),
        comment=("Every URL known: since when, when it was last requested, and with what outcome."),
        **OPTIONS,
    )
    op.create_index("ix_urls_owner", "urls", ["owner"])
    op.create_index("ix_urls_site_id_state_newest_at", "urls", ["site_id", "state", "newest_at"])
    op.create_index("ix_urls_site_id_state_not_before", "urls", ["site_id", "state", "not_before"])


def _outcomes() -> None:
    op.create_table(
        "outcomes",
        column("run_id", KEY, refers("outcomes", "run_id", "runs.run_id"), comment="run it is of"),
        column("url_id", KEY, refers("outcomes", "url_id", "urls.url_id"), comment="URL it is of"),
        column(
            "outcome", sa.String(20), comment="stored, revised, ...: the list is in docs/reading.md"
        ),
        column("reason", TEXT, nullable=True, comment="more of it, for people"),
        column(
            "http_status", sa.SmallInteger(), nullable=True, comment="null: there was no response"
        ),
        column("at", TIME, comment="when it was recorded"),
        sa.PrimaryKeyConstraint("run_id", "url_id", name="pk_outcomes"),
        one_of("outcomes", "outcome", *OUTCOMES),
        comment="The one outcome of each URL that a run touched.",
        **OPTIONS,
    )
    op.create_index("ix_outcomes_url_id", "outcomes", ["url_id"])


def _captures() -> None:
    op.create_table(
        "captures",
        column("capture_id", KEY, autoincrement=True, comment="number of the copy"),
        column(
            "url_id",
            KEY,
            refers("captures", "url_id", "urls.url_id"),
            comment="URL that was requested",
        ),
        column(
            "run_id",
            KEY,
            refers("captures", "run_id", "runs.run_id"),
            comment="run that fetched it",
        ),
        column("final_url", TEXT, comment="URL after redirects"),
        column("http_status", sa.SmallInteger(), comment="HTTP status, such as 200"),
        column("fetched_at", TIME, comment="when it was fetched"),
        column("warc_file", sa.String(255), comment="path, relative to the archive's folder"),
        column("warc_offset", sa.BigInteger(), comment="bytes from the file's start"),
        column("warc_length", sa.BigInteger(), comment="bytes, compressed"),
        column("body_hash", HASH, comment="SHA-256 of the body"),
        column("body_size", sa.BigInteger(), comment="bytes, decompressed"),
        sa.PrimaryKeyConstraint("capture_id", name="pk_captures"),
        comment="Fetched copies of pages, and where each is in the WARC files of the archive.",
        **OPTIONS,
    )
    op.create_index("ix_captures_url_id_fetched_at", "captures", ["url_id", "fetched_at"])
