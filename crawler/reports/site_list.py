"""The sites as a list: how each does, the ones in trouble first. From the views alone."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, case, func, or_, select, true

from models.views.run_views import HEALTH

_VIEW: Final = HEALTH.table()
_SHOWN: Final = (
    "site", "state", "reason", "articles", "articles_7d", "last_run_at", "next_due_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ListedSite:
    """One site of the list."""

    site: str
    state: str  # ok | warn | red
    reason: str | None  # which alarm
    articles: int
    articles_7d: int
    last_run_at: datetime | None
    next_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Totals:
    """How many sites there are in each state."""

    red: int
    warn: int
    ok: int
    disabled: int = 0  # whatever state their last run left

    @property
    def sites(self) -> int:
        """All of them."""
        return self.red + self.warn + self.ok + self.disabled


def totals(conn: Connection, text: str = "", disabled: Collection[str] = ()) -> Totals:
    """Sites by state, of those that have `text` in their name or reason.

    `disabled`: names of sites that nobody visits, so that their state is nobody's concern.
    """
    state = case((_is_one_of(disabled), "disabled"), else_=_VIEW.c.state).label("state")
    each = select(state).where(_has(text)).subquery()
    counted = select(each.c.state, func.count()).group_by(each.c.state)
    by_state = {state: int(sites) for state, sites in conn.execute(counted)}
    return Totals(*(by_state.get(state, 0) for state in ("red", "warn", "ok", "disabled")))


def listed_sites(
    conn: Connection,
    text: str = "",
    *,
    limit: int | None = None,
    offset: int = 0,
    disabled: Collection[str] = (),
) -> list[ListedSite]:
    """Sites that have `text` in their name or reason: red, warn, ok, the last visited first.

    Those that are `disabled` come last.

    The articles of those alone that are returned are counted.
    """
    trouble = case(
        (_is_one_of(disabled), 3), (_VIEW.c.state == "red", 0), (_VIEW.c.state == "warn", 1),
        else_=2,
    )  # fmt: skip
    never = case((_VIEW.c.last_run_at.is_(None), 1), else_=0)
    chosen = (
        select(_VIEW.c.site)
        .where(_has(text))
        .order_by(trouble, never, _VIEW.c.last_run_at.desc(), _VIEW.c.site)
        .limit(limit)
        .offset(offset or None)
    )
    names = list(conn.scalars(chosen))
    rows = {row.site: row for row in _rows(conn, None if limit is None else names)}
    return [rows[name] for name in names if name in rows]


def listed_site(conn: Connection, name: str) -> ListedSite | None:
    """One site by its name; None if the database does not know it."""
    return next(iter(_rows(conn, [name])), None)


def _rows(conn: Connection, names: list[str] | None) -> list[ListedSite]:
    query = select(*(_VIEW.c[name] for name in _SHOWN))
    if names is not None:
        query = query.where(_VIEW.c.site.in_(names))
    return [ListedSite(**_plain(row)) for row in conn.execute(query).mappings()]


def _plain(row: Any) -> dict[str, Any]:
    return {**row, "articles": int(row["articles"]), "articles_7d": int(row["articles_7d"])}


def _is_one_of(names: Collection[str]) -> ColumnElement[bool]:
    return _VIEW.c.site.in_(sorted(names))


def _has(text: str) -> ColumnElement[bool]:
    low = text.strip().lower()
    if not low:
        return true()
    return or_(
        func.lower(_VIEW.c.site).contains(low, autoescape=True),
        func.lower(_VIEW.c.reason).contains(low, autoescape=True),
    )
