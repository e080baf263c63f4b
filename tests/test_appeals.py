"""What a site repeats on all of its pages changes: no article gets the old text back."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import select, text

from models.articles.revisions import REVISIONS
from models.db.database import Database
from tests.support.small_site import CALL, html, url_of
from tests.support.stage_run import StageRun

PAGES = range(40)
FIRST = CALL
SECOND = "Read tomorrow's news tonight: have our evening letter sent to your inbox, free of charge."


def bodies(appeal: str) -> dict[str, bytes]:
    """The pages with an appeal in the midst of each."""
    return {url_of(n): html(n).replace(CALL.encode(), appeal.encode()) for n in PAGES}


def run(database: Database, folder: Path, kind: str, appeal: str) -> None:
    url = database.engine.url.render_as_string(hide_password=False)

    async def crawl() -> None:
        opened = await StageRun.begin(url, str(folder), kind)
        for page in await opened.claim(bodies(appeal)):
            await opened.take(page)
        await opened.close_stages()
        await opened.end()

    asyncio.run(crawl())


def asked(database: Database, query: str) -> int:
    with database.reading() as conn:
        return int(conn.execute(text(query)).scalar_one())


def with_text(database: Database, appeal: str) -> int:
    return asked(database, f"select count(*) from v1_articles where text like '%{appeal[-40:]}%'")


@pytest.mark.slow
def test_an_appeal_in_place_of_another_changes_no_article(
    database: Database, tmp_path: Path
) -> None:
    run(database, tmp_path, "discover", FIRST)
    assert asked(database, "select count(*) from v1_articles") == len(PAGES)
    assert with_text(database, FIRST) == 0
    for _ in range(2):
        run(database, tmp_path, "recrawl", SECOND)
        assert (with_text(database, FIRST), with_text(database, SECOND)) == (0, 0)
    with database.reading() as conn:
        changes = set(conn.scalars(select(REVISIONS.c.change)))
    assert "update" not in changes
