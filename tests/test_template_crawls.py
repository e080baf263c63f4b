"""Crawls of a site whose templates are learned: what is read off, and what never costs a text."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

import pytest

from models.clock import utc_now
from models.db.database import Database
from models.memory import site_memory
from models.memory.learned_templates import LEAST
from models.memory.site_memory import MOST_LEARNED
from pipelines.boilerplate.observation import page_hash
from pipelines.page_reader import EXTRACTOR
from pipelines.templates import reading_off
from tests.databases import AtHead
from tests.support.desk import Desk
from tests.support.site_server import XML, Reply, SiteServer, sitemap
from tests.support.small_site import CALL
from tests.support.small_site import name as word
from tests.support.template_site import LAST, PLAIN, Look, MadePage, story

TAUGHT = 32
CURRENT = (
    "select a.url, r.extractor, a.text, a.revision from v1_articles a join v1_revisions r"
    " on r.article_id = a.article_id and r.revision = a.revision"
)


@dataclass
class Paper:
    """A site whose pages are made with templates, and what is stored of it."""

    desk: Desk
    site: SiteServer
    shown: dict[str, MadePage] = field(default_factory=dict)
    said: str = ""  # by the last run, in its log, without the times

    def show(self, numbers: Iterable[int], look: Look = PLAIN) -> list[str]:
        """Puts pages up; returns their paths.

        The first TAUGHT are a template's sample; later ones are none, once it has held twice.
        """
        paths = []
        for number in numbers:
            rank = number if number < TAUGHT else TAUGHT + number % TAUGHT
            path = self._path(number, rank * LAST // (2 * TAUGHT), LAST // (2 * TAUGHT))
            self.shown[path] = story(number, look=look)
            self.site.pages[path] = Reply(self.shown[path].html)
            paths.append(path)
        return paths

    def _path(self, number: int, low: int, width: int) -> str:
        """An address whose hash is in a range, whatever the server's port."""
        paths = (f"/news/story-{number}-{word(salt).lower()}.html" for salt in count())
        return next(p for p in paths if low <= page_hash(self.site.url + p) < low + width)

    def crawl(self, spider: str = "discover", toml: str = "", **settings: str) -> dict[str, int]:
        """One run over the pages that are up; how they were read."""
        listed = sitemap([self.site.url + path for path in self.shown])
        self.site.pages["/sitemap.xml"] = Reply(listed.encode(), content_type=XML)
        sources = f'[sources]\nsitemaps = ["{self.site.url}/sitemap.xml"]\n{toml}'
        self.desk.write_site("paper", self.site.url + "/", sources, delay=0)
        logged = self.desk.crawl("paper", spider, **settings).err.splitlines()
        self.said = "\n".join(line.partition("] ")[2] or line for line in logged)
        ((noted,),) = self.desk.tuples(
            "select readings from runs where run_id = (select max(run_id) from runs)"
        )
        return dict(json.loads(noted or "{}"))

    def stored(self) -> dict[str, tuple[str, str, int]]:
        """Extractor, text and revision of each article, by path."""
        rows = self.desk.tuples(CURRENT)
        return {url.removeprefix(self.site.url): tuple(found) for url, *found in rows}

    def extractors(self, paths: Sequence[str]) -> list[str]:
        stored = self.stored()
        return [stored[path][0] for path in paths]

    def revisions(self) -> dict[str, int]:
        """How many each article has."""
        return {path: found[2] for path, found in self.stored().items()}

    def texts_with(self, paragraph: str) -> list[str]:
        """The pages whose stored text has a paragraph, given as HTML; their paths, in order."""
        words = paragraph.removeprefix("<p>").removesuffix("</p>")
        return sorted(path for path, found in self.stored().items() if words in found[1])

    def wrong(self) -> list[str]:
        """The pages whose stored text is not theirs."""
        stored = self.stored()
        return [
            path
            for path, page in self.shown.items()
            if path not in stored or stored[path][1] != page.text
        ]


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory, at_head: AtHead) -> Iterator[Paper]:
    """A site of which TAUGHT pages are stored; each test shows pages of its own."""
    folder = tmp_path_factory.mktemp("paper")
    with SiteServer() as site, at_head.database("sqlite", folder) as url:
        site.page("/", "<html><title>The Daily Loop</title></html>")
        made = Paper(Desk(folder, url), site)
        made.show(range(TAUGHT))
        first = made.crawl()
        assert first["learning"] >= LEAST
        assert sum(first.values()) == TAUGHT
        yield made


def test_new_pages_are_read_off_what_others_taught(paper: Paper) -> None:
    new = paper.show(range(100, 110))
    assert paper.crawl() == {"template": 10}
    assert paper.extractors(new) == [reading_off.EXTRACTOR] * 10
    assert paper.wrong() == []


def test_a_site_may_have_all_its_pages_searched(paper: Paper) -> None:
    new = paper.show(range(200, 203))
    assert paper.crawl(toml='[extraction]\nalways = "trafilatura"') == {"always": 3}
    assert paper.extractors(new) == [EXTRACTOR] * 3
    assert paper.wrong() == []


def test_pages_that_were_read_off_have_no_revision_but_for_edits(paper: Paper) -> None:
    new = paper.show(range(300, 306))
    assert paper.crawl() == {"template": 6}
    before = paper.revisions()
    edited = new[:4]
    for path in edited:
        page = paper.shown[path]
        lines = (*page.paragraphs[:-1], f"An hour later {page.paragraphs[-1].lower()}")
        body = "".join(f"<p>{line}</p>" for line in lines)
        number = int(path.split("-")[1])
        paper.shown[path] = replace(story(number, body=body), paragraphs=lines)
        paper.site.pages[path] = Reply(paper.shown[path].html)
    assert paper.crawl("recrawl") == {"stored": len(paper.shown)}
    assert paper.revisions() == {path: n + (path in edited) for path, n in before.items()}
    assert paper.wrong() == []


def test_a_change_of_template_costs_no_text(paper: Paper) -> None:
    renamed = Look(body="entry", article="post", by="who")
    new = paper.show(range(400, 406), renamed)
    assert paper.crawl() == {"other template": 6}
    assert paper.extractors(new) == [EXTRACTOR] * 6
    call = f"<div class=call><p>{CALL}</p></div>"
    moved = [Look(tail=call), Look(head="h3"), Look(by="author"), Look(article="post")]
    for number, look in enumerate(moved):
        paper.show(range(500 + 2 * number, 502 + 2 * number), look)
    paper.crawl()
    assert paper.wrong() == []


def test_a_site_that_renames_all_with_each_page_is_searched(desk: Desk) -> None:
    with SiteServer() as site:
        paper = Paper(desk, site)
        site.page("/", "<html><title>The Daily Loop</title></html>")
        desk.upgrade()
        for number in range(MOST_LEARNED + 2):
            look = Look(*(f"{name}{word(number)}" for name in ("b", "a", "s", "y")))
            paper.show([number], look)
        read = paper.crawl()
        assert read.keys() <= {"learning", "other template"}
        assert paper.wrong() == []
        counts = "select count(*), max(length(learned)) from learned_templates"
        assert MOST_LEARNED <= desk.tuples(counts)[0][0] <= len(paper.shown)
        database = Database.open(desk.url)
        database.patiently(lambda conn: site_memory.prune(conn, 1, utc_now()))
        database.close()
        assert desk.tuples(counts) == [(MOST_LEARNED, None)]
        assert desk.tuples("select count(*) from template_samples") == [(MOST_LEARNED,)]


def test_a_template_that_proved_wrong_is_told_of_until_its_articles_are_read_again(
    desk: Desk,
) -> None:
    """A box that held a form in each article holds a paragraph of later ones."""
    form = f"<form><p>{CALL}</p><input name=mail><button>Sign up</button></form>"
    late = "<p>Late in the evening the council agreed, and the work begins on the first of May.</p>"
    shut, open_ = (Look(tail=f'<div class="box">{inner}</div>') for inner in (form, late))
    with SiteServer() as site:
        paper = Paper(desk, site)
        site.page("/", "<html><title>The Daily Loop</title></html>")
        desk.upgrade()
        paper.show(range(1, TAUGHT), shut)
        paper.crawl()
        whole = paper.show(range(50, 58), shut)  # enough to teach it anew
        lost = paper.show([62, 63, 64], open_)
        assert paper.crawl() == {"template": 11}
        assert paper.texts_with(late) == []
        assert desk.tuples("select state from v1_site_health") == [("ok",)]

        off = [found[0] for found in paper.stored().values()].count(reading_off.EXTRACTOR)
        (seen,) = paper.show([0], open_)  # the smallest hash
        assert paper.crawl() == {"sample": 1, "disagreed": 1}
        ((key,),) = desk.tuples("select template_key from learned_templates")
        mend = "type: scrapy crawl reextract -a site=paper"
        assert paper.said == (
            f"WARNING: paper: template {key} is wrong: {site.url}{seen} reads otherwise by search;"
            f" it is learned anew. To mend the articles that were read off it, {mend}"
        )
        ((run_id, detail),) = desk.tuples(
            "select run_id, detail from site_events where kind = 'template disagreed'"
        )
        assert json.loads(detail) == {"template": key, "page": site.url + seen, "articles": off}
        assert desk.tuples("select state, reason from v1_site_health") == [
            ("warn", f"a learned template was wrong: {off} articles were read off it; {mend}")
        ]
        told = desk.here("runs", str(run_id)).out
        assert "0 off a template, 1 searched (1 sample, of which 1 disagreed)" in told
        forgotten = f"read off its site's template {key} (forgotten since)"
        assert forgotten in desk.here("why", site.url + lost[0]).out

        desk.crawl("paper", "reextract")
        assert paper.texts_with(late) == sorted([*lost, seen])
        assert paper.extractors(whole) == [reading_off.EXTRACTOR] * 8, "their texts were right"
        changed = "select count(*) from v1_revisions where change = 'reextract'"
        assert desk.tuples(changed) == [(len(lost),)]
        (last,) = paper.show([65], open_)
        # what was re-extracted has taught it anew
        assert paper.crawl(LOG_LEVEL="DEBUG") == {"sample": 1}
        assert f"DEBUG: paper: {site.url}{last} is searched: sample" in paper.said
        assert desk.tuples("select state, reason from v1_site_health") == [("ok", None)]
        assert forgotten not in desk.here("why", site.url + lost[0]).out
