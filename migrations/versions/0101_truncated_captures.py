"""Captures that did not come whole say why.

A revision is history: it imports no model, so that a later model cannot change it.
"""

from alembic import op

from migrations.base.views import VIEWS
from migrations.column_types import TEXT, column

revision = "0101"
down_revision = "0100"
branch_labels = None
depends_on = None

_BEFORE = VIEWS["v1_captures"]
_AFTER = _BEFORE.replace(
    "c.body_size as body_size", "c.body_size as body_size,\n  c.truncated as truncated"
)


def upgrade() -> None:
    why = column("truncated", TEXT, nullable=True, comment="why it is not whole; null: it is")
    op.execute("drop view v1_captures")
    op.add_column("captures", why)
    op.execute(f"create view v1_captures as {_AFTER}")


def downgrade() -> None:
    op.execute("drop view v1_captures")
    op.drop_column("captures", "truncated")
    op.execute(f"create view v1_captures as {_BEFORE}")
