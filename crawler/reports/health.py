"""How each site does, compared with what is usual for it, as people and programs read it."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Connection, select

from crawler.reports.colors import state
from crawler.reports.text_tables import format_time
from models.errors import UsageError
from models.sites import registry
from models.sites.sources import list_sources
from models.views.run_views import HEALTH

_ORDER: Final = {"red": 0, "warn": 1, "ok": 2}
_SOURCE: Final = ("kind", "url", "read_at", "links", "failures", "error")


def sites_health(conn: Connection, name: str | None) -> list[dict[str, Any]]:
    """Rows of v1_site_health, red ones first, of these those of sites that never worked.

    Raises UsageError for a site without a run.
    """
    view = HEALTH.table()
    query = select(view) if name is None else select(view).where(view.c.site == name)
    rows = [dict(row) for row in conn.execute(query).mappings()]
    if name is not None and not rows:
        raise no_run_of(name)
    return sorted(rows, key=lambda row: (_ORDER[row["state"]], not _never_worked(row), row["site"]))


def sources_of(conn: Connection, name: str) -> list[dict[str, Any]]:
    """How the sources of a site do: `kind`, `url`, `read_at`, `links`, `failures`, `error`."""
    numbers = {known: site_id for site_id, known in registry.names(conn).items()}
    found = list_sources(conn, numbers[name]) if name in numbers else []
    return [{key: getattr(source, key) for key in _SOURCE} for source in found]


def site_lines(row: Mapping[str, Any], *, colours: bool = False) -> Iterator[str]:
    """What the table has no room for: alarms in full, refusals, and `sources` of a site's row."""
    details = row["details"] or {}
    for alarm in details.get("alarms", ()):
        since = f", since run {alarm['since_run']}" if alarm["since_run"] else ""
        word = state(alarm["state"]) if colours else alarm["state"]
        yield f"{word}: {alarm['reason']}{since}"
        yield from (f"  {url}" for url in alarm["examples"])
    if details.get("refusals"):
        yield "most frequent in its newest runs, besides articles:"
    for found in details.get("refusals", ()):
        reason = f" ({found['reason']})" if found["reason"] else ""
        yield f"  {found['urls']} {found['outcome']}{reason}, as {found['example']}"
    yield "sources:" if row["sources"] else "sources: none known yet"
    yield from (f"  {_source(source)}" for source in row["sources"])


def _source(source: Mapping[str, Any]) -> str:
    if source["error"]:
        times = source["failures"]
        how = f"failed {'once' if times == 1 else f'{times} times in a row'}: {source['error']}"
    else:
        read = format_time(source["read_at"])
        how = f"{source['links']} links, read {read} UTC" if read else "not read yet"
    return f"{source['kind']} {source['url']}: {how}"


def _never_worked(row: Mapping[str, Any]) -> bool:
    alarms = (row["details"] or {}).get("alarms", ())
    return any(alarm["monitor"] == "never_worked" for alarm in alarms)


def no_run_of(name: str) -> UsageError:
    """The error for a site that the database does not know."""
    return UsageError(f"no run of a site {name!r} yet; `scrapy health` lists all")


def table_row(row: Mapping[str, Any]) -> dict[str, str]:
    """One site as a row of the table that people read."""
    return {
        "site": row["site"],
        "state": "disabled" if row["disabled"] else row["state"],
        "last run (UTC)": format_time(row["last_run_at"]),
        "due (UTC)": format_time(row["next_due_at"]),
        "articles": str(row["articles"]),
        "7 days": str(row["articles_7d"]),
        "a day": "" if row["usual_per_day"] is None else f"{row['usual_per_day']:.1f}",
        "empty": _compared(row["empty_share"], row["usual_empty_share"], "{:.0%}"),
        "words": _compared(row["median_words"], row["usual_median_words"], "{:.0f}"),
        "reason": ("" if row["has_toml"] else "(no TOML file: not visited) ")
        + (row["reason"] or ""),
    }


def _compared(now: float | None, usual: float | None, form: str) -> str:
    """'12% (usual 3%)', as far as it is known."""
    if now is None:
        return ""
    return form.format(now) + ("" if usual is None else f" (usual {form.format(usual)})")
