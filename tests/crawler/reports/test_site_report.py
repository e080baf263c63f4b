"""What a report says, and from what it is made."""

import pytest
from sqlalchemy import Connection, event

from crawler.reports import site_report as module
from crawler.reports.site_report import DAYS, NEWEST, site_report
from models.clock import utc_now
from models.db.database import Database
from models.errors import UsageError
from tests.support.look_data import SITES


def test_all_sites_have_rows_and_sections(filled: Database) -> None:
    with filled.reading() as conn:
        report = site_report(conn, [], utc_now())
    assert len(report.sites) == len(report.sections) == SITES
    assert report.left_out == 0
    first = report.sections[0]
    assert (first.site.site, len(first.days)) == ("site-1", DAYS)
    assert first.articles[0].title == "Library school 239"
    assert len(first.articles) == NEWEST
    assert all(article.site == "site-1" for article in first.articles)
    assert first.figures["details"]["alarms"]


def test_some_sites_are_named_and_a_wrong_name_is_said(filled: Database) -> None:
    with filled.reading() as conn:
        report = site_report(conn, ["site-2", "site-1"], utc_now())
        assert [site.site for site in report.sites] == ["site-1", "site-2"]
        with pytest.raises(UsageError, match="no site 'site-l'; did you mean 'site-"):
            site_report(conn, ["site-l"], utc_now())


def test_sections_are_of_the_first_sites_alone(
    filled: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SECTIONS", 2)
    with filled.reading() as conn:
        report = site_report(conn, [], utc_now())
    assert (len(report.sections), report.left_out) == (2, SITES - 2)


def test_it_reads_views_alone(filled: Database) -> None:
    seen: list[str] = []

    def note(_conn: Connection, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(filled.engine, "before_cursor_execute", note)
    with filled.reading() as conn:
        site_report(conn, [], utc_now())
    tables = {
        word.split(".")[0].strip("(,)")
        for statement in seen
        for word, before in zip(statement.split()[1:], statement.split(), strict=False)
        if before.upper() in {"FROM", "JOIN"}
    }
    assert {table for table in tables if not table.startswith("v1_")} <= {"SELECT", "anon_1"}
    assert {"v1_articles", "v1_runs", "v1_site_health"} <= tables
