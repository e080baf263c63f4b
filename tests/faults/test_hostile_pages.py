"""A site that means harm: lies of protocol, redirects, claims, bombs; honest pages survive."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import pytest

from tests.faults.conftest import Checked
from tests.faults.support import attacks
from tests.faults.support.behaviours import whole
from tests.faults.support.hostile_server import HostileServer
from tests.faults.support.processes import resident
from tests.faults.support.running import running
from tests.support.desk import Desk, Result, wait_for
from tests.support.site_server import XML, sitemap
from tests.support.town import story

HONEST = range(10, 16)
MOST_MEMORY = 600 << 20  # bytes resident, of the crawl and its workers together


@dataclass(frozen=True, slots=True)
class Attacked:
    """What came of one crawl of the hostile site."""

    desk: Desk
    server: HostileServer
    foreign: HostileServer
    attacks: dict[str, attacks.Attack]  # by path
    claims: dict[str, bytes]
    done: Result
    memory: int


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attacked]:
    desk = Desk(tmp_path_factory.mktemp("hostile"), workers=2)
    desk.upgrade()
    with HostileServer() as server, HostileServer() as foreign:
        every = {**attacks.protocol(), **attacks.redirects(foreign.url), **attacks.bombs()}
        named = {f"/attack/{name}": attack for name, attack in every.items()}
        server.pages |= {path: behaviour for path, (behaviour, _) in named.items()}
        victim = f"{server.url}/news/{HONEST[0]}"
        claims = attacks.identities(victim, "https://elsewhere.example/story")
        claimed = {f"/claims/{name}": body for name, body in claims.items()}
        server.pages |= {path: whole(body) for path, body in claimed.items()}
        server.pages |= {f"/news/{n}": whole(attacks.page(n)) for n in HONEST}
        foreign.pages["/secret"] = whole(attacks.page(99))
        hops = [path for path in named if "/hop-" in path and not path.endswith("/hop-0")]
        urls = [server.url + path for path in server.pages if path not in hops]
        server.pages["/sitemap.xml"] = whole(sitemap(urls).encode(), XML)
        sources = f'[sources]\nsitemaps = ["{server.url}/sitemap.xml"]'
        desk.write_site("hostile", f"{server.url}/", sources, delay=0)
        more = {"DOWNLOAD_TIMEOUT": 3, "RETRY_TIMES": 0}
        memory = [0]
        with running(desk, "crawl", "discover", "-a", "site=hostile", **more) as crawl:

            def ended() -> bool:
                with suppress(ProcessLookupError):
                    memory.append(resident(crawl.pid))
                return crawl.ended()

            wait_for(ended, 240)
            done = crawl.result()
        tried = {path: attack for path, attack in named.items() if path not in hops}
        yield Attacked(desk, server, foreign, tried, claimed, done, max(memory))


def test_each_attack_has_an_outcome_that_is_right_and_a_reason(
    attacked: Attacked, checked: Checked
) -> None:
    came = attacked.desk.outcomes()
    wrong = {
        path: came.get(path)
        for path, (_, right) in attacked.attacks.items()
        if came.get(path, ("none",))[0] not in right or not (came[path][1] or "stored" in right)
    }
    assert wrong == {}
    checked(len(attacked.attacks))


def test_no_traceback_is_printed_and_the_run_ends(attacked: Attacked) -> None:
    assert "Traceback" not in attacked.done.printed, attacked.done.err[-3000:]
    assert attacked.done.code in {0, 1}
    assert attacked.desk.tuples("select 1 from v1_runs where status = 'running'") == []


def test_no_foreign_server_is_asked(attacked: Attacked) -> None:
    assert [asked.path for asked in attacked.foreign.log] == []


def test_honest_pages_are_stored_whole_beside_the_attacks(
    attacked: Attacked, checked: Checked
) -> None:
    texts = dict(attacked.desk.tuples("select url, text from v1_articles"))
    for number in HONEST:
        stored = texts.get(f"{attacked.server.url}/news/{number}", "")
        assert stored.split("\n\n") == story(number)
    checked(len(HONEST))


def test_no_page_takes_the_place_of_another_by_a_claim(
    attacked: Attacked, checked: Checked
) -> None:
    rows = attacked.desk.tuples("select url, text from v1_articles")
    assert len({url for url, _ in rows}) == len(rows)
    assert [url for url, _ in rows if not url.startswith(f"{attacked.server.url}/")] == []
    came = attacked.desk.outcomes()
    assert {came[path][0] for path in attacked.claims} <= {"stored", "duplicate_url"}
    checked(len(attacked.claims))


def test_nobody_is_asked_more_often_than_once_an_attack(attacked: Attacked) -> None:
    for path in attacked.attacks:
        itself = path.endswith(("/loop", "/to-nothing"))
        most = 9 if itself else 2  # REDIRECT_MAX_TIMES; Twisted repeats on a dead socket
        assert len(attacked.server.asked(path)) <= most, path


def test_memory_stays_below_600_mb(attacked: Attacked) -> None:
    assert attacked.memory < MOST_MEMORY
