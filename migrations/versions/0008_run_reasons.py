"""Runs say why they failed, and a site's last run is the one that began last, whatever clocks said.

A revision is history: it imports no model, so that a later model cannot change it.
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# What SQL says differently from one database to the next; `mysql` is MariaDB too.
DIALECTS = {
    "sqlite": {
        "integer": "integer",
        "q": '"',
        "seconds": "((julianday(coalesce(r.finished_at, r.alive_at)) - julianday(r.started_at))"
        " * 86400.0)",
        "week_ago": "strftime('%Y-%m-%d %H:%M:%f', 'now', '-7 days')",
    },
    "postgresql": {
        "integer": "bigint",
        "q": '"',
        "seconds": "cast(extract(epoch from coalesce(r.finished_at, r.alive_at) - r.started_at)"
        " as double precision)",
        "week_ago": "current_timestamp - interval '7 days'",
    },
    "mysql": {
        "integer": "signed",
        "q": "`",
        "seconds": "(timestampdiff(microsecond, r.started_at,"
        " coalesce(r.finished_at, r.alive_at)) / 1e6)",
        "week_ago": "utc_timestamp(6) - interval 7 day",
    },
}

BEFORE = {
    "v1_runs": """
select
  r.run_id as run_id,
  r.kind as kind,
  s.name as site,
  r.started_at as started_at,
  r.finished_at as finished_at,
  r.status as status,
  cast(coalesce(sum(n.urls), 0) as {integer}) as urls,
  cast(coalesce(sum(case when n.outcome in (
'stored'
  ) then n.urls end), 0) as {integer}) as stored,
  cast(coalesce(sum(case when n.outcome in (
'revised'
  ) then n.urls end), 0) as {integer}) as revised,
  cast(coalesce(sum(case when n.outcome in (
'not_modified', 'unchanged'
  ) then n.urls end), 0) as {integer}) as unchanged,
  cast(coalesce(sum(case when n.outcome in (
'bad_type', 'blocked', 'duplicate_url', 'gone', 'no_content', 'not_article',
'out_of_scope', 'paywalled', 'refused_address', 'robots', 'too_large', 'worse'
  ) then n.urls end), 0) as {integer}) as refused,
  cast(coalesce(sum(case when n.outcome in (
'connection_error', 'database_error', 'dns_error', 'extract_crash', 'extract_timeout',
'http_error', 'redirect_loop', 'timeout'
  ) then n.urls end), 0) as {integer}) as errors,
  case when {seconds} > 0 then coalesce(sum(n.urls), 0) / {seconds} end as pages_per_second
from runs r
left join sites s on s.site_id = r.site_id
left join (
  select run_id, outcome, urls from run_counts
  union all
  select o.run_id, o.outcome, count(*) from outcomes o
  join runs l on l.run_id = o.run_id and l.status = 'running'
  group by o.run_id, o.outcome
) n on n.run_id = r.run_id
group by r.run_id, r.kind, s.name, r.started_at, r.finished_at, r.alive_at, r.status
""",
    "v1_site_health": """
select
  s.name as site,
  (select max(r.started_at) from runs r where r.site_id = s.site_id) as last_run_at,
  s.next_due_at as next_due_at,
  (select count(*) from articles a where a.site_id = s.site_id) as articles,
  (select count(*) from articles a where a.site_id = s.site_id
    and a.first_seen_at > {week_ago}) as articles_7d,
  h.usual_per_day as usual_per_day,
  h.empty_share as empty_share,
  h.usual_empty_share as usual_empty_share,
  h.median_words as median_words,
  h.usual_median_words as usual_median_words,
  coalesce(h.state, 'ok') as state,
  case when h.site_id is null then 'not judged yet' else h.reason end as reason
from sites s
left join site_health h on h.site_id = s.site_id
""",
}

AFTER = {
    "v1_runs": """
select
  r.run_id as run_id,
  r.kind as kind,
  s.name as site,
  r.started_at as started_at,
  r.finished_at as finished_at,
  r.status as status,
  cast(coalesce(sum(n.urls), 0) as {integer}) as urls,
  cast(coalesce(sum(case when n.outcome in (
'stored'
  ) then n.urls end), 0) as {integer}) as stored,
  cast(coalesce(sum(case when n.outcome in (
'revised'
  ) then n.urls end), 0) as {integer}) as revised,
  cast(coalesce(sum(case when n.outcome in (
'not_modified', 'unchanged'
  ) then n.urls end), 0) as {integer}) as unchanged,
  cast(coalesce(sum(case when n.outcome in (
'bad_type', 'blocked', 'duplicate_url', 'gone', 'no_content', 'not_article',
'out_of_scope', 'paywalled', 'refused_address', 'robots', 'too_large', 'worse'
  ) then n.urls end), 0) as {integer}) as refused,
  cast(coalesce(sum(case when n.outcome in (
'connection_error', 'database_error', 'dns_error', 'extract_crash', 'extract_timeout',
'http_error', 'redirect_loop', 'timeout'
  ) then n.urls end), 0) as {integer}) as errors,
  case when {seconds} > 0 then coalesce(sum(n.urls), 0) / {seconds} end as pages_per_second,
  r.reason as reason
from runs r
left join sites s on s.site_id = r.site_id
left join (
  select run_id, outcome, urls from run_counts
  union all
  select o.run_id, o.outcome, count(*) from outcomes o
  join runs l on l.run_id = o.run_id and l.status = 'running'
  group by o.run_id, o.outcome
) n on n.run_id = r.run_id
group by r.run_id, r.kind, s.name, r.started_at, r.finished_at, r.alive_at, r.status,
  r.reason
""",
    "v1_site_health": """
select
  s.name as site,
  (select r.started_at from runs r where r.run_id =
    (select max(l.run_id) from runs l where l.site_id = s.site_id)) as last_run_at,
  s.next_due_at as next_due_at,
  (select count(*) from articles a where a.site_id = s.site_id) as articles,
  (select count(*) from articles a where a.site_id = s.site_id
    and a.first_seen_at > {week_ago}) as articles_7d,
  h.usual_per_day as usual_per_day,
  h.empty_share as empty_share,
  h.usual_empty_share as usual_empty_share,
  h.median_words as median_words,
  h.usual_median_words as usual_median_words,
  coalesce(h.state, 'ok') as state,
  case when h.site_id is null then 'not judged yet' else h.reason end as reason
from sites s
left join site_health h on h.site_id = s.site_id
""",
}


def upgrade() -> None:
    _make(AFTER)


def downgrade() -> None:
    _make(BEFORE)


def _make(views: dict[str, str]) -> None:
    dialect = op.get_bind().dialect.name
    words = DIALECTS["mysql" if dialect == "mariadb" else dialect]
    for name, select in views.items():
        op.execute(f"drop view {name}")
        op.execute(f"create view {name} as {select.format(**words)}")
