"""Sites, their sources, and the runs on them.

A revision is history: it imports no model, so that a later model cannot change it.
"""

import sqlalchemy as sa
from alembic import op

from migrations.column_types import HASH, KEY, OPTIONS, TEXT, TIME, column, one_of, refers

OUTCOMES = (
    "stored", "revised", "unchanged", "not_modified", "duplicate_url", "not_article",
    "no_content", "blocked", "paywalled", "worse", "out_of_scope", "robots", "refused_address",
    "too_large", "bad_type", "http_error", "gone", "redirect_loop", "timeout", "dns_error",
    "connection_error", "extract_timeout", "extract_crash", "database_error",
)  # fmt: skip


def create() -> None:
    """Makes them."""
    _sites()
    _sources()
    _runs()
    _leases()
    _run_counts()
    _site_events()
    _site_health()


def drop() -> None:
    """Takes them away, rows and all."""
    for name in (
        "site_health",
        "site_events",
        "run_counts",
        "leases",
        "runs",
        "sources",
        "sites",
    ):
        op.drop_table(name)


def _sites() -> None:
    op.create_table(
        "sites",
        column("site_id", KEY, autoincrement=True, comment="number of the site"),
        column("name", sa.String(100), comment="the TOML file's name without .toml"),
        column("start_url", TEXT, comment="start of its TOML file"),
        column("added_at", TIME, comment="when the database first knew it"),
        column(
            "next_due_at", TIME, nullable=True, comment="when visit looks again; null: never did"
        ),
        column("failures", sa.Integer(), comment="visits that failed, in a row"),
        sa.PrimaryKeyConstraint("site_id", name="pk_sites"),
        sa.UniqueConstraint("name", name="uq_sites_name"),
        comment="Sites, named as their TOML files are.",
        **OPTIONS,
    )


def _sources() -> None:
    op.create_table(
        "sources",
        column("source_id", KEY, autoincrement=True, comment="number of the source"),
        column(
            "site_id",
            KEY,
            refers("sources", "site_id", "sites.site_id"),
            comment="site whose pages it names",
        ),
        column("url_key", HASH, comment="SHA-256 of the URL's key"),
        column("url", TEXT, comment="URL as it is requested"),
        column("kind", sa.String(20), comment="sitemap | feed | section"),
        column(
            "named_by",
            sa.String(20),
            comment="site (its TOML) | robots | well_known | alternate | index",
        ),
        column("read_at", TIME, nullable=True, comment="when it was last read well"),
        column("tried_at", TIME, nullable=True, comment="when it was last requested"),
        column("failures", sa.Integer(), comment="in a row"),
        column("error", TEXT, nullable=True, comment="of the last try; null if well"),
        column("links", sa.Integer(), comment="links in scope when last read"),
        column("etag", TEXT, nullable=True, comment="ETag of what was last read well"),
        column("last_modified", TEXT, nullable=True, comment="Last-Modified of the same"),
        column(
            "ttl", sa.Integer(), nullable=True, comment="seconds to leave it alone, as a feed asks"
        ),
        sa.PrimaryKeyConstraint("source_id", name="pk_sources"),
        sa.UniqueConstraint("site_id", "url_key", name="uq_sources_site_id_url_key"),
        one_of("sources", "kind", "sitemap", "feed", "section"),
        one_of("sources", "named_by", "site", "robots", "well_known", "alternate", "index"),
        comment=(
            "Where sites name their pages: sitemaps, feeds and section pages, and how they do."
        ),
        **OPTIONS,
    )


def _runs() -> None:
    op.create_table(
        "runs",
        column("run_id", KEY, autoincrement=True, comment="number of the run"),
        column("kind", sa.String(10), comment="discover | recrawl | reextract | visit"),
        column(
            "site_id",
            KEY,
            refers("runs", "site_id", "sites.site_id"),
            nullable=True,
            comment="site it worked on",
        ),
        column("owner", sa.String(200), comment="host, process and a random part"),
        column("started_at", TIME, comment="when it began"),
        column("alive_at", TIME, comment="last sign of life"),
        column("finished_at", TIME, nullable=True, comment="when it ended; null: it runs"),
        column("status", sa.String(10), comment="running | done | failed | aborted"),
        column("reason", TEXT, nullable=True, comment="why it failed or was stopped"),
        column(
            "plan",
            sa.String(64),
            nullable=True,
            comment=(
                "hash of site, arguments and rules: a run with the same plan resumes a stopped one"
            ),
        ),
        sa.PrimaryKeyConstraint("run_id", name="pk_runs"),
        one_of("runs", "kind", "discover", "recrawl", "reextract", "visit"),
        one_of("runs", "status", "running", "done", "failed", "aborted"),
        comment="Runs of spiders, each on one site.",
        **OPTIONS,
    )
    op.create_index("ix_runs_site_id_started_at", "runs", ["site_id", "started_at"])
    op.create_index("ix_runs_status", "runs", ["status"])


def _leases() -> None:
    op.create_table(
        "leases",
        column(
            "site_id",
            KEY,
            refers("leases", "site_id", "sites.site_id"),
            comment="site that is held",
        ),
        column("kind", sa.String(10), comment="fetch | reextract: runs it keeps out"),
        column("owner", sa.String(200), comment="host, process and a random part"),
        column(
            "run_id",
            KEY,
            refers("leases", "run_id", "runs.run_id"),
            nullable=True,
            comment="run that holds it",
        ),
        column("leased_until", TIME, comment="when the lease frees itself"),
        sa.PrimaryKeyConstraint("site_id", "kind", name="pk_leases"),
        one_of("leases", "kind", "fetch", "reextract"),
        comment="One run at a time for a site and a kind of run; a dead run's lease runs out.",
        **OPTIONS,
    )


def _run_counts() -> None:
    op.create_table(
        "run_counts",
        column(
            "run_id", KEY, refers("run_counts", "run_id", "runs.run_id"), comment="run that is over"
        ),
        column("outcome", sa.String(20), comment="as in outcomes"),
        column("urls", sa.Integer(), comment="URLs of the run with this outcome"),
        sa.PrimaryKeyConstraint("run_id", "outcome", name="pk_run_counts"),
        one_of("run_counts", "outcome", *OUTCOMES),
        comment="How many URLs of a run had each outcome; kept when outcomes are pruned.",
        **OPTIONS,
    )


def _site_events() -> None:
    op.create_table(
        "site_events",
        column("event_id", KEY, autoincrement=True, comment="number of the event"),
        column(
            "site_id",
            KEY,
            refers("site_events", "site_id", "sites.site_id"),
            comment="site it is of",
        ),
        column(
            "run_id",
            KEY,
            refers("site_events", "run_id", "runs.run_id"),
            nullable=True,
            comment="run that noticed it",
        ),
        column("at", TIME, comment="when it was noticed"),
        column(
            "kind", sa.String(30), comment="template changed, classification refused and the like"
        ),
        column("detail", TEXT, comment="JSON: what was noticed"),
        sa.PrimaryKeyConstraint("event_id", name="pk_site_events"),
        comment="What runs noticed of their sites: a changed template, a red monitor.",
        **OPTIONS,
    )
    op.create_index("ix_site_events_site_id_at", "site_events", ["site_id", "at"])


def _site_health() -> None:
    op.create_table(
        "site_health",
        column(
            "site_id",
            KEY,
            refers("site_health", "site_id", "sites.site_id"),
            comment="site it is of",
        ),
        column("checked_at", TIME, comment="when the monitors last looked"),
        column(
            "run_id",
            KEY,
            refers("site_health", "run_id", "runs.run_id"),
            nullable=True,
            comment="the last run they saw",
        ),
        column("usual_per_day", sa.Float(), nullable=True, comment="new articles a day, usually"),
        column("empty_share", sa.Float(), nullable=True, comment="0 to 1: pages without content"),
        column("usual_empty_share", sa.Float(), nullable=True, comment="0 to 1: the same, usually"),
        column("median_words", sa.Float(), nullable=True, comment="words of the median article"),
        column("usual_median_words", sa.Float(), nullable=True, comment="words: the same, usually"),
        column("state", sa.String(4), comment="ok | warn | red"),
        column("reason", TEXT, nullable=True, comment="why; null where all is well"),
        sa.PrimaryKeyConstraint("site_id", name="pk_site_health"),
        one_of("site_health", "state", "ok", "warn", "red"),
        comment="The monitors' last word on each site, and the figures it rests on.",
        **OPTIONS,
    )
