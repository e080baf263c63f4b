"""The views of runs: outcomes, captures, the health of sites, and workers."""

from textwrap import fill
from typing import Final

from models.outcomes import ERRORS, KEPT, Outcome
from models.views.view import Column, View, columns


def _listed(outcomes: frozenset[Outcome]) -> str:
    return fill(", ".join(f"'{outcome.value}'" for outcome in sorted(outcomes)), 90)


def _sum(name: str, outcomes: frozenset[Outcome] | None) -> str:
    """URLs of a run: of a running one counted now (`n`), else what was counted at its end."""
    these = "" if outcomes is None else f"\n    and c.outcome in (\n{_listed(outcomes)}\n    )"
    kept = f"\n    select sum(c.urls) from run_counts c where c.run_id = r.run_id{these}"  # noqa: S608 - no input
    return f"cast(coalesce(n.{name}, ({kept}), 0) as {{integer}})"


def _counted(name: str, comment: str) -> Column:
    outcomes = _COUNTED[name]
    return Column(name, _sum(name, outcomes), f"{comment}: {', '.join(sorted(outcomes))}")


_OF_URL: Final = (
    Column("site", "s.name", "name of the site's TOML file"),
    Column("article_id", "a.article_id", "of v1_articles: the article of this URL, or null"),
)
_URL_JOINS: Final = (
    "join sites s on s.site_id = u.site_id\n"
    "left join articles a on a.url_id = u.url_id and a.refused_at is null"
)

OUTCOMES: Final = View(
    "v1_outcomes",
    "Exactly one row for each URL that a run touched.",
    (
        *columns("o", ("run_id", "of v1_runs")),
        Column("url", "u.url", "as it was requested"),
        *columns(
            "o",
            ("outcome", "its result, one of: " + ", ".join(Outcome)),
            ("reason", "why, in words"),
            ("http_status", "of the last response, or null"),
            ("at", "UTC"),
        ),
        *_OF_URL,
    ),
    f"from outcomes o\njoin urls u on u.url_id = o.url_id\n{_URL_JOINS}",
)

CAPTURES: Final = View(
    "v1_captures",
    "Every fetched copy of a page, and where it is in the archive.",
    (
        *columns("c", ("capture_id", "of v1_revisions")),
        Column("url", "u.url", "as it was requested"),
        *columns(
            "c",
            ("final_url", "after redirects"),
            ("run_id", "of v1_runs"),
            ("http_status", "of the response"),
            ("fetched_at", "UTC"),
            ("warc_file", "relative to the archive's folder"),
            ("warc_offset", "bytes from the file's start"),
            ("warc_length", "bytes, compressed"),
            ("body_size", "bytes, decompressed"),
            ("truncated", "why it is not whole, and no article; null: it is whole"),
        ),
        *_OF_URL,
        Column(
            "warc_store", "f.store", "address of the object storage that has warc_file; or null"
        ),
        Column(
            "warc_host",
            "case when f.store is null then f.host end",
            "machine whose spool still has warc_file, or null; if both are null, it is local",
        ),
    ),
    f"from captures c\njoin urls u on u.url_id = c.url_id\n{_URL_JOINS}"
    "\nleft join warc_files f on f.warc_file = c.warc_file",
)

_REFUSED: Final = frozenset(Outcome) - KEPT - ERRORS
_UNCHANGED: Final = frozenset({Outcome.UNCHANGED, Outcome.NOT_MODIFIED})
_COUNTED: Final = {
    "stored": frozenset({Outcome.STORED}),
    "revised": frozenset({Outcome.REVISED}),
    "unchanged": _UNCHANGED,
    "refused": _REFUSED,
    "errors": ERRORS,
}
_URLS: Final = _sum("urls", None)
_LIVE: Final = "".join(
    f",\n    sum(case when o.outcome in (\n{_listed(outcomes)}\n    ) then 1 else 0 end) as {name}"
    for name, outcomes in _COUNTED.items()
)
RUNS: Final = View(
    "v1_runs",
    "One row for each run; stored, revised, unchanged, refused and errors add up to urls.",
    (
        *columns(
            "r", ("run_id", "number of the run"), ("kind", "discover, recrawl, reextract, visit")
        ),
        Column("site", "s.name", "name of the site's TOML file; null if the run has many sites"),
        *columns(
            "r",
            ("started_at", "UTC"),
            ("finished_at", "UTC; null while running; the last heartbeat if aborted"),
            ("status", "running, done, failed or aborted (killed, or stopped by a second signal)"),
        ),
        Column("urls", _URLS, "URLs with an outcome in v1_outcomes"),
        _counted("stored", "new articles"),
        _counted("revised", "articles with other text"),
        _counted("unchanged", "known articles without a change"),
        _counted("refused", "pages that were not stored"),
        _counted("errors", "pages that could not be fetched or read"),
        Column(
            "pages_per_second",
            f"case when {{seconds}} > 0 then\n  {_URLS}\n  / {{seconds}} end",
            "urls divided by the duration of the run; null at its very start",
        ),
        *columns("r", ("reason", "why it failed or was aborted; null otherwise")),
    ),
    "from runs r\n"  # noqa: S608 - no input
    "left join sites s on s.site_id = r.site_id\n"
    # each run's counts are looked up by its number: a view that groups all runs would read all
    f"left join (\n  select o.run_id, count(*) as urls{_LIVE}\n"
    "  from runs l join outcomes o on o.run_id = l.run_id\n"
    "  where l.status = 'running' group by o.run_id\n"
    ") n on n.run_id = r.run_id",
)

HEALTH: Final = View(
    "v1_site_health",
    "One row for each site: its newest runs compared with its usual ones.",
    (
        Column("site", "s.name", "name of the site's TOML file"),
        Column(
            "last_run_at",
            "(select r.started_at from runs r where r.run_id =\n"
            "    (select max(l.run_id) from runs l where l.site_id = s.site_id))",
            "UTC: start of the last run",
        ),
        *columns("s", ("next_due_at", "UTC: when `scrapy visit` visits it next")),
        Column(
            "articles",
            "(select count(*) from articles a where a.site_id = s.site_id)",
            "number of stored articles, withdrawn ones included",
        ),
        Column(
            "articles_7d",
            "(select count(*) from articles a where a.site_id = s.site_id\n"
            "    and a.first_seen_at > {week_ago})",
            "of these, new in the last 7 days",
        ),
        *columns(
            "h",
            ("usual_per_day", "new articles on a usual day"),
            ("empty_share", "0 to 1: share of pages without text in the newest runs"),
            ("usual_empty_share", "the same, of the usual runs"),
            ("median_words", "median words of an article in the newest runs"),
            ("usual_median_words", "the same, of the usual runs"),
        ),
        Column("state", "coalesce(h.state, 'ok')", "ok, warn or red"),
        Column(
            "reason",
            "case when h.site_id is null then 'not judged yet' else h.reason end",
            "which alarm, with figures, in under 120 characters; null if there is none",
        ),
        Column(
            "details",
            "h.details",
            "JSON: each alarm in full, with examples, and the commonest refusals; null if none",
        ),
    ),
    "from sites s\nleft join site_health h on h.site_id = s.site_id",
)

WORKERS: Final = View(
    "v1_workers",
    "One row for each worker of a fleet that has not ended.",
    (
        Column("worker", "w.owner", "host, process number and a random part"),
        *columns("w", ("host", "machine that it runs on"), ("version", "its version of Winnow")),
        Column(
            "database_revision", "w.revision", "revision of the database that its version needs"
        ),
        *columns(
            "w",
            ("labels", "JSON list: whose sites it takes, by [fetch] label; '' is those without"),
            ("jobs", "sites at once, at most"),
            ("under_way", "sites that it visits now"),
            ("started_at", "UTC"),
            ("alive_at", "UTC: its last sign of life; more than 2 minutes ago: it hangs or died"),
            ("refused", "why it does no work; null: it works"),
        ),
    ),
    "from fleet_workers w",
)
