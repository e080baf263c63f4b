"""Answers that do not grow with the archive: dates beside articles, indexes, views that use them.

What was last read of each long source is kept too, so that the next reading looks at what changed.

A revision is history: it imports no model, so that a later model cannot change it.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from migrations.base.views import VIEWS, make, widen
from migrations.column_types import BYTES, HASH, KEY, OPTIONS, TIME, column, refers

revision = "0104"
down_revision = "0103"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_articles_published_at", "articles", ["published_at"]),
    ("ix_articles_site_id_published_at", "articles", ["site_id", "published_at"]),
    ("ix_articles_updated_at", "articles", ["updated_at"]),
    ("ix_captures_run_id", "captures", ["run_id"]),
    ("ix_clusters_size", "clusters", ["size"]),
    ("ix_leases_run_id", "leases", ["run_id"]),
    ("ix_runs_site_id_run_id", "runs", ["site_id", "run_id"]),
    ("ix_site_events_run_id", "site_events", ["run_id"]),
    ("ix_site_health_run_id", "site_health", ["run_id"]),
    ("ix_templates_first_run", "templates", ["first_run"]),
    ("ix_urls_site_id_url_id", "urls", ["site_id", "url_id"]),
)
# of these MariaDB takes the beginning, and PostgreSQL the hash: a URL may be of any length
LONG: dict[str, Any] = {"postgresql_using": "hash", "mysql_length": 190, "mariadb_length": 190}

AFTER = {
    "v1_articles": """
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
""",
    "v1_clusters": """
select
  m.cluster_id as cluster_id,
  m.article_id as article_id,
  case when k.original_id = m.article_id then 1 else 0 end as is_original,
  case when k.original_id = m.article_id then 1.0 else m.similarity end as similarity,
  case when k.original_id = m.article_id then k.reason else m.reason end as reason,
  k.size as size
from clusters k
join cluster_members m on m.cluster_id = k.cluster_id
""",
    "v1_excerpts": """
select
  x.article_id as article_id,
  x.excerpt_of as excerpt_of,
  x.similarity as similarity
from (
  select l.a as article_id, l.b as excerpt_of, l.containment as similarity
  from duplicate_pairs l
  where l.kind = 'excerpt'
  and (select e.tokens from cluster_members e where e.article_id = l.a)
    < (select w.tokens from cluster_members w where w.article_id = l.b)
  union all
  select l.b as article_id, l.a as excerpt_of, l.containment as similarity
  from duplicate_pairs l
  where l.kind = 'excerpt'
  and (select e.tokens from cluster_members e where e.article_id = l.b)
    < (select w.tokens from cluster_members w where w.article_id = l.a)
) x
""",
    "v1_runs": """
select
  r.run_id as run_id,
  r.kind as kind,
  s.name as site,
  r.started_at as started_at,
  r.finished_at as finished_at,
  r.status as status,
  cast(coalesce(n.urls, (
    select sum(c.urls) from run_counts c where c.run_id = r.run_id), 0) as {integer}) as urls,
  cast(coalesce(n.stored, (
    select sum(c.urls) from run_counts c where c.run_id = r.run_id
    and c.outcome in (
'stored'
    )), 0) as {integer}) as stored,
  cast(coalesce(n.revised, (
    select sum(c.urls) from run_counts c where c.run_id = r.run_id
    and c.outcome in (
'revised'
    )), 0) as {integer}) as revised,
  cast(coalesce(n.unchanged, (
    select sum(c.urls) from run_counts c where c.run_id = r.run_id
    and c.outcome in (
'not_modified', 'unchanged'
    )), 0) as {integer}) as unchanged,
  cast(coalesce(n.refused, (
    select sum(c.urls) from run_counts c where c.run_id = r.run_id
    and c.outcome in (
'bad_type', 'blocked', 'duplicate_url', 'gone', 'no_content', 'not_article',
'out_of_scope', 'paywalled', 'refused_address', 'robots', 'too_large', 'worse'
    )), 0) as {integer}) as refused,
  cast(coalesce(n.errors, (
    select sum(c.urls) from run_counts c where c.run_id = r.run_id
    and c.outcome in (
'connection_error', 'database_error', 'dns_error', 'extract_crash', 'extract_timeout',
'http_error', 'redirect_loop', 'timeout'
    )), 0) as {integer}) as errors,
  case when {seconds} > 0 then
  cast(coalesce(n.urls, (
    select sum(c.urls) from run_counts c where c.run_id = r.run_id), 0) as {integer})
  / {seconds} end as pages_per_second,
  r.reason as reason
from runs r
left join sites s on s.site_id = r.site_id
left join (
  select o.run_id, count(*) as urls,
    sum(case when o.outcome in (
'stored'
    ) then 1 else 0 end) as stored,
    sum(case when o.outcome in (
'revised'
    ) then 1 else 0 end) as revised,
    sum(case when o.outcome in (
'not_modified', 'unchanged'
    ) then 1 else 0 end) as unchanged,
    sum(case when o.outcome in (
'bad_type', 'blocked', 'duplicate_url', 'gone', 'no_content', 'not_article',
'out_of_scope', 'paywalled', 'refused_address', 'robots', 'too_large', 'worse'
    ) then 1 else 0 end) as refused,
    sum(case when o.outcome in (
'connection_error', 'database_error', 'dns_error', 'extract_crash', 'extract_timeout',
'http_error', 'redirect_loop', 'timeout'
    ) then 1 else 0 end) as errors
  from runs l join outcomes o on o.run_id = l.run_id
  where l.status = 'running' group by o.run_id
) n on n.run_id = r.run_id
""",
}


def upgrade() -> None:
    op.add_column(
        "articles",
        column(
            "published_at", TIME, nullable=True, comment="of its current revision: to find it by"
        ),
    )
    op.execute(
        "update articles set published_at = (select r.published_at from revisions r"
        " where r.article_id = articles.article_id and r.revision = articles.revision)"
    )
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)
    op.create_index("ix_revisions_url", "revisions", ["url"], **LONG)
    op.create_index("ix_revisions_canonical_url", "revisions", ["canonical_url"],
                    **LONG, **_where("canonical_url <> url"))  # fmt: skip
    op.create_index("ix_runs_plan", "runs", ["site_id", "run_id"], **_where("plan IS NOT NULL"))
    op.create_index("ix_block_classifications_restored", "block_classifications",
                    ["article_id", "position"], **_where("action = 'restored'"))  # fmt: skip
    for side in ("a", "b"):
        op.create_index(f"ix_duplicate_pairs_excerpt_{side}", "duplicate_pairs", [side],
                        **_where("kind = 'excerpt'"))  # fmt: skip
    op.create_table(
        "source_readings",
        column(
            "source_id", KEY, refers("source_readings", "source_id", "sources.source_id"),
            autoincrement=False, comment="source that was read",
        ),
        column("basis", HASH, comment="SHA-256 of the scope and the rules that it was read by"),
        column("body_hash", HASH, comment="SHA-256 of its body"),
        column(
            "entries", BYTES,
            comment="16 bytes an entry: its digest, its URL's key (0: left out)",
        ),
        column("read_at", TIME, comment="when all that it names was in the database"),
        sa.PrimaryKeyConstraint("source_id", name="pk_source_readings"),
        comment="What was last read of each long source: what is the same need not be read again.",
        **OPTIONS,
    )  # fmt: skip
    for name, select in AFTER.items():
        widen(name, select)
    if op.get_bind().dialect.name == "postgresql":  # plans are made by what was counted
        for table in ("articles", "revisions", "runs", "clusters"):
            op.execute(f"analyze {table}")


def downgrade() -> None:
    for name in AFTER:
        op.execute(f"drop view {name}")
    op.drop_table("source_readings")
    op.drop_index("ix_block_classifications_restored", "block_classifications")
    op.drop_index("ix_runs_plan", "runs")
    for side in ("a", "b"):
        op.drop_index(f"ix_duplicate_pairs_excerpt_{side}", "duplicate_pairs")
    op.drop_index("ix_revisions_canonical_url", "revisions")
    op.drop_index("ix_revisions_url", "revisions")
    for name, table, columns in INDEXES:
        _drop(name, table, columns[0])
    op.drop_column("articles", "published_at")
    for name in AFTER:
        make(name, VIEWS[name])


def _drop(name: str, table: str, first: str) -> None:
    """MariaDB lets no index go that a foreign key uses; it has one of its own for a new key."""
    alone = op.get_bind().dialect.name in ("mysql", "mariadb") and first in ("run_id", "first_run")
    key = f"fk_{table}_{first}"
    if alone:
        op.drop_constraint(key, table, type_="foreignkey")
    op.drop_index(name, table)
    if alone:
        op.create_foreign_key(key, table, "runs", [first], ["run_id"])


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}
