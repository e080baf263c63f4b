"""v1_captures says on which object storage, or in whose spool, the file of a copy is.

A revision is history: it imports no model, so that a later model cannot change it.
"""

from alembic import op

from migrations.base.views import make, widen

revision = "0120"
down_revision = "0119"
branch_labels = None
depends_on = None

BEFORE = """
select
  c.capture_id as capture_id,
  u.url as url,
  c.final_url as final_url,
  c.run_id as run_id,
  c.http_status as http_status,
  c.fetched_at as fetched_at,
  c.warc_file as warc_file,
  c.warc_offset as warc_offset,
  c.warc_length as warc_length,
  c.body_size as body_size,
  c.truncated as truncated,
  s.name as site,
  a.article_id as article_id
from captures c
join urls u on u.url_id = c.url_id
join sites s on s.site_id = u.site_id
left join articles a on a.url_id = u.url_id and a.refused_at is null
"""
COLUMNS = """,
  f.store as warc_store,
  case when f.store is null then f.host end as warc_host
from """
JOIN = "left join warc_files f on f.warc_file = c.warc_file\n"


def upgrade() -> None:
    widen("v1_captures", BEFORE.replace("\nfrom ", COLUMNS) + JOIN)


def downgrade() -> None:
    op.execute("drop view v1_captures")
    make("v1_captures", BEFORE)
