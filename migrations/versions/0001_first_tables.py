"""The first tables: sites and their runs.

A revision is history: it imports no model, so that a later model cannot change it.
"""

import sqlalchemy as sa
from alembic import op

from migrations.column_types import KEY, OPTIONS, TEXT, TIME

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _sites()
    _runs()
    _leases()
    _run_counts()
    _site_events()
    _site_health()


def downgrade() -> None:
    op.drop_table("site_health")
    op.drop_table("site_events")
    op.drop_table("run_counts")
    op.drop_table("leases")
    op.drop_table("runs")
    op.drop_table("sites")


def _sites() -> None:
    op.create_table(
        "sites",
        sa.Column("site_id", KEY, autoincrement=True, nullable=False),
        sa.Column(
            "name",
            sa.String(length=100),
            nullable=False,
            comment="the TOML file's name without .toml",
        ),
        sa.Column("start_url", TEXT, nullable=False),
        sa.Column("added_at", TIME, nullable=False),
        sa.Column("next_due_at", TIME, nullable=True, comment="when visit looks again"),
        sa.Column("failures", sa.Integer(), nullable=False, comment="visits that failed, in a row"),
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_sites")),
        sa.UniqueConstraint("name", name=op.f("uq_sites_name")),
        **OPTIONS,
    )


def _runs() -> None:
    op.create_table(
        "runs",
        sa.Column("run_id", KEY, autoincrement=True, nullable=False),
        sa.Column(
            "kind",
            sa.String(length=10),
            nullable=False,
            comment="discover | recrawl | reextract | visit",
        ),
        sa.Column("site_id", KEY, nullable=True),
        sa.Column(
            "owner",
            sa.String(length=200),
            nullable=False,
            comment="host, process and a random part",
        ),
        sa.Column("started_at", TIME, nullable=False),
        sa.Column("alive_at", TIME, nullable=False, comment="last sign of life"),
        sa.Column("finished_at", TIME, nullable=True),
        sa.Column(
            "status",
            sa.String(length=10),
            nullable=False,
            comment="running | done | failed | aborted",
        ),
        sa.Column("reason", TEXT, nullable=True, comment="why it failed or was stopped"),
        sa.Column(
            "plan",
            sa.String(length=64),
            nullable=True,
            comment="hash of what it was to do: a run with the same plan goes on with it",
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.site_id"], name=op.f("fk_runs_site_id")),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_runs")),
        **OPTIONS,
    )
    op.create_index("ix_runs_site_id_started_at", "runs", ["site_id", "started_at"], unique=False)
    op.create_index("ix_runs_status", "runs", ["status"], unique=False)


def _leases() -> None:
    op.create_table(
        "leases",
        sa.Column("site_id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False, comment="fetch | reextract"),
        sa.Column(
            "owner",
            sa.String(length=200),
            nullable=False,
            comment="host, process and a random part",
        ),
        sa.Column("run_id", KEY, nullable=True),
        sa.Column("leased_until", TIME, nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.run_id"], name=op.f("fk_leases_run_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.site_id"], name=op.f("fk_leases_site_id")),
        sa.PrimaryKeyConstraint("site_id", "kind", name=op.f("pk_leases")),
        **OPTIONS,
    )


def _run_counts() -> None:
    op.create_table(
        "run_counts",
        sa.Column("run_id", KEY, nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("urls", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.run_id"], name=op.f("fk_run_counts_run_id")),
        sa.PrimaryKeyConstraint("run_id", "outcome", name=op.f("pk_run_counts")),
        **OPTIONS,
    )


def _site_events() -> None:
    op.create_table(
        "site_events",
        sa.Column("event_id", KEY, autoincrement=True, nullable=False),
        sa.Column("site_id", KEY, nullable=False),
        sa.Column("run_id", KEY, nullable=True),
        sa.Column("at", TIME, nullable=False),
        sa.Column(
            "kind",
            sa.String(length=30),
            nullable=False,
            comment="template changed, verdict refused, ...",
        ),
        sa.Column("detail", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.run_id"], name=op.f("fk_site_events_run_id")),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.site_id"], name=op.f("fk_site_events_site_id")
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_site_events")),
        **OPTIONS,
    )
    op.create_index("ix_site_events_site_id_at", "site_events", ["site_id", "at"], unique=False)


def _site_health() -> None:
    op.create_table(
        "site_health",
        sa.Column("site_id", KEY, nullable=False),
        sa.Column("judged_at", TIME, nullable=False),
        sa.Column("run_id", KEY, nullable=True, comment="the run that was judged"),
        sa.Column("usual_per_day", sa.Float(), nullable=True),
        sa.Column("empty_share", sa.Float(), nullable=True),
        sa.Column("usual_empty_share", sa.Float(), nullable=True),
        sa.Column("median_words", sa.Float(), nullable=True),
        sa.Column("usual_median_words", sa.Float(), nullable=True),
        sa.Column("state", sa.String(length=4), nullable=False, comment="ok | warn | red"),
        sa.Column("reason", TEXT, nullable=True, comment="null where all is well"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.run_id"], name=op.f("fk_site_health_run_id")),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.site_id"], name=op.f("fk_site_health_site_id")
        ),
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_site_health")),
        **OPTIONS,
    )
