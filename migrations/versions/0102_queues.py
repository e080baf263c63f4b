"""The queues in which a site's URLs wait, and when its sources are due.

A URL that is known keeps `queue_key` null until a source names it again: those wait together, in
one queue that is never dead, newest first as before.
"""

import sqlalchemy as sa
from alembic import op

from migrations.column_types import KEY, OPTIONS, TEXT, TIME, column, refers

revision = "0102"
down_revision = "0101"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "url_queues",
        column(
            "site_id", KEY, refers("url_queues", "site_id", "sites.site_id"),
            comment="site it is of",
        ),
        column(
            "queue_key", sa.BigInteger(), autoincrement=False,
            comment="hash of source, shape and dated; urls.queue_key names it",
        ),
        column("source", TEXT, nullable=True, comment="URL of the source; null: of several"),
        column("shape", TEXT, comment="what the addresses have in common; *: several shapes"),
        column("dated", sa.Boolean(), comment="true: the source gave a date"),
        column("tries", sa.Integer(), comment="URLs of it that were claimed and answered"),
        column("kept", sa.Boolean(), comment="true: an article came of one"),
        column("claimed_at", TIME, nullable=True, comment="when URLs of it were last claimed"),
        sa.PrimaryKeyConstraint("site_id", "queue_key", name="pk_url_queues"),
        comment=(
            "The queues in which a site's URLs wait, so that each source and shape has its share."
        ),
        **OPTIONS,
    )  # fmt: skip
    op.add_column(
        "urls",
        column("queue_key", sa.BigInteger(), nullable=True,
               comment="queue it waits in, as in url_queues"),
    )  # fmt: skip
    op.create_index(
        "ix_urls_queue", "urls", ["site_id", "state", "queue_key", "newest_at", "url_id"]
    )
    op.drop_index("ix_urls_site_id_state_newest_at", "urls")
    op.add_column(
        "sites",
        column("sources_due_at", TIME, nullable=True,
               comment="when visit reads the sources again; null: at the next visit"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_column("sites", "sources_due_at")
    op.create_index("ix_urls_site_id_state_newest_at", "urls", ["site_id", "state", "newest_at"])
    op.drop_index("ix_urls_queue", "urls")
    op.drop_column("urls", "queue_key")
    op.drop_table("url_queues")
