"""What readers learn of articles: refused late, pages missing, and the publisher's own hour.

`changes.kind` also has moved, refused and erased.

A revision is history: it imports no model, so that a later model cannot change it.
"""

import sqlalchemy as sa
from alembic import op

from migrations.base.views import make, widen
from migrations.column_types import TIME, column, set_words

revision = "0106"
down_revision = "0105"
branch_labels = None
depends_on = None

NAME = "v1_articles"
BEFORE = """
select
  a.article_id as article_id,
  s.name as site,
  r.url as url,
  r.canonical_url as canonical_url,
  r.title as title,
  r.authors as authors,
  a.published_at as published_at,
  r.published_precision as published_precision,
  r.modified_at as modified_at,
  r.language as language,
  r.description as description,
  r.image_url as image_url,
  r.tags as tags,
  r.paywalled as paywalled,
  r.text as text,
  r.word_count as word_count,
  r.content_hash as content_hash,
  a.revision as revision,
  a.first_seen_at as first_seen_at,
  a.fetched_at as fetched_at,
  a.updated_at as updated_at,
  k.original_id as duplicate_of,
  coalesce(m.cluster_id, a.article_id) as cluster_id,
  a.withdrawn_at as withdrawn_at
from articles a
join revisions r on r.article_id = a.article_id and r.revision = a.revision
join sites s on s.site_id = a.site_id
left join cluster_members m on m.article_id = a.article_id
left join clusters k on k.cluster_id = m.cluster_id and k.original_id <> a.article_id
"""
AFTER = (
    BEFORE.replace(
        "a.withdrawn_at as withdrawn_at",
        "a.withdrawn_at as withdrawn_at,\n  r.published_offset as published_offset,"
        "\n  coalesce(r.partial, 0) as partial",
    )
    + "where a.refused_at is null\n"
)
KINDS = ("new", "revised", "withdrawn", "restored", "clustered")


def upgrade() -> None:
    refused = column(
        "refused_at",
        TIME,
        nullable=True,
        comment="when it was found to be no article, but a text of the site's; null: it is one",
    )
    op.add_column("articles", refused)
    offset = column(
        "published_offset",
        sa.SmallInteger(),
        nullable=True,
        comment="minutes east of UTC, as the page wrote published_at; null: it did not say",
    )
    op.add_column("revisions", offset)
    partial = column(
        "partial",
        sa.SmallInteger(),
        nullable=True,
        comment="1: pages of a long article are missing; null: it is whole",
    )
    op.add_column("revisions", partial)
    _set_kinds(*KINDS, "moved", "refused", "erased")
    widen(NAME, AFTER)


def downgrade() -> None:
    op.execute(f"drop view {NAME}")
    op.execute("delete from changes where kind in ('moved', 'refused', 'erased')")
    _set_kinds(*KINDS)
    for name in ("partial", "published_offset"):
        op.drop_column("revisions", name)
    op.drop_column("articles", "refused_at")
    make(NAME, BEFORE)


def _set_kinds(*kinds: str) -> None:
    set_words("changes", "kind", *kinds)
    if op.get_bind().dialect.name != "sqlite":  # has no comments
        op.alter_column(
            "changes", "kind", existing_type=sa.String(10), existing_nullable=False,
            comment=" | ".join(kinds),
        )  # fmt: skip
