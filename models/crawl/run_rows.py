"""The tables of runs, their outcomes, and what a run noticed of a site."""

from typing import Final

from sqlalchemy import ForeignKey, Index, Integer, SmallInteger, String, text

from models.db.types import UTC, CleanText, JsonText, Key, column, one_of, table
from models.outcomes import Outcome

RUN_KINDS: Final = ("discover", "recrawl", "reextract", "visit")
RUN_STATUSES: Final = ("running", "done", "failed", "aborted")

RUNS: Final = table(
    "runs",
    column("run_id", Key, primary_key=True, autoincrement=True, comment="number of the run"),
    column("kind", String(10), comment="discover | recrawl | reextract | visit"),
    column("site_id", ForeignKey("sites.site_id"), nullable=True, comment="site it worked on"),
    column("owner", String(200), comment="host, process and a random part"),
    column("started_at", UTC, comment="when it began"),
    column("alive_at", UTC, comment="last sign of life"),
    column("finished_at", UTC, nullable=True, comment="when it ended; null: it runs"),
    column("status", String(10), comment="running | done | failed | aborted"),
    column("reason", CleanText, nullable=True, comment="why it failed or was stopped"),
    column(
        "plan",
        String(64),
        nullable=True,
        comment="hash of site, arguments and rules: a run with the same plan resumes a stopped one",
    ),
    column(
        "readings",
        JsonText,
        nullable=True,
        comment="JSON: pages read off a template, and pages searched, by reason; null: none",
    ),
    one_of("kind", RUN_KINDS),
    one_of("status", RUN_STATUSES),
    Index("ix_runs_site_id_started_at", "site_id", "started_at"),
    Index("ix_runs_site_id_run_id", "site_id", "run_id"),  # the newest of a site
    Index("ix_runs_status", "status"),
    Index(  # few runs have a plan
        "ix_runs_plan",
        "site_id",
        "run_id",
        sqlite_where=text("plan IS NOT NULL"),
        postgresql_where=text("plan IS NOT NULL"),
    ),
    comment="Runs of spiders, each on one site.",
)

RUN_COUNTS: Final = table(
    "run_counts",
    column("run_id", ForeignKey("runs.run_id"), primary_key=True, comment="run that is over"),
    column("outcome", String(20), primary_key=True, comment="as in outcomes"),
    column("urls", Integer, comment="URLs of the run with this outcome"),
    one_of("outcome", Outcome),
    comment="How many URLs of a run had each outcome; kept when outcomes are pruned.",
)

OUTCOMES: Final = table(
    "outcomes",
    column("run_id", ForeignKey("runs.run_id"), primary_key=True, comment="run it is of"),
    column(
        "url_id", ForeignKey("urls.url_id"), primary_key=True, index=True, comment="URL it is of"
    ),
    column("outcome", String(20), comment="stored, revised, ...: the list is in docs/reading.md"),
    column("reason", CleanText, nullable=True, comment="more of it, for people"),
    column("http_status", SmallInteger, nullable=True, comment="null: there was no response"),
    column("at", UTC, comment="when it was recorded"),
    one_of("outcome", Outcome),
    comment="The one outcome of each URL that a run touched.",
)

SITE_EVENTS: Final = table(
    "site_events",
    column("event_id", Key, primary_key=True, autoincrement=True, comment="number of the event"),
    column("site_id", ForeignKey("sites.site_id"), comment="site it is of"),
    column("run_id", ForeignKey("runs.run_id"), nullable=True, comment="run that noticed it"),
    column("at", UTC, comment="when it was noticed"),
    column("kind", String(30), comment="template changed, classification refused and the like"),
    column("detail", JsonText, comment="JSON: what was noticed"),
    Index("ix_site_events_site_id_at", "site_id", "at"),
    Index("ix_site_events_run_id", "run_id"),  # a run goes when nothing refers to it
    comment="What runs noticed of their sites: a changed template, a red monitor.",
)
