"""Alerts: changes of a site's state, who hears of them, and what is still to be delivered.

A revision is history: it imports no model, so that a later model cannot change it.
"""

import sqlalchemy as sa
from alembic import op

from migrations.column_types import HASH, KEY, OPTIONS, TEXT, TIME, column, one_of, refers

revision = "0112"
down_revision = "0111"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alert_receivers",
        column("receiver_id", KEY, autoincrement=True, comment="number of the receiver"),
        column("address_hash", HASH, comment="slow hash of its address in WINNOW_NOTIFY"),
        column("shown", sa.String(300), comment="scheme and host of the address, without secrets"),
        column("added_at", TIME, comment="when it was first named; it hears of nothing before"),
        column("named_at", TIME, comment="when a command last found it in WINNOW_NOTIFY"),
        column("delivered_at", TIME, nullable=True, comment="the last delivery; null: none yet"),
        column("failures", sa.Integer(), comment="tries that failed in a row"),
        column("failing_since", TIME, nullable=True, comment="the first of them; null: none"),
        column("tried_at", TIME, nullable=True, comment="the last of them; null: none"),
        column("next_try_at", TIME, nullable=True, comment="not tried before then; null: at once"),
        column("last_error", TEXT, nullable=True, comment="why the last try failed"),
        column("owner", sa.String(200), nullable=True, comment="process that delivers now"),
        column("leased_until", TIME, nullable=True,
               comment="when its lease frees itself; null: free"),
        sa.PrimaryKeyConstraint("receiver_id", name="pk_alert_receivers"),
        sa.UniqueConstraint("address_hash", name="uq_alert_receivers_address_hash"),
        comment="Who hears of alerts, and how deliveries to them do.",
        **OPTIONS,
    )  # fmt: skip
    states = ("ok", "warn", "red")
    op.create_table(
        "alerts",
        column("alert_id", KEY, autoincrement=True, comment="number of the alert"),
        column("site_id", KEY, refers("alerts", "site_id", "sites.site_id"),
               comment="site it is of"),
        column("run_id", KEY, refers("alerts", "run_id", "runs.run_id"), nullable=True,
               comment="the last run that the monitors saw"),
        column("was", sa.String(4), comment="the state before: ok | warn | red"),
        column("state", sa.String(4), comment="the new state: ok | warn | red"),
        column("reason", TEXT, nullable=True, comment="why; null where all is well"),
        column("at", TIME, comment="when the state changed"),
        sa.PrimaryKeyConstraint("alert_id", name="pk_alerts"),
        one_of("alerts", "was", *states),
        one_of("alerts", "state", *states),
        comment="Each change of a site's state, as receivers hear of it.",
        **OPTIONS,
    )  # fmt: skip
    for name in ("site_id", "run_id", "at"):
        op.create_index(f"ix_alerts_{name}", "alerts", [name])
    op.create_table(
        "alert_deliveries",
        column(
            "receiver_id", KEY,
            refers("alert_deliveries", "receiver_id", "alert_receivers.receiver_id"),
            comment="who is to hear of it",
        ),
        column("alert_id", KEY, refers("alert_deliveries", "alert_id", "alerts.alert_id"),
               comment="what is to be delivered"),
        sa.PrimaryKeyConstraint("receiver_id", "alert_id", name="pk_alert_deliveries"),
        comment="Alerts that are still to be delivered; a row goes when its receiver has it.",
        sqlite_with_rowid=False,
        **OPTIONS,
    )  # fmt: skip
    op.create_index("ix_alert_deliveries_alert_id", "alert_deliveries", ["alert_id"])


def downgrade() -> None:
    op.drop_table("alert_deliveries")
    op.drop_table("alerts")
    op.drop_table("alert_receivers")
