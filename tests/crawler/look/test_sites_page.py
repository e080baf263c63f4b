"""The list of sites."""

import re

from crawler.look.sites_page import ROWS
from models.db.database import Database
from tests.factories import known_site
from tests.support.look_data import SITES
from tests.support.look_server import LookServer


def listed(text: str) -> list[str]:
    return re.findall(r'<a href="/site/([^"]+)">', text)


def test_each_site_has_a_row_with_its_figures(filled: LookServer) -> None:
    text = filled.get("/").text
    assert sorted(listed(text)) == [f"site-{n}" for n in range(1, SITES + 1)]
    assert f"<strong>{SITES}</strong> sites" in text
    assert re.search(r"last 30 days: [1-9]\d* stored, [1-9]\d* refused, [1-9]\d* failed", text)
    assert listed(text)[0] == "site-1"  # the one that is not well
    assert "no new article for 3 days" in text


def test_the_list_is_filtered_by_name_and_by_reason(filled: LookServer) -> None:
    assert listed(filled.get("/?q=SITE-4").text) == ["site-4"]
    assert listed(filled.get("/?q=no+new+article").text) == ["site-1"]
    none = filled.get("/?q=%3Ci%3E").text
    assert listed(none) == []
    assert "No site has “&lt;i&gt;” in its name or reason" in none


def test_many_sites_are_paged_with_the_filter_kept(empty: LookServer) -> None:
    database = Database.open(empty.look.settings["WINNOW_DATABASE_URL"])
    with database.transaction() as conn:
        for n in range(ROWS + 3):
            known_site(conn, f"paper-{n:03}")
    database.close()
    first, second = empty.get("/?q=paper").text, empty.get("/?q=paper&page=2").text
    assert len(listed(first)) == ROWS
    assert 'href="?q=paper&amp;page=2"' in first
    assert listed(second) == [f"paper-{n:03}" for n in range(ROWS, ROWS + 3)]
    assert 'href="?q=paper&amp;page=1"' in second
    assert "Next" not in second.partition('aria-label="Pages"')[2]


def test_files_and_runs_are_compared(empty: LookServer) -> None:
    database = Database.open(empty.look.settings["WINNOW_DATABASE_URL"])
    with database.transaction() as conn:
        for name in ("visited", "gone"):
            known_site(conn, name)
    database.close()
    assert "not visited)" not in empty.get("/").text  # no file: another machine has them
    empty.look.sites_dir.mkdir()
    for name in ("visited", "fresh"):
        (empty.look.sites_dir / f"{name}.toml").touch()
    text = empty.get("/").text
    assert "No run has seen these yet: fresh." in text
    rows = {listed(row)[0]: row for row in text.split("<tr>") if listed(row)}
    assert "(no TOML file: not visited)" in rows["gone"]
    assert "(no TOML file: not visited)" not in rows["visited"]


def test_a_site_that_is_disabled_says_so_in_the_list_and_on_its_page(empty: LookServer) -> None:
    database = Database.open(empty.look.settings["WINNOW_DATABASE_URL"])
    with database.transaction() as conn:
        for name in ("on", "off"):
            known_site(conn, name)
    database.close()
    empty.look.sites_dir.mkdir()
    (empty.look.sites_dir / "on.toml").write_text('start = "https://on.example/"\n')
    (empty.look.sites_dir / "off.toml").write_text(
        'enabled = false\nstart = "https://off.example/"\n'
    )
    rows = {listed(row)[0]: row for row in empty.get("/").text.split("<tr>") if listed(row)}
    assert '<span class="state disabled">' in rows["off"]
    assert "disabled" not in rows["on"]
    assert "nothing is fetched" in empty.get("/site/off").text
    assert "nothing is fetched" not in empty.get("/site/on").text


def test_a_red_site_that_is_disabled_is_not_counted_as_red(filled: LookServer) -> None:
    def shown() -> dict[str, int]:
        totals = re.search(r'<p class="totals">.*?</p>', filled.get("/").text, re.DOTALL)
        assert totals
        found = re.findall(r'class="state (\w+)">\w+</span> (\d+)', totals[0])
        return {state: int(number) for state, number in found}

    before = shown()
    assert "disabled" not in before and before["red"] + before["warn"] == 1
    filled.look.sites_dir.mkdir(exist_ok=True)
    file = filled.look.sites_dir / "site-1.toml"
    file.write_text('enabled = false\nstart = "https://one.example/"\n')
    try:
        assert shown() == {"red": 0, "warn": 0, "ok": SITES - 1, "disabled": 1}
        assert listed(filled.get("/").text)[-1] == "site-1"
    finally:
        file.unlink()
