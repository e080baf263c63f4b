"""What is handed out to workers, who they are, and which hosts they hold; workers for readers too.

A revision is history: it imports no model, so that a later model cannot change it.
"""

import sqlalchemy as sa
from alembic import op

from migrations.base.views import make
from migrations.column_types import OPTIONS, TEXT, TIME, column

revision = "0118"
down_revision = "0117"
branch_labels = None
depends_on = None

NAME = "v1_workers"
SELECT = """
select
  w.owner as worker,
  w.host as host,
  w.version as version,
  w.revision as database_revision,
  w.labels as labels,
  w.jobs as jobs,
  w.under_way as under_way,
  w.started_at as started_at,
  w.alive_at as alive_at,
  w.refused as refused
from fleet_workers w
"""


def upgrade() -> None:
    op.create_table(
        "handouts",
        column("site", sa.String(100), comment="name of the site that is handed out"),
        column("batch", sa.String(40), comment="batch in which the broker has it"),
        column("label", sa.String(100), comment="[fetch] label of its file; empty: none"),
        column(
            "waiting_since", TIME,
            comment="when it was first handed out for the visit it waits for",
        ),
        column("handed_at", TIME, comment="when it was last handed out"),
        column(
            "taken_by", sa.String(200), nullable=True,
            comment="worker that has the batch; null: none took it yet",
        ),
        sa.PrimaryKeyConstraint("site", name="pk_handouts"),
        comment="Sites that workers were given and have not visited yet.",
        **OPTIONS,
    )  # fmt: skip
    op.create_index("ix_handouts_label", "handouts", ["label"])
    op.create_table(
        "host_holds",
        column("host", sa.String(300), comment="host, with a port if it has its own"),
        column(
            "owner", sa.String(200),
            comment="worker that holds it: host, process and a random part",
        ),
        column("held_until", TIME, comment="when the hold frees itself"),
        sa.PrimaryKeyConstraint("host", name="pk_host_holds"),
        comment=(
            "Hosts that several sites share: one worker at a time; a dead worker's hold runs out."
        ),
        **OPTIONS,
    )  # fmt: skip
    op.create_table(
        "fleet_workers",
        column("owner", sa.String(200), comment="host, process and a random part"),
        column("host", sa.String(200), comment="machine that it runs on"),
        column("version", sa.String(50), comment="its version of Winnow"),
        column(
            "revision", sa.String(50), comment="revision of the database that its version needs"
        ),
        column("labels", TEXT, comment="JSON list of labels whose sites it takes; '': no label"),
        column("jobs", sa.Integer, comment="sites at once, at most"),
        column("under_way", sa.Integer, comment="sites that it visits now"),
        column("started_at", TIME, comment="when it started"),
        column("alive_at", TIME, comment="its last sign of life"),
        column("refused", TEXT, nullable=True, comment="why it refused to work; null: it works"),
        sa.PrimaryKeyConstraint("owner", name="pk_fleet_workers"),
        comment="Workers of the fleet; one that ends takes its row away.",
        **OPTIONS,
    )
    make(NAME, SELECT)


def downgrade() -> None:
    op.execute(f"drop view {NAME}")
    op.drop_table("fleet_workers")
    op.drop_table("host_holds")
    op.drop_table("handouts")
