"""Pages in an archive and a database as a crawl leaves them, without a crawl."""

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from models.archive import captures
from models.archive.captures import CaptureArchive
from models.crawl import runs
from models.db.database import Database
from models.evidence import Evidence
from models.items import Hint
from models.outcomes import Outcome
from models.text import plain
from pipelines.boilerplate.classify import classify
from pipelines.kept_text import text_of
from pipelines.page_reader import extract
from tests.factories import (
    NOW,
    known_site,
    known_url,
    make_article,
    make_page,
    open_run,
    store_article,
)


@dataclass(frozen=True)
class ArchivedPage:
    """What one page became."""

    url: str
    url_id: int
    capture_id: int
    article_id: int | None  # None: it was refused


STORY = """<html lang="en"><head><title>{title} | The Post</title>
<meta property="og:title" content="{title}"><meta name="author" content="Imogen Vance"></head><body>
<div class="cookie-bar"><p>We store cookies to measure how this paper is read.</p></div>
<nav class="menu"><a href="/">Home</a> <a href="/news">News</a></nav><article class="story">
<h1>{title}</h1><p class="lead">The harbour of {title} froze on Monday, and the ferry stayed.</p>
<p>The ice is thirty centimetres thick, said the harbour master, and it carries a lorry by now.</p>
<p>He expects it to thaw in March, when the first boats of the season leave for the islands.</p>
<div class="partner-box"><p>Sea boots from our partners in {title}, warm and dry in any weather,
from thirty-nine crowns: order them before Sunday and we send them to your island.</p></div>
<p>Until then the mail comes by sledge, twice a week, as it did a hundred years ago in winter.</p>
</article><footer><p>The Post, 3 Rope Street</p></footer></body></html>"""


def archive_page(
    database: Database,
    folder: Path,
    html: str | None = None,
    *,
    number: int = 1,
    outcome: Outcome | None = None,
    site: str = "example",
) -> ArchivedPage:
    """Archives a page; stores its article, or with `outcome` refuses it.

    Without `html`: a story with a partner's advert that reads like its text.
    """
    url = f"https://{site}.test/{number}"
    body = (html or STORY.format(title=f"Port {number}")).encode()
    with database.transaction() as conn:
        site_id, run_id = known_site(conn, site), open_run(conn, known_site(conn, site))
        url_id = known_url(conn, site_id, url)
        page = make_page(
            run_id=run_id, url_id=url_id, url=url, body=body, site=site,
            fetched_at=NOW + timedelta(minutes=number),
        )  # fmt: skip
        archive = CaptureArchive(folder, run_id)
        location = archive.append(page)
        archive.sync()
        archive.close()
        page = replace(page, capture_id=captures.keep(conn, page, location))
        article_id = None
        if outcome is None:
            found = extract(body, page.charset, url, Hint(), None, page.fetched_at)
            classified = classify(found, Evidence(), url_id)
            made = make_article(
                plain(text_of(found, classified)), title=found.metadata.title, url_id=url_id,
                page=page, metadata=found.metadata, extraction=found, classification=classified,
            )  # fmt: skip
            article_id = store_article(conn, site_id, made, page.fetched_at).article_id
        became = outcome or Outcome.STORED
        runs.record(conn, run_id, url_id, became, None, 200, page.fetched_at)
        runs.close_run(conn, run_id, "done", None, page.fetched_at)
    assert page.capture_id is not None
    return ArchivedPage(url, url_id, page.capture_id, article_id)
