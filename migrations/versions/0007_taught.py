"""Which readings their site's memory has taken in.

A revision is history: it imports no model, so that a later model cannot change it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
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
