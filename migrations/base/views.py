"""The views that readers may rely on.

A revision is history: it imports no model, so that a later model cannot change it.
"""

from alembic import op

# What SQL says differently from one database to the next; `mysql` is MariaDB too.
DIALECTS = {
    "sqlite": {
        "integer": "integer",
        "q": '"',
        "seconds": (
            "((julianday(coalesce(r.finished_at, r.alive_at)) - julianday(r.started_at)) * 86400.0)"
        ),
        "week_ago": "strftime('%Y-%m-%d %H:%M:%f', 'now', '-7 days')",
    },
    "postgresql": {
        "integer": "bigint",
        "q": '"',
        "seconds": (
            "cast(extract(epoch from coalesce(r.finished_at, r.alive_at) - r.started_at) "
            "as double precision)"
        ),
        "week_ago": "current_timestamp - interval '7 days'",
    },
    "mysql": {
        "integer": "signed",
        "q": "`",
        "seconds": (
            "(timestampdiff(microsecond, r.started_at, coalesce(r.finished_at, r.alive_at)) / 1e6)"
        ),
        "week_ago": "utc_timestamp(6) - interval 7 day",
    },
}

VIEWS = {
    "v1_articles": """
select
  a.article_id as article_id,
  s.name as site,
  r.url as url,
  r.canonical_url as canonical_url,
  r.title as title,
  r.authors as authors,
  r.published_at as published_at,
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
  case when k.original_id <> a.article_id then k.original_id end as duplicate_of,
  coalesce(k.cluster_id, a.article_id) as cluster_id,
  a.withdrawn_at as withdrawn_at
from articles a
join revisions r on r.article_id = a.article_id and r.revision = a.revision
join sites s on s.site_id = a.site_id
left join cluster_members m on m.article_id = a.article_id
left join clusters k on k.cluster_id = m.cluster_id
""",
    "v1_revisions": """
select
  r.article_id as article_id,
  r.revision as revision,
  r.title as title,
  r.text as text,
  r.content_hash as content_hash,
  r.fetched_at as fetched_at,
  r.extracted_at as extracted_at,
  r.extractor as extractor,
  r.{q}change{q} as {q}change{q},
  r.capture_id as capture_id
from revisions r
""",
    "v1_changes": """
select
  c.change_id as change_id,
  c.article_id as article_id,
  c.revision as revision,
  c.kind as kind,
  c.at as at
from changes c
""",
    "v1_clusters": """
select
  m.cluster_id as cluster_id,
  m.article_id as article_id,
  case when k.original_id = m.article_id then 1 else 0 end as is_original,
  case when k.original_id = m.article_id then 1.0 else m.similarity end as similarity,
  case when k.original_id = m.article_id then k.reason else m.reason end as reason
from clusters k
join cluster_members m on m.cluster_id = k.cluster_id
""",
    "v1_excerpts": """
select
  e.article_id as article_id,
  w.article_id as excerpt_of,
  l.containment as similarity
from cluster_members e
join duplicate_pairs l on (l.a = e.article_id or l.b = e.article_id) and l.kind = 'excerpt'
join cluster_members w on w.article_id = case when l.a = e.article_id then l.b else l.a end
where e.tokens < w.tokens
""",
    "v1_removed_blocks": """
select
  b.article_id as article_id,
  b.position as position,
  b.excerpt as excerpt,
  b.reason as reason,
  b.evidence as evidence
from block_classifications b
where b.action = 'removed'
""",
    "v1_restored_blocks": """
select
  b.article_id as article_id,
  b.position as position,
  b.excerpt as excerpt,
  b.reason as reason,
  b.evidence as evidence
from block_classifications b
where b.action = 'restored'
""",
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
  c.body_size as body_size
from captures c
join urls u on u.url_id = c.url_id
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


def create() -> None:
    """Makes them."""
    for name, select in VIEWS.items():
        make(name, select)


def make(name: str, select: str, how: str = "create") -> None:
    """Makes one view, in the words of the database."""
    dialect = op.get_bind().dialect.name
    words = DIALECTS["mysql" if dialect == "mariadb" else dialect]
    op.execute(f"{how} view {name} as {select.format(**words)}")


def widen(name: str, select: str) -> None:
    """Gives a view columns behind those that it has; who may read it still may."""
    if op.get_bind().dialect.name == "sqlite":  # has no rights, and cannot replace a view
        op.execute(f"drop view {name}")
        make(name, select)
    else:
        make(name, select, "create or replace")


def drop() -> None:
    """Takes them away."""
    for name in reversed(VIEWS):
        op.execute(f"drop view {name}")
