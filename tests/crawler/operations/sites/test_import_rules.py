"""scrapy sites import-rules, as typed: what is written, what is left out, and nothing else."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from crawler.operations.command import EXIT_FAILED, EXIT_OK, EXIT_USAGE
from models.sites.config import load_site
from tests.support.desk import Desk
from tests.support.site_server import SiteServer, feed

RULES = """# The Paper
title: //h1[@class='headline']
body: //article[contains(concat(' ',normalize-space(@class),' '),' story ')]
body: //div[@id='text']
strip: //aside
strip: //p[contains(., "it's")]
strip_id_or_class: share
strip: //div[count(p) > 3]
"""
BODY = ["article.story", "div#text"]
REMOVE = ["aside", "p:contains('it\\'s')", "[class*='share'], [id*='share']"]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path, f"sqlite:///{tmp_path}/none.db")
    made.write_site("paper", "https://www.paper.example/")
    (tmp_path / "rules").mkdir()
    return made


def rules(desk: Desk, name: str = "paper.example.txt", text: str | bytes = RULES) -> str:
    path = desk.folder / "rules" / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def extraction(desk: Desk, name: str = "paper") -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads((desk.sites / f"{name}.toml").read_text("utf-8"))
    return dict(found.get("extraction", {}))


def lines(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def test_rules_are_written_with_their_lines_and_the_second_time_nothing(desk: Desk) -> None:
    path = desk.sites / "paper.toml"
    path.write_text(f"# ours\n{path.read_text()}\n[schedule]  # hourly\nevery = '1h'\n")
    before = path.read_text()
    said = desk.here("sites", "import-rules", rules(desk))
    assert said.code == EXIT_OK
    assert extraction(desk) == {"body": BODY, "remove": REMOVE}
    text = path.read_text()
    assert text.startswith(before)
    assert '    "div#text", # from ftr-site-config paper.example.txt, line 4\n' in text
    assert load_site(desk.sites, "paper").extraction.body == tuple(BODY)
    assert f"5 of 7 directives carried over; body 2, remove 3 written to {path}" in said.out
    assert "  line 2 left out: title: //h1[@class='headline']\n    Winnow reads" in said.out
    assert "  line 8 left out: strip: //div[count(p) > 3]\n" in said.out
    assert said.out.endswith("scrapy crawl reextract -a site=paper -a dry_run=1\n")
    assert said.err == (
        "scrapy sites: written 1, unchanged 0, failed 0; 5 of 7 directives carried over\n"
    )
    again = desk.here("sites", "import-rules", rules(desk))
    assert (again.code, path.read_text()) == (EXIT_OK, text)
    assert "directives carried over; unchanged\n" in again.out
    assert "next" not in again.out


def test_a_dry_run_shows_the_lines_and_writes_none(desk: Desk) -> None:
    path = desk.sites / "paper.toml"
    before = path.read_text()
    said = desk.here("sites", "import-rules", rules(desk), "--dry-run")
    assert (said.code, path.read_text()) == (EXIT_OK, before)
    assert f"body 2, remove 3 would be written to {path}" in said.out
    assert '  +    "aside", # from ftr-site-config paper.example.txt, line 5\n' in said.out
    assert "would be written 1, " in said.err


def test_keys_that_are_there_stay_unless_forced(desk: Desk) -> None:
    path = desk.write_site(
        "paper", "https://paper.example/", "[extraction]\nbody = ['main'] # mine\nkeep = ['.k']\n"
    )
    said = desk.here("sites", "import-rules", rules(desk))
    assert extraction(desk) == {"body": ["main"], "keep": [".k"], "remove": REMOVE}
    assert "body has other selectors, which stay (--force replaces them)" in said.out
    assert "body = ['main'] # mine\n" in path.read_text()
    again = desk.here("sites", "import-rules", rules(desk), "--json")
    [told] = lines(again.out)
    assert (again.code, told["outcome"], told["kept"]) == (EXIT_OK, "kept", ["body"])
    desk.here("sites", "import-rules", rules(desk), "--force")
    assert extraction(desk) == {"body": BODY, "keep": [".k"], "remove": REMOVE}


def test_a_file_for_no_site_costs_the_others_nothing(desk: Desk) -> None:
    rules(desk)
    rules(desk, "other.example.txt")
    rules(desk, ".blogs.example.txt")
    rules(desk, "global.txt")
    rules(desk, "README.md", "not of rules")
    said = desk.here("sites", "import-rules", str(desk.folder / "rules"))
    assert (said.code, extraction(desk)["body"]) == (EXIT_OK, BODY)
    told = said.err.splitlines()
    assert "no site's host" in told[0] and "--site NAME" in told[0]
    assert told[1].endswith(
        "below blogs.example; type: scrapy sites add https://NAME.blogs.example/"
    )
    assert told[2].endswith("the host other.example; type: scrapy sites add https://other.example/")
    assert told[3].startswith("scrapy sites: written 1, unchanged 0, no site 3, failed 0;")
    named = desk.here("sites", "import-rules", rules(desk, "other.example.txt"), rules(desk))
    assert named.code == EXIT_FAILED
    assert "unchanged 1, no site 1" in named.err


def test_a_site_may_be_named(desk: Desk) -> None:
    said = desk.here("sites", "import-rules", rules(desk, "notes"), "--site", "paper")
    assert (said.code, extraction(desk)["body"]) == (EXIT_OK, BODY)
    for words in (
        ("--site", "papre"),
        ("x", "--site", "paper"),
        ("--site", "paper", "--force", "y"),
    ):
        wrong = desk.here("sites", "import-rules", rules(desk), *words)
        assert (wrong.code, wrong.out, wrong.err.count("\n")) == (EXIT_USAGE, "", 1)
    assert desk.here("sites", "import-rules").code == EXIT_USAGE


def test_the_nearest_file_has_the_site_and_hosts_it_does_not_name_are_said(desk: Desk) -> None:
    desk.write_site(
        "blog", "https://b.paper.example/", '[scope]\nhosts = ["b.paper.example", "c.example"]\n'
    )
    rules(desk, ".paper.example.txt", "body: //main\n")
    rules(desk, "b.paper.example.txt")
    said = desk.here("sites", "import-rules", str(desk.folder / "rules"))
    assert extraction(desk, "blog")["body"] == BODY
    assert "they hold for c.example, too: a site has one set of rules" in said.out
    assert "site blog has the rules of" in said.err and "skipped 1" in said.err


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "no rule in it"),
        (b"\x00\xff", "no text"),
        (b"body: //p[.='\xe9']", "line 1: not UTF-8"),
        (b"x" * 10_000_000, "more than 1 MB"),
        (b"<html><body>no</body>", "no file of rules"),
    ],
)
def test_a_file_that_is_none_of_rules_is_one_line(desk: Desk, raw: bytes, said: str) -> None:
    before = (desk.sites / "paper.toml").read_text()
    done = desk.here("sites", "import-rules", rules(desk, text=raw))
    told = done.err.splitlines()
    assert (done.code, done.out, len(told)) == (EXIT_FAILED, "", 2)
    assert said in told[0] and "paper.example.txt" in told[0]
    assert "failed 1" in told[1]
    assert (desk.sites / "paper.toml").read_text() == before
    [document] = lines(desk.here("sites", "import-rules", rules(desk, text=raw), "--json").out)
    assert (document["outcome"], said in document["reason"]) == ("failed", True)


def test_what_cannot_be_read_or_written_is_one_line(desk: Desk) -> None:
    gone = desk.here("sites", "import-rules", str(desk.folder / "paper.example.txt"))
    assert (gone.code, "No such file or directory" in gone.err) == (EXIT_FAILED, True)
    empty = desk.here("sites", "import-rules", str(desk.sites))
    assert (empty.code, "no file in this folder" in empty.err) == (EXIT_FAILED, True)
    path = desk.write_site("paper", "https://paper.example/")
    path.write_text("start = 'https://paper.example/'\nextraction = {keep = ['.k']}\n")
    before = path.read_text()
    inline = desk.here("sites", "import-rules", rules(desk))
    assert (inline.code, inline.err.count("\n"), path.read_text()) == (EXIT_FAILED, 2, before)
    assert "written in a form without a table" in inline.err
    path.write_text("strat = 1\n")
    broken = desk.here("sites", "import-rules", rules(desk))
    assert broken.code == EXIT_FAILED
    assert "paper.toml: line 1: unknown key 'strat'" in broken.err


def test_rules_of_which_none_can_be_carried_over_say_so(desk: Desk) -> None:
    said = desk.here("sites", "import-rules", rules(desk, text="title: //h1\n"), "--json")
    [told] = lines(said.out)
    assert (said.code, told["outcome"], told["carried"]) == (EXIT_OK, "nothing", [])
    assert told["left_out"][0].keys() == {"line", "text", "reason"}
    assert extraction(desk) == {}


def test_what_is_stored_follows_the_rules_when_it_is_read_again(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.upgrade()
    story = "The night ferry sails again after a long winter of repairs at the yard."
    note = "The mayor of the harbour town had asked for the repairs twelve years ago."
    page = f"<article>{f'<p>{story}</p>' * 5}<p class='x note'>{note}</p><p>{story}</p></article>"
    with SiteServer() as site:
        url = site.page("/2026/05/24/ferry", page)
        site.page("/rss", feed([(url, "Ferry")]))
        desk.write_site("paper", f"{site.url}/", f'[sources]\nfeeds = ["{site.url}/rss"]\n')
        desk.crawl("paper")
    [(before,)] = desk.tuples("select text from v1_articles")
    file = tmp_path / "rules.txt"
    file.write_text("body: //article\nstrip_id_or_class: note\n")
    desk.here("sites", "import-rules", str(file), "--site", "paper")
    desk.crawl("paper", "reextract")
    [(after,)] = desk.tuples("select text from v1_articles")
    assert (note in before, note in after) == (True, False)
    assert before.count(story) == after.count(story) == 6
