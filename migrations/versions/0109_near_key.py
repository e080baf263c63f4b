"""A second key of short texts, by which those that differ in numbers and codes alone are found.

A revision is history: it imports no model, so that a later model cannot change it.
"""

import sqlalchemy as sa
from alembic import op

from migrations.column_types import column

revision = "0109"
down_revision = "0108"
branch_labels = None
depends_on = None

TABLE = "cluster_members"
INDEX = "ix_cluster_members_near_key"


def upgrade() -> None:
    near_key = column(
        "near_key",
        sa.BigInteger(),
        nullable=True,
        comment="63 bits of title and short text without numbers and addresses; null: none",
    )
    op.add_column(TABLE, near_key)
    op.create_index(
        INDEX,
        TABLE,
        ["near_key", "article_id"],
        sqlite_where=sa.text("near_key IS NOT NULL"),
        postgresql_where=sa.text("near_key IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index(INDEX, TABLE)
    op.drop_column(TABLE, "near_key")
