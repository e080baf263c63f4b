"""How an extraction was read, and whether its site's memory has taken it in.

A revision is history: it imports no model, so that a later model cannot change it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "extractions",
        sa.Column(
            "basis",
            sa.String(120),
            nullable=False,
            server_default="",
            comment="by which extractor and rules it was read",
        ),
    )
    # of rows that are there already nobody knows whether they were forgotten since
    op.add_column(
        "extractions",
        sa.Column(
            "taught",
            sa.Boolean(),
            nullable=False,
            server_default=sa.false(),
            comment="the site's memory took it in, and has not been told to forget since",
        ),
    )


def downgrade() -> None:
    op.drop_column("extractions", "taught")
    op.drop_column("extractions", "basis")
