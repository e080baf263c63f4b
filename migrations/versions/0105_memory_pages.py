"""The pages that taught a site, in a row each: its memory is smaller, and finds them at once.

Texts of which one page is known have no entry any more. What a page shows is taken from the
samples, so a page that is in none of them is found again once it teaches anew.
"""

from array import array
from itertools import groupby

import sqlalchemy as sa
from alembic import op

from migrations.column_types import BYTES, KEY, OPTIONS, TIME, column, refers

revision = "0105"
down_revision = "0104"
branch_labels = None
depends_on = None

_SOME = 1_000  # rows a statement


def upgrade() -> None:
    op.create_table(
        "memory_pages",
        column(
            "site_id", KEY, refers("memory_pages", "site_id", "sites.site_id"),
            comment="site of the page",
        ),
        column("page", KEY, autoincrement=False, comment="url_id of the page"),
        column("first_seen_at", TIME, comment="when it first taught the site"),
        column("last_seen_at", TIME, comment="when it was last found to show this, to the day"),
        column("entry_keys", BYTES,
               comment="the entries that it shows: 8 bytes each, little-endian"),
        sa.PrimaryKeyConstraint("site_id", "page", name="pk_memory_pages"),
        comment="The pages that taught a site's memory, and the entries that each shows.",
        sqlite_with_rowid=False,
        **OPTIONS,
    )  # fmt: skip
    op.create_table(
        "changed_entries",
        column(
            "site_id", KEY, refers("changed_entries", "site_id", "sites.site_id"),
            comment="site of the entry",
        ),
        column("entry_key", KEY, autoincrement=False,
               comment="entry of memory_entries, with more pages than its sample holds"),
        sa.PrimaryKeyConstraint("site_id", "entry_key", name="pk_changed_entries"),
        comment="Entries of which another sample stands: "
                "the pages that show them are to be queued.",
        sqlite_with_rowid=False,
        **OPTIONS,
    )  # fmt: skip
    op.create_table(
        "memory_locks",
        column(
            "site_id", KEY, refers("memory_locks", "site_id", "sites.site_id"), comment="the site"
        ),
        sa.PrimaryKeyConstraint("site_id", name="pk_memory_locks"),
        comment="One row a site: whoever writes the site's memory locks it.",
        **OPTIONS,
    )
    _fill()
    op.drop_table("reclassify_progress")
    op.drop_index("ix_memory_entries_site_id_last_seen_at", "memory_entries")
    # MariaDB has it carry the foreign key of site_id, which the primary key carries as well
    op.drop_index("ix_memory_occurrences_site_id_page", "memory_occurrences")


def downgrade() -> None:
    op.create_index("ix_memory_occurrences_site_id_page", "memory_occurrences", ["site_id", "page"])
    op.create_index(
        "ix_memory_entries_site_id_last_seen_at", "memory_entries", ["site_id", "last_seen_at"]
    )
    op.create_table(
        "reclassify_progress",
        column(
            "site_id", KEY, refers("reclassify_progress", "site_id", "sites.site_id"),
            comment="site of the articles",
        ),
        column("digest", sa.String(64),
               comment="of the DOM paths that the last pass over all articles used"),
        column("after_id", KEY, nullable=True,
               comment="article_id that the pass has come to; null: none is under way"),
        sa.PrimaryKeyConstraint("site_id", name="pk_reclassify_progress"),
        comment="How far all articles of a site were classified again.",
        **OPTIONS,
    )  # fmt: skip
    for name in ("memory_locks", "changed_entries", "memory_pages"):
        op.drop_table(name)


def _fill() -> None:
    """Pages from the samples; entries of texts that one page shows go."""
    conn = op.get_bind()
    shown = sa.text(
        "select o.site_id, o.page, a.first_seen_at, a.fetched_at, o.entry_key"
        " from memory_occurrences o join articles a on a.url_id = o.page"
        " order by o.site_id, o.page, o.entry_key"
    ).columns(sa.column("site_id"), sa.column("page"), sa.column("first", TIME),
              sa.column("last", TIME), sa.column("entry_key"))  # fmt: skip
    pages = sa.table(
        "memory_pages", sa.column("site_id"), sa.column("page"), sa.column("first_seen_at", TIME),
        sa.column("last_seen_at", TIME), sa.column("entry_keys", BYTES),
    )  # fmt: skip
    rows = []
    for (site_id, page, first, last), entries in groupby(
        conn.execute(shown).all(), key=lambda row: tuple(row[:4])
    ):
        keys = array("q", [row.entry_key for row in entries]).tobytes()
        rows.append({"site_id": site_id, "page": page, "first_seen_at": first,
                     "last_seen_at": last, "entry_keys": keys})  # fmt: skip
    for start in range(0, len(rows), _SOME):
        conn.execute(sa.insert(pages), rows[start : start + _SOME])
    conn.execute(
        sa.text(
            "delete from memory_entries where kind = 'block' and revoked_at is null"
            " and (select count(*) from memory_occurrences o"
            " where o.site_id = memory_entries.site_id"
            " and o.entry_key = memory_entries.entry_key) < 2"
        )
    )
