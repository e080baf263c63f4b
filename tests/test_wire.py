"""What a site may do to the bytes on their way, seen from a crawl's outcomes and its database."""

import gzip
import subprocess
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import brotli
import pytest

from tests.support.desk import Desk
from tests.support.site_server import XML, Answer, Reply, SiteServer, article, redirect, sitemap

pytestmark = pytest.mark.slow

LINES = [f"The harbour master counted {n} boats on day {n}, and wrote it down." for n in range(60)]
STORY = article("Harbour counted", LINES).encode()
# what a name resolves to is beyond a test: here the network of the loopback is the internet
PUBLIC = (
    "import sys, crawler.middlewares.guard as guard; from scrapy.cmdline import execute;"
    "guard.is_public = lambda address: str(address) in ('127.0.0.1', '127.0.0.2');"
    "execute(['scrapy', *sys.argv[1:]])"
)


@contextmanager
def site_of(tmp_path: Path, pages: dict[str, Answer]) -> Iterator[tuple[Desk, SiteServer]]:
    desk = Desk(tmp_path)
    desk.upgrade()
    with SiteServer() as site:
        site.pages |= pages
        names = [site.url + path for path in pages if path.startswith("/news/")]
        site.pages.setdefault("/sitemap.xml", Reply(sitemap(names).encode(), content_type=XML))
        desk.write_site("x", site.url + "/", f'[sources]\nsitemaps = ["{site.url}/sitemap.xml"]\n')
        yield desk, site


def crawl(desk: Desk, spider: str = "discover", *more: str) -> str:
    """What a crawl said; how it ends where most of its pages failed is not the point here."""
    process = desk.start("crawl", spider, "-a", "site=x", *more)
    _, said = process.communicate(timeout=100)
    assert "Traceback" not in said, said
    return said


def coded(body: bytes, name: str) -> Reply:
    return Reply(body, headers={"Content-Encoding": name})


def short(body: bytes) -> Reply:
    """A body in one part, after which the connection ends though more was promised."""
    return Reply([body], headers={"Content-Length": str(len(body) + 100)})


def unended(body: bytes) -> Reply:
    """A chunk, and no last one."""
    return Reply([b"%x\r\n%s\r\n" % (len(body), body)], headers={"Transfer-Encoding": "chunked"})


def test_a_cut_page_is_archived_and_never_an_article(tmp_path: Path) -> None:
    packed, brotlied = gzip.compress(STORY), brotli.compress(STORY)
    cuts = {
        "/news/gzip-cut-in-two": coded(packed[: len(packed) // 2], "gzip"),
        "/news/gzip-without-its-trailer": coded(packed[:-8], "gzip"),
        "/news/brotli-cut-in-two": coded(brotlied[: len(brotlied) // 2], "br"),
        "/news/shorter-than-promised": short(STORY),
        "/news/chunks-without-an-end": unended(STORY),
    }
    whole = {"/news/brotli-that-is-whole": coded(brotlied, "br")}
    with site_of(tmp_path, cuts | whole) as (desk, site):
        crawl(desk)
        outcomes = desk.outcomes()
        assert {path for path, came in outcomes.items() if came[0] == "stored"} == set(whole)
        for path in cuts:
            outcome, reason = outcomes[path]
            assert outcome == "connection_error" and "archived as truncated" in reason
            assert len(site.asked(path)) == 3  # retried as lost data is
        kept = desk.rows("select url, truncated from v1_captures where truncated is not null")
        assert len(kept) == len(cuts)
        archived = b"".join(gzip.decompress(f.read_bytes()) for f in tmp_path.rglob("*.warc.gz"))
        assert archived.count(b"WARC-Truncated: disconnect") == 2
        assert archived.count(b"WARC-Truncated: unspecified") == 3
        crawl(desk, "reextract")
        assert set(desk.outcomes("reextract")) == set(whole)


def test_a_cut_copy_does_not_replace_an_article(tmp_path: Path) -> None:
    path, packed = "/news/harbour-counted-again", gzip.compress(STORY)
    with site_of(tmp_path, {path: Reply(STORY, headers={"ETag": '"1"'})}) as (desk, site):
        crawl(desk)
        before = desk.rows("select text, revision from v1_articles")
        edited = {"Content-Encoding": "gzip", "ETag": '"2"'}
        site.pages[path] = Reply(packed[:-9], headers=edited)
        crawl(desk, "recrawl")
        assert desk.outcomes("recrawl")[path][0] == "connection_error"
        assert desk.rows("select text, revision from v1_articles") == before
        assert desk.rows("select etag from urls where article") == [{"etag": '"1"'}]
        crawl(desk, "reextract")
        assert desk.rows("select text, revision from v1_articles") == before


def test_a_cut_source_gives_its_links_and_counts_as_failed(tmp_path: Path) -> None:
    with site_of(tmp_path, {"/news/of-the-first-half": Reply(STORY)}) as (desk, site):
        names = [f"{site.url}/news/of-the-first-half", *(f"{site.url}/{n}" for n in range(900))]
        packed = gzip.compress(sitemap(names).encode())[:-700]
        headers = {"Content-Encoding": "gzip", "ETag": '"1"'}
        site.pages["/sitemap.xml"] = Reply(packed, headers=headers, content_type=XML)
        crawl(desk, "discover", "-a", "limit=1")
        (source,) = desk.rows("select error, etag, failures from sources")
        assert source == {
            "error": "the gzip stream ends before its end", "etag": None, "failures": 1,
        }  # fmt: skip
        assert desk.rows("select count(*) as n from urls")[0]["n"] > 1


def test_an_unasked_304_and_binary_data_are_no_article(tmp_path: Path) -> None:
    pages = {
        "/news/unasked-and-unmodified": Reply(status=304),
        "/news/a-program-as-a-page": Reply(Path(sys.executable).read_bytes()[:200_000]),
        "/news/in-a-coding-of-its-own": coded(zlib.compress(STORY), "lzma"),
        "/news/said-to-be-gzip-and-plain": coded(STORY, "gzip"),
        "/news/japanese-by-its-label": Reply(
            ("<html><title>港</title><p>" + "港の人は船を数えた。" * 60).encode("iso-2022-jp"),
            content_type="text/html; charset=iso-2022-jp",
        ),
    }
    with site_of(tmp_path, dict(pages)) as (desk, _):
        crawl(desk)
        came = desk.outcomes()
        assert came["/news/unasked-and-unmodified"] == (
            "http_error", "HTTP 304 to a request that had no validators",
        )  # fmt: skip
        assert came["/news/a-program-as-a-page"][0] == "bad_type"
        assert "in the coding 'lzma'" in came["/news/in-a-coding-of-its-own"][1]
        assert came["/news/said-to-be-gzip-and-plain"][0] == "stored"
        assert came["/news/japanese-by-its-label"][0] != "bad_type"


RULES = b"User-agent: *\nDisallow: /news/no\n"


@pytest.mark.parametrize(
    ("robots", "forbidden"),
    [
        (Reply(RULES + b"# more\n" * 6_000_000), True),  # 42 MB
        (coded(gzip.compress(RULES + b"#" * 80_000_000), "gzip"), True),
        (Reply(b"#" * 1_000_000), False),
        (redirect("/robots.txt"), False),
        (Reply(status=304), None),
        (coded(gzip.compress(RULES)[:-4], "gzip"), None),
    ],
    ids=["42 MB", "bomb", "one line", "loop", "304", "cut"],
)
def test_robots_txt_ends_in_a_decision(
    tmp_path: Path, robots: Reply, forbidden: bool | None
) -> None:
    pages: dict[str, Answer] = {"/robots.txt": robots}
    pages |= {"/news/no-boats-counted": Reply(STORY), "/news/yes-boats-counted": Reply(STORY)}
    with site_of(tmp_path, pages) as (desk, site):
        said = crawl(desk)
        open_ = forbidden is not None
        assert bool(site.asked("/news/yes-boats-counted")) is open_
        assert bool(site.asked("/news/no-boats-counted")) is (open_ and not forbidden)
        if robots.status == 302:
            assert said.count("more than 5 redirects: no rules") == 1
            assert len(site.asked("/robots.txt")) == 6
        if not open_:
            assert "nothing is fetched until it can be read" in said


def test_a_sitemap_on_another_host_is_read_and_its_pages_are_not(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.upgrade()
    with SiteServer() as site, SiteServer("127.0.0.2") as cdn, SiteServer("127.0.0.3") as inside:
        desk.write_site("x", site.url + "/")
        ours, theirs = f"{site.url}/news/harbour-counted", f"{cdn.url}/news/harbour-copied"
        site.pages["/robots.txt"] = Reply(f"Sitemap: {cdn.url}/index.xml".encode())
        site.page("/news/harbour-counted", STORY.decode())
        cdn.pages["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /no/")
        names = [cdn.url + "/map.xml", cdn.url + "/no/map.xml", cdn.url + "/to-inside.xml"]
        index = sitemap(names).replace("urlset", "sitemapindex").replace("url>", "sitemap>")
        cdn.page("/index.xml", index, content_type=XML)
        cdn.page("/map.xml", sitemap([ours, theirs]), content_type=XML)
        cdn.page("/no/map.xml", sitemap([]), content_type=XML)
        cdn.pages["/to-inside.xml"] = redirect(inside.url + "/map.xml")
        done = subprocess.run(
            [sys.executable, "-c", PUBLIC, "crawl", "discover", "-a", "site=x"],
            env=desk.environment, cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert "Traceback" not in done.stderr, done.stderr
        assert desk.outcomes() == {"/news/harbour-counted": ("stored", "")}
        assert cdn.asked("/map.xml") and not cdn.asked("/no/map.xml")
        assert not cdn.asked("/news/harbour-copied") and inside.log == []
        said = {row["url"]: row["error"] for row in desk.rows("select url, error from sources")}
        assert said[cdn.url + "/map.xml"] is None
        assert "refused_address" in str(said[cdn.url + "/to-inside.xml"])
