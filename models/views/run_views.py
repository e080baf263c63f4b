"""The views of the work: runs, the outcome of each URL, and how each site does."""

from textwrap import fill
from typing import Final

from models.outcomes import ERRORS, KEPT, Outcome
from models.views.view import Column, View, columns


def _counted(name: str, outcomes: frozenset[Outcome], comment: str) -> Column:
    listed = fill(", ".join(f"'{outcome.value}'" for outcome in sorted(outcomes)), 90)
    return Column(
        name,
        f"cast(coalesce(sum(case when n.outcome in (\n{listed}\n  ) then n.urls end), 0)"
        " as {integer})",
        f"{comment}: {', '.join(sorted(outcomes))}",
    )


OUTCOMES: Final = View(
    "v1_outcomes",
    "Exactly one row for each URL that a run touched.",
    (
        *columns("o", ("run_id", "of v1_runs")),
        Column("url", "u.url", "as it was asked for"),
        *columns(
            "o",
            ("outcome", "what came of it, one of: " + ", ".join(Outcome)),
            ("reason", "why, in words"),
            ("http_status", "of the last response, or null"),
            ("at", "UTC"),
        ),
    ),
    "from outcomes o\njoin urls u on u.url_id = o.url_id",
)

CAPTURES: Final = View(
    "v1_captures",
    "Every fetched copy of a page, and where it lies in the archive.",
    (
        *columns("c", ("capture_id", "of v1_revisions")),
        Column("url", "u.url", "as it was asked for"),
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
        ),
    ),
    "from captures c\njoin urls u on u.url_id = c.url_id",
)

_REFUSED: Final = frozenset(Outcome) - KEPT - ERRORS
_UNCHANGED: Final = frozenset({Outcome.UNCHANGED, Outcome.NOT_MODIFIED})
_URLS: Final = "cast(coalesce(sum(n.urls), 0) as {integer})"
RUNS: Final = View(
    "v1_runs",
    "One row a run; stored, revised, unchanged, refused and errors add up to urls.",
    (
        *columns("r", ("run_id", "names the run"), ("kind", "discover, recrawl, reextract, visit")),
        Column("site", "s.name", "name of the site's TOML file; null where a run has many sites"),
        *columns(
            "r",
            ("started_at", "UTC"),
            ("finished_at", "UTC; null while running, the last sign of life if aborted"),
            ("status", "running, done, failed or aborted (killed: seen by the run after it)"),
        ),
        Column("urls", _URLS, "URLs with an outcome in v1_outcomes"),
        _counted("stored", frozenset({Outcome.STORED}), "new articles"),
        _counted("revised", frozenset({Outcome.REVISED}), "articles with other text"),
        _counted("unchanged", _UNCHANGED, "known articles as they were"),
        _counted("refused", _REFUSED, "pages that are no article of ours"),
        _counted("errors", ERRORS, "pages that could not be had or read"),
        Column(
            "pages_per_second",
            "case when {seconds} > 0 then coalesce(sum(n.urls), 0) / {seconds} end",
            "urls over the run's time; null at its very start",
        ),
        *columns("r", ("reason", "why it failed or was aborted; null where it did not")),
    ),
    "from runs r\n"
    "left join sites s on s.site_id = r.site_id\n"
    "left join (\n"
    "  select run_id, outcome, urls from run_counts\n"
    "  union all\n"
    "  select o.run_id, o.outcome, count(*) from outcomes o\n"
    "  join runs l on l.run_id = o.run_id and l.status = 'running'\n"
    "  group by o.run_id, o.outcome\n"
    ") n on n.run_id = r.run_id\n"
    "group by r.run_id, r.kind, s.name, r.started_at, r.finished_at, r.alive_at, r.status,\n"
    "  r.reason",
)

HEALTH: Final = View(
    "v1_site_health",
    "One row a site: how it does, held against what is usual for it.",
    (
        Column("site", "s.name", "name of the site's TOML file"),
        Column(
            "last_run_at",
            "(select r.started_at from runs r where r.run_id =\n"
            "    (select max(l.run_id) from runs l where l.site_id = s.site_id))",
            "UTC: start of the last run",
        ),
        *columns("s", ("next_due_at", "UTC: when `scrapy visit` looks again")),
        Column(
            "articles",
            "(select count(*) from articles a where a.site_id = s.site_id)",
            "articles stored, withdrawn ones too",
        ),
        Column(
            "articles_7d",
            "(select count(*) from articles a where a.site_id = s.site_id\n"
            "    and a.first_seen_at > {week_ago})",
            "of them new in the last 7 days",
        ),
        *columns(
            "h",
            ("usual_per_day", "new articles on a usual day"),
            ("empty_share", "0 to 1: pages of the last run that gave no text"),
            ("usual_empty_share", "the same, of the runs before it"),
            ("median_words", "words of the middle article of the last run"),
            ("usual_median_words", "the same, of the runs before it"),
        ),
        Column("state", "coalesce(h.state, 'ok')", "ok, warn or red"),
        Column(
            "reason",
            "case when h.site_id is null then 'not judged yet' else h.reason end",
            "what is the matter; null where nothing is",
        ),
    ),
    "from sites s\nleft join site_health h on h.site_id = s.site_id",
)
