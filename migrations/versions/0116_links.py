"""v1_outcomes and v1_captures name their site and article, so that readers can follow them.

A revision is history: it imports no model, so that a later model cannot change it.
"""

from alembic import op

from migrations.base.views import make, widen

revision = "0116"
down_revision = "0114"
branch_labels = None
depends_on = None

BEFORE = {
    "v1_outcomes": """
select
  o.run_id as run_id,
  u.url as url,
  o.outcome as outcome,
  o.reason as reason,
  o.http_status as http_status,
  o.at as at
from outcomes o
join urls u on u.url_id = o.url_id
""",
    "v1_captures": """
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
  c.truncated as truncated
from captures c
join urls u on u.url_id = c.url_id
""",
}
COLUMNS = """,
  s.name as site,
  a.article_id as article_id
from """
JOINS = """join sites s on s.site_id = u.site_id
left join articles a on a.url_id = u.url_id and a.refused_at is null
"""


def upgrade() -> None:
    for name, before in BEFORE.items():
        widen(name, before.replace("\nfrom ", COLUMNS) + JOINS)


def downgrade() -> None:
    for name, before in BEFORE.items():
        op.execute(f"drop view {name}")
        make(name, before)
