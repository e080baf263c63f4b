"""What publishers tell robots and miners, as facts of articles.

A revision is history: it imports no model, so that a later model cannot change it.
"""

import sqlalchemy as sa
from alembic import op

from migrations.base.views import make, widen
from migrations.column_types import TEXT, column

revision = "0114"
down_revision = "0113"
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
  a.withdrawn_at as withdrawn_at,
  r.published_offset as published_offset,
  coalesce(r.partial, 0) as partial
from articles a
join revisions r on r.article_id = a.article_id and r.revision = a.revision
join sites s on s.site_id = a.site_id
left join cluster_members m on m.article_id = a.article_id
left join clusters k on k.cluster_id = m.cluster_id and k.original_id <> a.article_id
where a.refused_at is null
"""
AFTER = BEFORE.replace(
    " as partial\n",
    " as partial,\n  r.robots_directives as robots_directives,"
    "\n  r.tdm_reservation as tdm_reservation,\n  r.tdm_policy as tdm_policy\n",
)
COLUMNS = (
    ("robots_directives", TEXT, "robots' rules of the page"),
    ("tdm_reservation", sa.SmallInteger(), "1: TDM rights reserved; 0: not"),
    ("tdm_policy", TEXT, "URL of its TDM policy"),
)


def upgrade() -> None:
    for name, kind, comment in COLUMNS:
        op.add_column("revisions", column(name, kind, nullable=True, comment=comment))
    widen(NAME, AFTER)


def downgrade() -> None:
    op.execute(f"drop view {NAME}")
    for name, _, _ in reversed(COLUMNS):
        op.drop_column("revisions", name)
    make(NAME, BEFORE)
