"""Monitors check a site after each run, from the database; what is red is printed by name."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from crawler.extensions.run_summary import AT_ONCE, NOT_OF_THE_SITE
from crawler.operations.health_check import check_killed, check_site
from models.crawl import runs
from models.db.database import Database
from models.monitoring.alerts import ALERTS
from tests.factories import NOW, known_site, known_url, make_article, open_run, store_article
from tests.support.desk import Desk, Result, scrapy
from tests.support.site_server import Reply, SiteServer, article, feed

PLACES = ["harbour", "library", "orchard", "railway", "theatre", "market", "museum", "bridge",
          "school", "brewery"]  # fmt: skip
WALL = (
    '<!doctype html><html lang="en"><head><title>Before you continue</title></head><body>'
    "<main><h1>We value your privacy</h1><p>We and our 1,024 partners store and access "
    "information on your device, such as cookies, and process personal data. You can accept all "
    "cookies, or manage your preferences and reject those that are not necessary.</p>"
    "<button>Accept all cookies</button> <button>Manage preferences</button></main></body></html>"
)


@dataclass(frozen=True, slots=True)
class Town:
    desk: Desk
    site: SiteServer


def story(place: str) -> str:
    return article(
        f"The {place} opens again",
        [
            f"The {place} will open again in the first week of June, eleven years after it closed.",
            f"The board of the {place} has paid for a new roof and for a kitchen that was missing.",
            f"Islanders pay half of what visitors pay at the {place}, which some thought unfair.",
            f"The {place} expects to lose money until the third summer and has put some aside.",
        ],
    )


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A site of ten stories, discovered once."""
    desk = Desk(tmp_path_factory.mktemp("watch"))
    desk.upgrade()
    with SiteServer() as site:
        urls = [site.page(f"/{place}", story(place)) for place in PLACES]
        rss = feed([(url, url.rpartition("/")[2]) for url in urls])
        site.pages["/rss"] = Reply(rss.encode(), content_type="application/rss+xml")
        desk.write_site("town", site.url + "/", f'[sources]\nfeeds = ["{site.url}/rss"]')
        desk.crawl("town")
        yield Town(desk, site)


def health(desk: Desk, *words: str) -> Result:
    return scrapy(f"sqlite:///{desk.folder}/winnow.db", "health", *words)


def state(desk: Desk) -> tuple[str, str]:
    (row,) = desk.rows("SELECT state, reason FROM v1_site_health")
    return row["state"], row["reason"] or ""


def test_a_new_site_is_not_checked_before_it_has_a_history(town: Town) -> None:
    assert state(town.desk) == ("ok", "not judged yet: too few pages to know what is usual")


def test_a_wall_on_every_page_is_red_and_changes_no_article(town: Town) -> None:
    desk = town.desk
    texts = desk.rows("SELECT url, text, revision, content_hash FROM v1_articles ORDER BY url")
    last = desk.rows("SELECT max(change_id) AS last FROM v1_changes")
    for place in PLACES:
        town.site.page(f"/{place}", WALL)
    done = desk.type("crawl", "recrawl", "-a", "site=town", code=3)
    assert {outcome for outcome, _ in desk.outcomes("recrawl").values()} == {"blocked"}
    assert texts == desk.rows(
        "SELECT url, text, revision, content_hash FROM v1_articles ORDER BY url"
    )
    assert desk.rows("SELECT max(change_id) AS last FROM v1_changes") == last
    line = "100% of 10 pages refused; usual: 0%, mostly blocked, since run 2"
    assert f"town is red: {line}; type: scrapy health town\n" in done.err
    assert done.err.count("\n") == 1
    assert state(desk) == ("red", line)
    said = health(desk)
    assert (said.code, said.out.splitlines()[1].split()[:2]) == (3, ["town", "red"])
    in_full = health(desk, "town").out.splitlines()[2:]
    assert in_full[0] == "red: 100% of 10 pages refused; usual: 0%, since run 2"
    assert in_full[1].startswith(f"  {town.site.url}/")
    assert any(line.startswith("  10 blocked (") for line in in_full)
    assert in_full[-1] == f"  feed {town.site.url}/rss: 10 links, read {in_full[-1][-23:]}"
    (told,) = json.loads(health(desk, "town", "--json").out)
    assert told["details"]["alarms"][0]["monitor"] == "refused_share"
    assert told["details"]["refusals"][0]["urls"] == 10
    assert told["sources"][0]["links"] == 10


def test_an_alarm_is_noted_once_and_keeps_the_run_that_it_began_with(town: Town) -> None:
    town.desk.type("crawl", "recrawl", "-a", "site=town", code=3)
    assert "since run 2" in state(town.desk)[1]
    events = town.desk.rows("SELECT kind FROM site_events WHERE kind = 'health'")
    assert len(events) == 1


def test_what_is_accepted_is_usual_from_then_on(town: Town) -> None:
    assert health(town.desk, "town", "--accept").code == 0
    assert state(town.desk)[0] == "ok"


def test_a_site_that_nobody_ran_is_misuse(town: Town) -> None:
    said = health(town.desk, "twon")
    assert (said.code, said.err.count("\n")) == (2, 1) and "'twon'" in said.err
    assert health(town.desk, "--accept").code == 2


def test_an_empty_database_says_what_to_type(sqlite_url: str) -> None:
    assert "scrapy sites add" in scrapy(sqlite_url, "health").out


def test_pages_that_came_the_next_time_are_no_alarm(town: Town) -> None:
    """Each counts once, by its last outcome."""
    desk = town.desk
    desk.type("health", "town", "--accept")
    for place in PLACES:
        town.site.page(f"/{place}", story(place))
    desk.crawl("town", "recrawl")
    for place in PLACES[:4]:
        town.site.pages[f"/{place}"] = Reply(b"", 500)
    some = f"match=/({'|'.join(PLACES[:4])})$"
    desk.type("crawl", "recrawl", "-a", "site=town", "-a", some, code=1)
    for place in PLACES[:4]:
        town.site.page(f"/{place}", story(place))
    done = desk.type("crawl", "recrawl", "-a", "site=town", "-a", some)
    assert "red" not in done.err
    assert state(desk)[0] == "ok"


def test_a_site_that_never_worked_is_red_with_its_reason_above_all_others(town: Town) -> None:
    desk = town.desk
    desk.write_site("aa-never", town.site.url + "/", f'[sources]\nfeeds = ["{town.site.url}/no"]')
    for code in (1, 1, 3):
        done = desk.crawl("aa-never", code=code)
    line = (
        "never worked: 3 of 3 runs failed, last: no source could be read:"
        f" {town.site.url}/no: HTTP 404, since run"
    )
    assert f"aa-never is red: {line}" in " ".join(done.err.split())
    said = health(desk)
    assert (said.code, said.out.splitlines()[1].split()[:2]) == (3, ["aa-never", "red"])
    assert all(len(r["reason"] or "") < 120 for r in desk.rows("SELECT reason FROM v1_site_health"))
    in_full = health(desk, "aa-never").out
    assert f"feed {town.site.url}/no: failed 3 times in a row: HTTP 404" in in_full
    assert desk.rows("SELECT state FROM v1_site_health WHERE site = 'town'") == [{"state": "ok"}]


def test_a_young_site_of_which_most_is_refused_is_not_well(town: Town) -> None:
    desk, names = town.desk, [f"wall-{n}" for n in range(24)]
    urls = [town.site.page(f"/{name}", WALL) for name in names]
    urls.append(town.site.page("/windmill", story("windmill")))
    rss = feed([(url, url.rpartition("/")[2]) for url in urls])
    town.site.pages["/walled"] = Reply(rss.encode(), content_type="application/rss+xml")
    desk.write_site("walled", town.site.url + "/", f'[sources]\nfeeds = ["{town.site.url}/walled"]')
    done = desk.crawl("walled", code=3)
    assert (
        "walled is red: 96% of 25 pages brought no article: 24 refused, mostly blocked" in done.err
    )
    assert health(desk, "walled", "--accept").code == 0


def test_a_site_without_a_file_is_left_out_and_named(town: Town) -> None:
    desk = town.desk
    desk.write_site("gone", town.site.url + "/", f'[sources]\nfeeds = ["{town.site.url}/no"]')
    for code in (1, 1, 3):
        desk.crawl("gone", code=code)
    for name in ("gone", "aa-never"):
        (desk.sites / f"{name}.toml").unlink(missing_ok=True)
    said = desk.here("health")
    assert said.code == 0
    assert {line.split()[0] for line in said.out.splitlines()[1:-1]} <= {"town", "walled"}
    assert "left out, no TOML file names them any more: " in said.out.splitlines()[-1]
    assert "gone" in said.out.splitlines()[-1]
    asked = desk.here("health", "gone")
    assert asked.code == 3 and "(no TOML file: not visited) never worked" in asked.out
    files = {row["site"]: row["has_toml"] for row in json.loads(desk.here("health", "--json").out)}
    assert files["town"] is True and files["gone"] is False


def test_a_site_whose_runs_are_killed_in_a_row_is_red_though_none_of_them_could_say(
    database: Database, tmp_path: Path
) -> None:
    with database.transaction() as conn:
        site_id, well = known_site(conn), known_site(conn, "well")
        store_article(conn, site_id, make_article(url_id=known_url(conn, site_id)))
        runs.close_run(conn, open_run(conn, well), "done", None, NOW)
        killed = [open_run(conn, site_id) for _ in range(3)]
        for run_id in killed:
            runs.close_run(conn, run_id, "aborted", "killed", NOW)
        file = tmp_path / "example.toml"
        file.write_text('enabled = false\nstart = "https://example.test/"\n')
        assert check_killed(conn, NOW, tmp_path) == {}, "a disabled site alarms nobody"
        assert conn.execute(select(ALERTS)).all() == []
        file.write_text('start = "https://example.test/"\n')
        found = check_killed(conn, NOW, tmp_path)
        assert {name: said.state for name, said in found.items()} == {"example": "red"}
        since = f"since run {killed[0]}"
        assert found["example"].reason == f"the last 3 runs failed, last: killed, {since}"
        assert len(conn.execute(select(ALERTS)).all()) == 1
        assert check_killed(conn, NOW, tmp_path) == {}


@pytest.mark.parametrize(
    ("status", "reason"), [("aborted", AT_ONCE), *(("failed", said) for said in NOT_OF_THE_SITE)]
)
def test_runs_that_were_stopped_say_nothing_of_the_site(
    sqlite: Database, status: str, reason: str
) -> None:
    with sqlite.transaction() as conn:
        site_id = known_site(conn)
        for _ in range(4):
            runs.close_run(conn, open_run(conn, site_id), status, reason, NOW)
        assert check_site(conn, site_id, NOW).state == "ok"
