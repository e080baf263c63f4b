"""The words of articles, to search by; `migrations.upgrade` fills them in from what is stored.

A revision is history: it imports no model, so that a later model cannot change it.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.column_types import KEY, OPTIONS, TEXT, column

revision = "0111"
down_revision = "0110"
branch_labels = None
depends_on = None

TABLE = "v1_search"


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    if dialect == "sqlite":
        # terms are written as they are to be found: what is not ASCII is a letter to this tokenizer
        op.execute(
            f"CREATE VIRTUAL TABLE {TABLE} USING fts5(article_id UNINDEXED, words,"
            " tokenize = 'ascii')"
        )
        return
    words = postgresql.TSVECTOR() if dialect == "postgresql" else TEXT
    op.create_table(
        TABLE,
        column("article_id", KEY, autoincrement=False, comment="of v1_articles"),
        column("words", words, comment="words of title and text, in the database's form"),
        sa.PrimaryKeyConstraint("article_id", name=f"pk_{TABLE}"),
        comment="Words of the articles that readers see, to search by.",
        **OPTIONS,
    )
    if dialect == "postgresql":
        op.create_index(f"ix_{TABLE}_words", TABLE, ["words"], postgresql_using="gin")
        return
    # an owner's stop words would be missing from the index
    op.execute("SET SESSION innodb_ft_enable_stopword = 0")
    op.execute(f"CREATE FULLTEXT INDEX ix_{TABLE}_words ON {TABLE} (words)")
    op.execute("SET SESSION innodb_ft_enable_stopword = DEFAULT")


def downgrade() -> None:
    op.drop_table(TABLE)
