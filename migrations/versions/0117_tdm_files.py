"""What each host's /.well-known/tdmrep.json says, and where an article's reservation is from.

A revision is history: it imports no model, so that a later model cannot change it.
"""

import sqlalchemy as sa
from alembic import op

from migrations.base.views import make, widen
from migrations.column_types import KEY, OPTIONS, TEXT, TIME, column, refers

revision = "0117"
down_revision = "0116"
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
  coalesce(r.partial, 0) as partial,
  r.robots_directives as robots_directives,
  r.tdm_reservation as tdm_reservation,
  r.tdm_policy as tdm_policy
from articles a
join revisions r on r.article_id = a.article_id and r.revision = a.revision
join sites s on s.site_id = a.site_id
left join cluster_members m on m.article_id = a.article_id
left join clusters k on k.cluster_id = m.cluster_id and k.original_id <> a.article_id
where a.refused_at is null
"""
AFTER = BEFORE.replace(" as tdm_policy\n", " as tdm_policy,\n  r.tdm_source as tdm_source\n")


def upgrade() -> None:
    op.create_table(
        "tdm_files",
        column(
            "site_id", KEY, refers("tdm_files", "site_id", "sites.site_id"),
            autoincrement=False, comment="site whose run asked for it",
        ),
        column("origin", sa.String(300), comment="scheme, host and port"),
        column("asked_at", TIME, comment="when it was last asked for"),
        column("fault", TEXT, nullable=True, comment="why it could not be read; null: it could"),
        column("rules", TEXT, comment="JSON list of location, reserved, policy; [] if none"),
        sa.PrimaryKeyConstraint("site_id", "origin", name="pk_tdm_files"),
        comment="The /.well-known/tdmrep.json of each origin, as last read (W3C TDMRep).",
        **OPTIONS,
    )  # fmt: skip
    comment = "who says so: meta | header | file"
    op.add_column("revisions", column("tdm_source", sa.String(10), nullable=True, comment=comment))
    widen(NAME, AFTER)


def downgrade() -> None:
    op.execute(f"drop view {NAME}")
    op.drop_column("revisions", "tdm_source")
    make(NAME, BEFORE)
    op.drop_table("tdm_files")
