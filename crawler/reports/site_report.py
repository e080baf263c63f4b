"""What a report says of sites: how each does and what it brought lately. From the views alone."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, func, select

from crawler.reports.article_facts import ArticleFacts
from crawler.reports.daily_counts import DayCounts, daily_counts
from crawler.reports.site_list import ListedSite, listed_sites
from models.batches import batched
from models.errors import UsageError
from models.text import nearest
from models.views.article_views import ARTICLES
from models.views.run_views import HEALTH

DAYS: Final = 90
SECTIONS: Final = 200  # sites that have more than a row, those in trouble first
NEWEST: Final = 5  # articles of each
_ARTICLES: Final = ARTICLES.table()
_HEALTH: Final = HEALTH.table()
_FIGURES: Final = (
    "site", "usual_per_day", "empty_share", "usual_empty_share", "median_words",
    "usual_median_words", "details",
)  # fmt: skip
_SOME: Final = 500  # sites a statement


@dataclass(frozen=True, slots=True)
class Section:
    """A site in full."""

    site: ListedSite
    figures: dict[str, Any]  # columns of v1_site_health
    days: list[DayCounts]  # DAYS of them
    articles: list[ArticleFacts]  # the newest


@dataclass(frozen=True, slots=True)
class Report:
    """All sites as rows, the first SECTIONS of them in full."""

    sites: list[ListedSite]
    days: dict[str, list[DayCounts]]  # of each site, DAYS of them
    sections: list[Section]
    at: datetime

    @property
    def left_out(self) -> int:
        """How many sites have a row only."""
        return len(self.sites) - len(self.sections)


def site_report(conn: Connection, names: Sequence[str], now: datetime) -> Report:
    """A report of these sites, or of all. Raises UsageError for one that is not there."""
    sites = listed_sites(conn)
    unknown = next((name for name in names if name not in {site.site for site in sites}), None)
    if unknown is not None:
        near = nearest(unknown, [site.site for site in sites])
        hint = f"; did you mean {near!r}?" if near else ""
        raise UsageError(f"the database has no site {unknown!r}{hint}")
    sites = [site for site in sites if not names or site.site in names]
    days = daily_counts(conn, [site.site for site in sites], DAYS, now)
    return Report(sites, days, _sections(conn, sites[:SECTIONS], days, now), now)


def _sections(
    conn: Connection, sites: list[ListedSite], days: dict[str, list[DayCounts]], now: datetime
) -> list[Section]:
    names = [site.site for site in sites]
    figures, articles = _figures(conn, names), _articles(conn, names, now)
    return [
        Section(site, figures[site.site], days[site.site], articles[site.site])
        for site in sites
        if site.site in figures  # a site that was added since has its row in the next report
    ]


def _figures(conn: Connection, names: list[str]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for some in batched(names, _SOME):
        query = select(*(_HEALTH.c[name] for name in _FIGURES)).where(_HEALTH.c.site.in_(some))
        found |= {row["site"]: dict(row) for row in conn.execute(query).mappings()}
    return found


def _articles(conn: Connection, names: list[str], now: datetime) -> dict[str, list[ArticleFacts]]:
    """The newest articles of each site, of the last DAYS days."""
    found: dict[str, list[ArticleFacts]] = defaultdict(list)
    said = _ARTICLES.c
    for some in batched(names, _SOME):
        place = func.row_number().over(partition_by=said.site, order_by=said.article_id.desc())
        ranked = (
            select(said.article_id, place.label("place"))
            .where(said.site.in_(some), said.first_seen_at >= now - timedelta(days=DAYS))
            .subquery()
        )
        newest = list(conn.scalars(select(ranked.c.article_id).where(ranked.c.place <= NEWEST)))
        query = (
            select(*(said[name] for name in ArticleFacts.__dataclass_fields__))
            .where(said.article_id.in_(newest))
            .order_by(said.article_id.desc())
        )
        for row in conn.execute(query).mappings():
            found[row["site"]].append(ArticleFacts(**row))
    return found
