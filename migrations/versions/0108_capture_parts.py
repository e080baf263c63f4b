"""The copies of the further pages of stories, by the copy of the first.

A revision is history: it imports no model, so that a later model cannot change it.
"""

import sqlalchemy as sa
from alembic import op

from migrations.column_types import KEY, OPTIONS, column, refers

revision = "0108"
down_revision = "0107"
branch_labels = None
depends_on = None

NAME = "capture_parts"


def upgrade() -> None:
    op.create_table(
        NAME,
        column(
            "capture_id", KEY, refers(NAME, "capture_id", "captures.capture_id"),
            autoincrement=False, comment="copy of the first page",
        ),
        column(
            "number", sa.SmallInteger(), autoincrement=False,
            comment="of the page, from 2 on; 0: a view of the whole story",
        ),
        column(
            "part_id", KEY, refers(NAME, "part_id", "captures.capture_id"), nullable=True,
            comment="copy of that page; null: it is missing, and what follows it",
        ),
        sa.PrimaryKeyConstraint("capture_id", "number", name="pk_capture_parts"),
        comment="Copies of the further pages of stories, by the copy of the first.",
        **OPTIONS,
    )  # fmt: skip
    op.create_index("ix_capture_parts_part_id", NAME, ["part_id"])


def downgrade() -> None:
    op.drop_table(NAME)
