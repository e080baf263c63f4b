"""What the pages of a template have in common, by which others are read without searching.

A template is known by the box of its article text now, no longer by its skeleton: all are learned
anew, and none of them is reported as a change.

A revision is history: it imports no model, so that a later model cannot change it.
"""

import sqlalchemy as sa
from alembic import op

from migrations.column_types import BYTES, KEY, OPTIONS, TEXT, column, refers

revision = "0110"
down_revision = "0109"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM recent_pages")
    op.execute("DELETE FROM templates")
    commented = op.get_bind().dialect.name != "sqlite"  # which has no comments
    for table in ("templates", "extractions") if commented else ():
        op.alter_column(
            table, "template_key", existing_type=KEY, existing_nullable=False,
            existing_comment="63-bit hash of the page's skeleton",
            comment="63-bit hash of the DOM path of its article text",
        )  # fmt: skip
    op.create_table(
        "learned_templates",
        column(
            "site_id", KEY, refers("learned_templates", "site_id", "sites.site_id"),
            comment="site of the pages",
        ),
        column("template_key", KEY, autoincrement=False,
               comment="63-bit hash of the DOM path of its article text"),
        column("basis", sa.String(120), comment="extractor and rules by which its pages were read"),
        column("agreed", sa.Integer(),
               comment="comparisons in a row in which template and search agreed"),
        column("last_hash", KEY, nullable=True,
               comment="largest page_hash of a full sample; null: it is not full"),
        column(
            "learned", BYTES, nullable=True,
            comment="where its pages have what: JSON, compressed by zlib; null: too few are known",
        ),
        sa.PrimaryKeyConstraint("site_id", "template_key", name="pk_learned_templates"),
        comment="What the pages of a template have in common, by which others are read.",
        sqlite_with_rowid=False,
        **OPTIONS,
    )  # fmt: skip
    op.create_table(
        "template_samples",
        column(
            "site_id", KEY, refers("template_samples", "site_id", "sites.site_id"),
            comment="site of the pages",
        ),
        column("template_key", KEY, autoincrement=False,
               comment="template that the page was made with"),
        column("page_hash", KEY, autoincrement=False,
               comment="63-bit hash of the URL: sample order"),
        column("page", KEY, comment="url_id of the page"),
        column("shown", BYTES, comment="where the page has what: JSON, compressed by zlib"),
        sa.PrimaryKeyConstraint(
            "site_id", "template_key", "page_hash", name="pk_template_samples"
        ),
        comment="A sample of the pages that taught a template.",
        sqlite_with_rowid=False,
        **OPTIONS,
    )  # fmt: skip
    op.add_column(
        "runs",
        column(
            "readings", TEXT, nullable=True,
            comment="JSON: pages read off a template, and pages searched, by reason; null: none",
        ),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_column("runs", "readings")
    op.drop_table("template_samples")
    op.drop_table("learned_templates")
