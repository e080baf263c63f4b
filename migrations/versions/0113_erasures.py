"""What was taken out on request: tombstones, outcomes, changes of articles that are no more.

A revision is history: it imports no model, so that a later model cannot change it.
"""

import re

import sqlalchemy as sa
from alembic import op

from migrations.base.sites import OUTCOMES
from migrations.base.views import make, widen
from migrations.column_types import HASH, KEY, OPTIONS, TEXT, TIME, column, refers, set_words

revision = "0113"
down_revision = "0112"
branch_labels = None
depends_on = None

NAME = "v1_runs"
RUNS = """
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
[refused]
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
[refused]
    ) then 1 else 0 end) as refused,
    sum(case when o.outcome in (
'connection_error', 'database_error', 'dns_error', 'extract_crash', 'extract_timeout',
'http_error', 'redirect_loop', 'timeout'
    ) then 1 else 0 end) as errors
  from runs l join outcomes o on o.run_id = l.run_id
  where l.status = 'running' group by o.run_id
) n on n.run_id = r.run_id
"""
BEFORE = RUNS.replace(
    "[refused]",
    "'bad_type', 'blocked', 'duplicate_url', 'gone', 'no_content', 'not_article',\n"
    "'out_of_scope', 'paywalled', 'refused_address', 'robots', 'too_large', 'worse'",
)
AFTER = RUNS.replace(
    "[refused]",
    "'bad_type', 'blocked', 'duplicate_url', 'erased', 'gone', 'no_content', 'not_article',\n"
    "'out_of_scope', 'paywalled', 'refused_address', 'rights', 'robots', 'too_large', 'worse'",
)
ADDED = ("erased", "rights")
WITH_OUTCOMES = ("outcomes", "run_counts", "urls")
REFERS = "CONSTRAINT fk_changes_article_id FOREIGN KEY(article_id) REFERENCES articles (article_id)"

_ADD = "update run_counts set urls = urls + :urls where run_id = :run and outcome = 'out_of_scope'"
_DROP = "delete from run_counts where run_id = :run and outcome = :word"
_RENAME = "update {table} set outcome = 'out_of_scope' where outcome = :word"


def upgrade() -> None:
    op.create_table(
        "erasures",
        column("erasure_id", KEY, autoincrement=True, comment="number of the request"),
        column("site", sa.String(100), comment="name of the site; it may be no more"),
        column("url", TEXT, comment="address of the page"),
        column("article_id", KEY, nullable=True, comment="article that went; null: there was none"),
        column("why", TEXT, comment="why, as it was typed"),
        column("erased_at", TIME, comment="when the rows went"),
        column("done_at", TIME, nullable=True,
               comment="when the archive had it no more; null: that is not done"),
        column("records", TEXT, comment="JSON: file, offset and length of each record that goes"),
        sa.PrimaryKeyConstraint("erasure_id", name="pk_erasures"),
        comment="What was taken out on request; nothing of what it said is kept.",
        **OPTIONS,
    )  # fmt: skip
    op.create_index("ix_erasures_article_id", "erasures", ["article_id"])
    op.create_table(
        "erased_urls",
        column("url_key", HASH, comment="SHA-256 of the URL's key: the same for all its spellings"),
        column("erasure_id", KEY, refers("erased_urls", "erasure_id", "erasures.erasure_id"),
               comment="request that it is of"),
        column("url", TEXT, comment="URL, in one of its spellings"),
        sa.PrimaryKeyConstraint("url_key", name="pk_erased_urls"),
        comment="Addresses that are not asked for any more: what was there was taken out.",
        **OPTIONS,
    )  # fmt: skip
    op.create_index("ix_erased_urls_erasure_id", "erased_urls", ["erasure_id"])
    for table in WITH_OUTCOMES:
        set_words(table, "outcome", *OUTCOMES, *ADDED)
    widen(NAME, AFTER)
    _forget_articles()


def downgrade() -> None:
    op.execute("delete from changes where article_id not in (select article_id from articles)")
    _refer_to_articles()
    op.execute(f"drop view {NAME}")
    _rename_outcomes()
    for table in WITH_OUTCOMES:
        set_words(table, "outcome", *OUTCOMES)
    make(NAME, BEFORE)
    op.drop_table("erased_urls")
    op.drop_table("erasures")


def _forget_articles() -> None:
    """Changes stay when their article goes: readers follow them."""
    if op.get_bind().dialect.name == "sqlite":
        _rewrite(re.escape(f", \n\t{REFERS}"), "")
        return
    op.drop_constraint("fk_changes_article_id", "changes", type_="foreignkey")


def _refer_to_articles() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _rewrite(r"\n\)\s*$", f", \n\t{REFERS}\n)")
        return
    op.create_foreign_key(
        "fk_changes_article_id", "changes", "articles", ["article_id"], ["article_id"]
    )


def _rewrite(old: str, new: str) -> None:
    # as SQLite's manual has it (ALTER TABLE, 7) for what changes no row
    conn = op.get_bind()
    query = "select sql from sqlite_master where type = 'table' and name = 'changes'"
    before = conn.exec_driver_sql(query).scalar_one()
    after, found = re.subn(old, new.replace("\\", r"\\"), before)
    if found != 1:
        raise RuntimeError("changes is not the table that this revision knows")
    version = conn.exec_driver_sql("PRAGMA schema_version").scalar_one()
    conn.exec_driver_sql("PRAGMA writable_schema = ON")
    change = "update sqlite_master set sql = :sql where type = 'table' and name = 'changes'"
    conn.execute(sa.text(change), {"sql": after})
    conn.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    conn.exec_driver_sql("PRAGMA writable_schema = OFF")


def _rename_outcomes() -> None:
    """To an older version such pages are out of scope."""
    conn = op.get_bind()
    for word in ADDED:
        for table in ("outcomes", "urls"):
            conn.execute(sa.text(_RENAME.format(table=table)), {"word": word})
        counted = sa.text("select run_id, urls from run_counts where outcome = :word")
        for run_id, urls in conn.execute(counted, {"word": word}).all():
            if conn.execute(sa.text(_ADD), {"run": run_id, "urls": urls}).rowcount:
                conn.execute(sa.text(_DROP), {"run": run_id, "word": word})
        conn.execute(sa.text(_RENAME.format(table="run_counts")), {"word": word})
