"""How each site does, compared with what is usual for it, as people and programs read it."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection, select

from crawler.reports.text_tables import format_time
from models.errors import UsageError
from models.views.run_views import HEALTH

_ORDER: Final = {"red": 0, "warn": 1, "ok": 2}


def sites_health(conn: Connection, name: str | None) -> list[dict[str, Any]]:
    """Rows of v1_site_health, red ones first. Raises UsageError for a site without a run."""
    view = HEALTH.table()
    query = select(view) if name is None else select(view).where(view.c.site == name)
    rows = [dict(row) for row in conn.execute(query).mappings()]
    if name is not None and not rows:
        raise no_run_of(name)
    return sorted(rows, key=lambda row: (_ORDER[row["state"]], row["site"]))


def no_run_of(name: str) -> UsageError:
    """The error for a site that the database does not know."""
    return UsageError(f"no run of a site {name!r} yet; `scrapy health` lists all")


def table_row(row: Mapping[str, Any]) -> dict[str, str]:
    """One site as a row of the table that people read."""
    return {
        "site": row["site"],
        "state": row["state"],
        "last run (UTC)": format_time(row["last_run_at"]),
        "due (UTC)": format_time(row["next_due_at"]),
        "articles": str(row["articles"]),
        "7 days": str(row["articles_7d"]),
        "a day": "" if row["usual_per_day"] is None else f"{row['usual_per_day']:.1f}",
        "empty": _compared(row["empty_share"], row["usual_empty_share"], "{:.0%}"),
        "words": _compared(row["median_words"], row["usual_median_words"], "{:.0f}"),
        "reason": row["reason"] or "",
    }


def _compared(now: float | None, usual: float | None, form: str) -> str:
    """'12% (usual 3%)', as far as it is known."""
    if now is None:
        return ""
    return form.format(now) + ("" if usual is None else f" (usual {form.format(usual)})")
