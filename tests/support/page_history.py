"""One page of a site in a database, through the stages strip, accept and store: no network."""

import asyncio
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from unittest.mock import patch

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.test import get_crawler

from models.archive import captures
from models.articles import known_pages
from models.blocks import BlockClassification, Classification
from models.clock import utc_now
from models.crawl import frontier
from models.crawl.run import Run
from models.db.database import Database
from models.evidence import Evidence
from models.items import Article, Extraction, WarcLocation
from models.sites import registry
from pipelines import decider, reclassify
from pipelines.accept import AcceptPipeline
from pipelines.store import StorePipeline
from pipelines.strip import StripPipeline
from tests.factories import (
    NOW,
    known_url,
    make_blocks,
    make_extraction,
    make_metadata,
    make_page,
    make_site,
    open_run,
)
from tests.support.small_site import BOX, CALL, decides_as, sentence

TEXTS = ("\n".join(sentence(1, n) for n in range(6)), BOX, CALL)
TITLES, SIGNED = ("Harbour frozen", "Harbour thawed"), (("Ada Lind",), ("Ben Ode",))
# The body comes last: one that loses its end where something new stands is a cut copy, no edit.
COPIES = st.tuples(  # title, authors, blocks: two texts that may be boilerplate, and the body
    st.sampled_from((TITLES[0],) * 5 + TITLES), st.sampled_from((SIGNED[0],) * 5 + SIGNED),
    st.sets(st.sampled_from(range(1, 3))).map(lambda chosen: (*sorted(chosen), 0)),
)  # fmt: skip
Copy = tuple[str, tuple[str, ...], tuple[int, ...]]
DATABASE: list[Database] = []  # that the histories are of
NUMBER = itertools.count(1)


class PageHistory(RuleBasedStateMachine):
    """What a page of a site of its own went through, and what is stored of it."""

    def __init__(self) -> None:
        super().__init__()
        self.database, name = DATABASE[-1], f"site{next(NUMBER)}"
        url = self.database.engine.url.render_as_string(hide_password=False)
        self.crawler = get_crawler(settings_dict={"WINNOW_DATABASE_URL": url})
        self.crawler.stats = MemoryStatsCollector(self.crawler)
        self.site, self.url = make_site(name), f"https://{name}.test/harbour"
        with self.database.transaction() as conn:
            self.site_id = registry.ensure_site(conn, self.site, NOW)
            self.url_id = known_url(conn, self.site_id, self.url)
            self.first_change = self.last_change(conn)
        self.boilerplate: set[int] = set()  # blocks that the site has taught
        self.ruled: set[int] = set()  # blocks that its rules remove before anything is classified
        self.copies: dict[int, Copy] = {}  # by capture_id
        self.seen: dict[str, object] | None = None  # what readers saw last
        self.told: list[tuple[int, str]] = []
        self.kinds: dict[int, str] = {}  # of the revisions
        self.days = 0
        self.loop = asyncio.new_event_loop()
        self.patches = [
            patch.object(module, "classify", self.classify) for module in (decider, reclassify)
        ] + [patch.object(reclassify, "decide", decides_as(self.classify))]
        for one in self.patches:
            one.start()

    def teardown(self) -> None:
        for one in self.patches:
            one.stop()
        StorePipeline(self.crawler).writer.close()
        self.loop.close()

    def brought(self, kind: str, copy: Copy, capture_id: int | None, *, accept: bool) -> None:
        """A copy goes through strip, accept and store."""
        with self.database.transaction() as conn:
            run_id = open_run(conn, self.site_id, kind)
            run = Run(run_id, kind, self.site, self.site_id, "test")
            due = utc_now() + timedelta(hours=1)
            frontier.claim_these(conn, [self.url_id], run.owner, due, utc_now())
            page = make_page(
                run_id=run_id, url_id=self.url_id, site=self.site.name, url=self.url,
                fetched_at=self.now(),
            )  # fmt: skip
            if capture_id is None:
                place = WarcLocation(f"{next(NUMBER)}.warc.gz", 0, 1)
                page = replace(page, capture_id=captures.keep(conn, page, place))
                self.copies[page.capture_id or 0] = copy
            else:
                ref = captures.refs(conn, [capture_id])[capture_id]
                page = replace(page, capture_id=capture_id, archived=ref, fetched_at=ref.fetched_at)
        known, extraction = self.known(), self.extraction(copy)
        if known is not None and capture_id is None and known.basis != extraction.basis:
            stored = self.copies[known.capture_id or 0]
            known = replace(known, reread=self.extraction(stored))
        self.crawler.spider = SimpleNamespace(run=run, accepts=accept)
        stages = [StripPipeline(self.crawler), StorePipeline(self.crawler)]
        if not accept:
            stages.insert(1, AcceptPipeline(self.crawler))
        item = Article(page, extraction, extraction.metadata, known)
        for stage in stages:
            stage.open_spider()
            item = self.loop.run_until_complete(stage.process_item(item))

    def extraction(self, copy: Copy) -> Extraction:
        title, authors, chosen = copy
        if 1 in self.ruled:  # a rule may be about the title too
            title = title.upper()
        texts = [TEXTS[n] for n in chosen if n not in self.ruled]
        return make_extraction(
            blocks=make_blocks(texts, score=5.0),
            metadata=make_metadata(title=title, authors=authors),
            basis=f"rules {sorted(self.ruled)}",
        )

    def classify(
        self, extraction: Extraction, _evidence: Evidence, *_more: object
    ) -> Classification:
        gone = {TEXTS[n] for n in self.boilerplate}
        return Classification(
            tuple(
                BlockClassification(b.position, b.text not in gone, b.text in gone, "repeated")
                for b in extraction.blocks
            ),
            0.9,
        )

    def reads(self, copy: Copy) -> tuple[str, tuple[str, ...], str]:
        """Title, authors and text of a copy as it reads today."""
        extraction = self.extraction(copy)
        gone = {TEXTS[n] for n in self.boilerplate}
        text = "\n\n".join(b.text for b in extraction.blocks if b.text not in gone)
        return extraction.metadata.title or "", copy[1], text.replace("\n\n\n", "\n\n")

    def new_kinds(self) -> list[str]:
        """The kinds of revisions that are new; of an old one, only ours may be found out later."""
        kind = "`change`" if self.database.dialect == "mysql" else "change"
        rows = self.rows(f"select revision, {kind} as kind from v1_revisions order by revision")
        found = {row["revision"]: row["kind"] for row in rows}
        assert all(found[n] in (was, "reextract") for n, was in self.kinds.items())
        new = [said for n, said in found.items() if n not in self.kinds]
        self.kinds = found
        return new

    def known(self):
        with self.database.reading() as conn:
            return known_pages.of_url(conn, self.url_id)

    def rows(self, query: str) -> list[dict[str, object]]:
        """Rows of a view, of this history's article."""
        mine = f"(select article_id from articles where url_id = {self.url_id})"
        head, order, tail = query.partition(" order by ")
        where = " and" if " where " in head else " where"
        with self.database.reading() as conn:
            found = conn.exec_driver_sql(f"{head}{where} article_id in {mine}{order}{tail}")
            return [dict(row) for row in found.mappings()]

    @staticmethod
    def last_change(conn) -> int:
        return int(conn.exec_driver_sql("select value from change_counter").scalar_one())

    def now(self):
        self.days += 1
        return NOW + timedelta(days=self.days)


@contextmanager
def histories_on(database: Database) -> Iterator[None]:
    DATABASE.append(database)
    try:
        yield
    finally:
        DATABASE.pop()
