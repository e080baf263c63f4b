"""The tables and views that every database begins with.

A revision is history: it imports no model, so that a later model cannot change it. The numbers
begin at 0100: 0001 to 0008 were steps to tables of another shape, before any release, and a
database that says it is at one of them must not be taken for one that is at this.
"""

from migrations.base import articles, duplicates, memory, pages, sites, views

revision = "0100"
down_revision = None
branch_labels = None
depends_on = None

PARTS = (sites, pages, articles, memory, duplicates, views)  # what is referred to comes first


def upgrade() -> None:
    for part in PARTS:
        part.create()


def downgrade() -> None:
    for part in reversed(PARTS):
        part.drop()
