"""A town of which one page is to be taken out on request: two revisions, a print view, a name."""

import gzip
import io
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

from tests.support.desk import Desk
from tests.support.site_server import Reply, SiteServer, article, feed
from tests.support.town import show, story

MARK = "Quillfeather"
PAGES = 6
TITLE = f"Mayor {MARK} sells the old {MARK} tower"


def own_story(edition: int) -> list[str]:
    """A story that no other page of the town has, with the name in each sentence."""
    return [line.replace("The ", f"The {MARK} ") for line in story(77, edition)]


def put_up(site: SiteServer, edition: int) -> str:
    """The page to erase; returns its URL."""
    site.page("/print/77", article(TITLE, own_story(edition), more=_canonical(site)))
    return site.page("/news/77", article(TITLE, own_story(edition)))


def _canonical(site: SiteServer) -> str:
    return f'<link rel="canonical" href="{site.url}/news/77">'


def crawled(desk: Desk, site: SiteServer) -> str:
    """A town of which one page has two revisions and a print view; the URL of that page."""
    for number in range(PAGES):
        show(site, number)
    url = put_up(site, 1)
    items = [(f"{site.url}/news/{n}", f"Story {n}") for n in range(PAGES)]
    items[2:2] = [(url, TITLE)]
    site.page("/", "<html><title>The Daily Loop</title></html>")
    desk.write_site("town", site.url + "/", f'[sources]\nfeeds = ["{site.url}/rss"]', delay=0)
    for more in ([], [(f"{site.url}/print/77", TITLE)]):
        listed = feed(items + more).encode()
        site.pages["/rss"] = Reply(listed, content_type="application/rss+xml")
        desk.crawl("town")
    assert desk.outcomes()["/print/77"][0] == "duplicate_url"
    put_up(site, 2)
    desk.crawl("town", "recrawl", "-a", "match=/news/77$")
    assert desk.outcomes("recrawl") == {"/news/77": ("revised", "")}
    return url


def records(folder: Path) -> list[tuple[str, str, bytes]]:
    """Type, URL and content of each record of the archive; each file is valid as a whole."""
    found = []
    for path in sorted(folder.rglob("*.warc.gz")):
        body = path.read_bytes()
        assert gzip.decompress(body)
        for record in ArchiveIterator(io.BytesIO(body), check_digests=True):
            content = record.content_stream().read()
            assert record.digest_checker.passed is not False
            found.append(
                (record.rec_type, record.rec_headers.get_header("WARC-Target-URI"), content)
            )
    return found
