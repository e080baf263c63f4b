"""The details of a site's health: each alarm in full, beside the one line of `reason`.

A revision is history: it imports no model, so that a later model cannot change it.
"""

from alembic import op

from migrations.base.views import VIEWS, make, widen
from migrations.column_types import TEXT, column

revision = "0103"
down_revision = "0102"
branch_labels = None
depends_on = None

NAME = "v1_site_health"
BEFORE = VIEWS[NAME]
AFTER = BEFORE.replace(" as reason\n", " as reason,\n  h.details as details\n")


def upgrade() -> None:
    op.add_column(
        "site_health",
        column("details", TEXT, nullable=True, comment="JSON: each alarm in full; null: none"),
    )
    widen(NAME, AFTER)


def downgrade() -> None:
    op.execute(f"drop view {NAME}")
    op.drop_column("site_health", "details")
    make(NAME, BEFORE)
