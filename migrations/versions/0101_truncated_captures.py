"""Captures that did not come whole say why.

A revision is history: it imports no model, so that a later model cannot change it.
"""

from alembic import op

from migrations.base.views import VIEWS, make, widen
from migrations.column_types import TEXT, column

revision = "0101"
down_revision = "0100"
branch_labels = None
depends_on = None

NAME = "v1_captures"
BEFORE = VIEWS[NAME]
AFTER = BEFORE.replace(
    "c.body_size as body_size", "c.body_size as body_size,\n  c.truncated as truncated"
)


def upgrade() -> None:
    why = column("truncated", TEXT, nullable=True, comment="why it is not whole; null: it is")
    op.add_column("captures", why)
    widen(NAME, AFTER)


def downgrade() -> None:
    op.execute(f"drop view {NAME}")
    op.drop_column("captures", "truncated")
    make(NAME, BEFORE)
