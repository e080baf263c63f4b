"""The addresses that articles had before their pages moved, for readers too.

A revision is history: it imports no model, so that a later model cannot change it.
"""

import sqlalchemy as sa
from alembic import op

from migrations.base.views import make
from migrations.column_types import KEY, OPTIONS, TIME, column, refers

revision = "0107"
down_revision = "0106"
branch_labels = None
depends_on = None

NAME = "v1_former_urls"
SELECT = """
select
  f.article_id as article_id,
  u.url as url,
  f.moved_at as moved_at
from former_urls f
join urls u on u.url_id = f.url_id
"""


def upgrade() -> None:
    op.create_table(
        "former_urls",
        column(
            "url_id", KEY, refers("former_urls", "url_id", "urls.url_id"), autoincrement=False,
            comment="URL that the page had",
        ),
        column(
            "article_id", KEY, refers("former_urls", "article_id", "articles.article_id"),
            comment="article that moved",
        ),
        column("moved_at", TIME, comment="when the move was found"),
        sa.PrimaryKeyConstraint("url_id", name="pk_former_urls"),
        comment="Addresses that articles had before their pages moved.",
        **OPTIONS,
    )  # fmt: skip
    op.create_index("ix_former_urls_article_id", "former_urls", ["article_id"])
    make(NAME, SELECT)


def downgrade() -> None:
    op.execute(f"drop view {NAME}")
    op.drop_table("former_urls")
