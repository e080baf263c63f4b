"""Bodies that were cut: in each coding, at many places, with and without a matching length."""

from pathlib import Path
from string import ascii_lowercase

from tests.faults.conftest import Checked
from tests.faults.support.behaviours import chunked, coded, short, whole
from tests.faults.support.codings import PACKERS, places
from tests.faults.support.hostile_server import Behaviour, HostileServer
from tests.faults.support.length import dice, pick
from tests.support.desk import Desk
from tests.support.site_server import XML, article, sitemap
from tests.support.town import story

CUTS = pick(4, 400)  # places for each coding
A_FOLDER = 100  # pages: of a kind that never brings an article, not all are asked for
ARTICLES = frozenset({"stored", "revised", "unchanged", "not_modified"})


def _page(number: int) -> bytes:
    return article(f"Report {number} of the county", story(number)).encode()


def _cut_ones(number: int) -> dict[str, Behaviour]:
    """Cut answers by path; `number` is the first page of those that differ."""
    chance, cut = dice(1), dict[str, Behaviour]()
    for name, (coding, pack) in PACKERS.items():
        body = pack(_page(number))
        for at, place in enumerate(places(len(body), CUTS, chance)):
            folder = ascii_lowercase[at // A_FOLDER]
            cut[f"/{folder}/{name}-{place}"] = coded(body[:place], coding)
        cut[f"/news/{name}-short"] = short(body[: len(body) // 2], len(body), coding)
    page = _page(number)
    half = page[: len(page) // 2]
    cut |= {
        "/news/identity-short": short(half, len(page)),
        "/news/chunked-no-end": chunked([half], ending=b""),
        "/news/chunked-in-chunk": chunked([half], ending=b"fff\r\n<p>and then"),
        "/news/chunked-lie": chunked([half], ending=b"not-a-size\r\n<p>and then\r\n0\r\n\r\n"),
    }
    return cut


def _whole_ones(number: int) -> dict[str, Behaviour]:
    """The same page, whole, in each coding and in chunks."""
    page = _page(number)
    packed = {
        f"/whole/{name}": coded(pack(_page(number + at)), coding)
        for at, (name, (coding, pack)) in enumerate(PACKERS.items(), start=1)
    }
    return {
        **packed,
        "/whole/identity": whole(page),
        "/whole/chunked": chunked([_page(number + 9)]),
    }


def _crawl(desk: Desk, server: HostileServer, spider: str) -> None:
    # a run of which most pages fail need not end with 0
    done = desk.start("crawl", spider, "-a", "site=cut", "-s", "RETRY_TIMES=0")
    out, err = done.communicate(timeout=300)
    assert "Traceback" not in out + err, err[-3000:]


def test_a_cut_body_becomes_no_article_and_replaces_none(
    tmp_path: Path, sqlite_url: str, checked: Checked
) -> None:
    desk = Desk(tmp_path, sqlite_url)
    with HostileServer() as server:
        cut, good = _cut_ones(100), _whole_ones(200)
        known = {f"/known/{name}": coded(pack(_page(300 + at)), coding)
                 for at, (name, (coding, pack)) in enumerate(PACKERS.items())}  # fmt: skip
        server.pages |= {**cut, **good, **known}
        urls = [server.url + path for path in server.pages]
        server.pages["/sitemap.xml"] = whole(sitemap(urls).encode(), XML)
        sources = f'[sources]\nsitemaps = ["{server.url}/sitemap.xml"]'
        desk.write_site("cut", f"{server.url}/", sources, delay=0)
        _crawl(desk, server, "discover")
        came = desk.outcomes()
        assert {path: came[path] for path in cut if came[path][0] in ARTICLES} == {}
        assert [path for path in cut if not came[path][1]] == []  # each has its reason in words
        assert {path: came[path] for path in {**good, **known} if came[path][0] != "stored"} == {}
        before = desk.tuples("select url, text, revision from v1_articles order by url")
        for at, (name, (coding, pack)) in enumerate(PACKERS.items()):
            body = pack(_page(300 + at))
            server.pages[f"/known/{name}"] = coded(body[: len(body) // 2], coding)
        _crawl(desk, server, "recrawl")
        came = desk.outcomes("recrawl")
        assert {path: came[path] for path in known if came[path][0] in ARTICLES} == {}
        assert desk.tuples("select url, text, revision from v1_articles order by url") == before
        checked(len(cut) + len(known))
