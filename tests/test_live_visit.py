"""`scrapy visit` as a person at a terminal sees it, and as a pipe does."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.desk import Desk, wait_for
from tests.support.many_sites import Servers, left_behind, many_sites
from tests.support.terminal import Screen, in_terminal

pytestmark = pytest.mark.slow
PLACE = re.compile(r"(\d+) of (\d+) done")


@pytest.fixture
def servers() -> Iterator[Servers]:
    with many_sites() as made:
        yield made


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.upgrade()
    return desk


def reports(text: str) -> list[str]:
    """The lines that say how visits ended, without what they took."""
    return sorted(re.findall(r"(visit \w+: \d+ URLs?:.*?) in ", text))


def test_a_person_sees_how_far_it_is_and_then_the_report_alone(
    desk: Desk, servers: Servers
) -> None:
    servers.add(desk, "quick", 1)
    servers.add(desk, "late", 3, pause=0.9)
    with in_terminal(desk, "visit", "--jobs", "1", columns=60) as typed:
        printed = typed.read_all()
    assert typed.process.returncode == 0, printed
    places = {tuple(map(int, place)) for place in PLACE.findall(printed)}
    assert {sites for _, sites in places} == {2}
    assert {done for done, _ in places} <= {0, 1}
    assert re.search(r"1 running, 0:\d\d", printed)
    assert re.search(r"  late  0:0[1-9]", printed)
    screen = Screen(60)
    screen.feed(printed)
    assert reports("\n".join(screen.shown)) == [
        "visit late: 3 URLs: 3 stored, 0 errors", "visit quick: 1 URL: 1 stored, 0 errors",
    ]  # fmt: skip
    assert len(screen.shown) == 2, screen.shown


def test_a_narrower_terminal_and_a_line_of_a_fault_break_nothing(
    desk: Desk, servers: Servers
) -> None:
    servers.add(desk, "a-site-with-quite-a-long-name", 6, pause=0.9)
    desk.write_site("gone", "http://127.0.0.1:9/", '[sources]\nfeeds = ["http://127.0.0.1:9/"]')
    with in_terminal(desk, "visit", "-s", "RETRY_ENABLED=0", columns=200) as typed:
        typed.read_until(lambda text: "1 of 2 done, 1 failed" in text)
        typed.resize(20)
        wide = len(typed.read_until(lambda text: "..." in text))
        printed = typed.read_all()
    assert typed.process.returncode == 1
    narrow = printed[printed.index("...") : wide + 400].split("\x1b[J")[0]
    assert "a-site-wi" in printed[:wide]
    assert all(len(line) < 20 for line in narrow.replace("\x1b[K", "").split("\r"))
    screen = Screen(200)
    screen.feed(printed)
    assert sorted(line[:12] for line in screen.shown) == ["scrapy visit", "visit a-site"]


def test_ctrl_c_leaves_a_clean_line(desk: Desk, servers: Servers) -> None:
    site = servers.add(desk, "one", 10, pause=1.5)  # its page is waited for: time to draw it
    with in_terminal(desk, "visit") as typed:
        typed.read_until(lambda text: "0 of 1 done" in text)
        wait_for(lambda: any(site.asked(f"/one/{number}") for number in range(10)))
        typed.press(b"\x03")
        printed = typed.read_all()
    assert typed.process.returncode == 1
    assert "0 of 1 done, stopping" in printed
    screen = Screen(80)
    screen.feed(printed)
    [line] = screen.shown
    assert line.startswith("scrapy visit: one: stopped by SIGINT or SIGTERM")
    assert (screen.row, screen.column) == (1, 0)
    assert left_behind(desk) == [0, 0, 0]


@pytest.mark.parametrize(
    ("words", "environment"),
    [(("--quiet",), {}), (("--json",), {}), ((), {"TERM": "dumb"})],
)
def test_nothing_is_drawn_for_those_who_want_or_see_nothing(
    desk: Desk, servers: Servers, words: tuple[str, ...], environment: dict[str, str]
) -> None:
    servers.add(desk, "one", 3, pause=0.6)
    with in_terminal(desk, "visit", *words, **environment) as typed:
        printed = typed.read_all()
    assert typed.process.returncode == 0
    assert "\x1b" not in printed
    assert " of " not in printed
    assert (printed == "") is ("--quiet" in words)


def test_a_pipe_gets_not_one_byte_of_it(desk: Desk, servers: Servers) -> None:
    servers.add(desk, "one", 3, pause=0.6)
    with desk.running("visit") as process:
        assert process.communicate(timeout=120) == ("", "")
    assert process.returncode == 0
