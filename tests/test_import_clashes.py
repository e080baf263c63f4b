"""What an import meets that others wrote: files, stored articles, cells for a spreadsheet."""

from collections.abc import Callable
from pathlib import Path

import pytest

from models.db.database import Database
from models.sites.config import load_all
from tests.factories import known_site
from tests.support.desk import Desk
from tests.support.giving_lists import failed, give
from tests.support.press_town import PressTown
from tests.support.site_server import Answer, Asked


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, f"sqlite:///{tmp_path}/none.db")


def test_a_file_that_comes_up_meanwhile_costs_that_line_only(town: PressTown, desk: Desk) -> None:
    papers = [town.paper(name) for name in ("one", "two", "three")]

    fronts = [paper.pages["/"] for paper in papers]

    def shown(number: int, name: str, start: str) -> Callable[[Asked], Answer]:
        def answer(_asked: Asked) -> Answer:
            desk.write_site(name, start)
            return fronts[number]

        return answer

    papers[0].pages["/"] = shown(0, "named", "http://127.0.0.1:9/")
    papers[1].pages["/"] = shown(1, "theirs", f"{papers[1].url}/")
    names = ("named", "theirs", "")
    lines = "".join(f"{paper.url},{n}\n" for paper, n in zip(papers, names, strict=True))
    done = give(desk, f"url,name\n{lines}", code=1)
    [row] = failed(done)  # found when it is written, or before, when another line was
    assert row["name"] == "named"
    assert "named.toml is there already" in row["reason"] or (
        row["reason"] == "there is a site 'named' already, another one; change the name"
    )
    assert "imported 1, known 1, failed 1" in done.err


def test_what_a_spreadsheet_would_run_is_quoted(desk: Desk) -> None:
    done = give(desk, 'url,title\nx.invalid,"=HYPERLINK(1)"\n', code=1)
    assert done.out.splitlines()[1].endswith(",'=HYPERLINK(1)")
    assert failed(done)[0]["title"] == "'=HYPERLINK(1)"


def test_a_name_of_another_site_s_articles_fails_that_line_only(
    town: PressTown, desk: Desk, sqlite: Database
) -> None:
    with sqlite.transaction() as conn:
        known_site(conn, "old")
    one, other = town.paper("one"), town.paper("other")
    stored = Desk(desk.folder, sqlite.engine.url.render_as_string())
    done = give(stored, f"url,name\n{one.url},old\n{other.url},new\n", code=1)
    assert failed(done)[0]["reason"].startswith(
        "the database has articles of another site 'old', https://old.test/ ("
    )
    assert [site.name for site in load_all(desk.sites)[0]] == ["new"]


def test_a_name_of_another_site_s_articles_is_refused_by_add(
    town: PressTown, desk: Desk, sqlite: Database
) -> None:
    with sqlite.transaction() as conn:
        known_site(conn, "old")
    stored = Desk(desk.folder, sqlite.engine.url.render_as_string())
    words = ("sites", "add", town.paper("one").url, "--private", "--name", "old")
    said = stored.type(*words, code=2, DOWNLOAD_DELAY=0)
    assert "the database has articles of another site 'old', https://old.test/" in said.err
    assert "(to take them out: scrapy sites remove old --articles); give another --name" in said.err
    assert not list(desk.sites.glob("*"))
