"""Where the WARC files of an archive on object storage are.

A revision is history: it imports no model, so that a later model cannot change it.
"""

import sqlalchemy as sa
from alembic import op

from migrations.column_types import OPTIONS, TEXT, TIME, column

revision = "0119"
down_revision = "0118"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "warc_files",
        column("warc_file", sa.String(255), comment="path, relative to the archive's root"),
        column(
            "run_id", sa.BigInteger, nullable=True, comment="run that wrote it; null: not known"
        ),
        column(
            "host", sa.String(255), nullable=True, comment="host whose spool it is in, or was"
        ),
        column(
            "store", sa.String(500), nullable=True,
            comment="address that it was uploaded to; null: it is in the spool of its host",
        ),
        column("bytes", sa.BigInteger, nullable=True, comment="of the uploaded file"),
        column("opened_at", TIME, comment="when it was opened, or moved if it has no older row"),
        column(
            "moved_at", TIME, nullable=True,
            comment="when the local file was removed after the upload; null: it was not yet",
        ),
        column(
            "moved_from", sa.String(500), nullable=True,
            comment="address that it was moved from, while it may still be there; null: none",
        ),
        column(
            "changed_at", TIME, nullable=True,
            comment="when records were last taken out of the uploaded file; null: never",
        ),
        column(
            "fault", TEXT, nullable=True,
            comment="why the store did not take it the last time; null: it did, or was not asked",
        ),
        sa.PrimaryKeyConstraint("warc_file", name="pk_warc_files"),
        comment="WARC files on object storage, or on their way there; all others are local.",
        **OPTIONS,
    )  # fmt: skip
    op.create_index("ix_warc_files_moved_at", "warc_files", ["moved_at"])


def downgrade() -> None:
    op.drop_table("warc_files")
