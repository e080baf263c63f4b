"""Revisions are what the publisher changed: random histories of one page, on every database."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from models.articles import articles
from models.articles.change_kind import change_between, content_hash
from models.db.database import Database
from models.sites.config import ExtractionRules
from pipelines import reclassify
from pipelines.strip import StripPipeline
from tests.support.desk import Desk
from tests.support.page_history import COPIES, SIGNED, TITLES, Copy, PageHistory, histories_on
from tests.support.site_server import XML, SiteServer, sitemap
from tests.support.small_site import BOX, CALL, html


class History(PageHistory):
    """What its publisher and we do to a page, and what its readers see."""

    # ------------------------------------------------------------ what happens

    @rule(copy=COPIES, accept=st.booleans())
    def fetched(self, copy: Copy, accept: bool) -> None:
        known = self.known()
        today = None
        if known is not None and known.capture_id is not None:
            today = self.reads(self.copies[known.capture_id])
        self.brought("recrawl", copy, None, accept=accept)
        title, authors, text = self.reads(copy)
        now = self.known()
        assert now is not None and (now.title, now.text) == (title, text)
        assert now.facts["authors"] == list(authors) or known is not None
        new = self.new_kinds()
        if new and known is not None and today is not None:
            change = change_between(today[0] or "", today[2], title, text)
            ours = today[0] == title and today[2] == text
            assert set(new) <= ({"reextract"} if ours else {"reextract", change}), new

    @rule()
    def read_again(self) -> None:
        """`reextract`: the archived copy of the current revision."""
        known = self.known()
        if known is None or known.capture_id is None:
            return
        copy = self.copies[known.capture_id]
        self.brought("reextract", copy, known.capture_id, accept=True)
        now, (title, _, text) = self.known(), self.reads(copy)
        assert now is not None and (now.title, now.text) == (title, text)
        assert set(self.new_kinds()) <= {"reextract"}

    @rule(block=st.sampled_from(range(1, 3)), read_again=st.booleans())
    def taught_or_forgotten(self, block: int, read_again: bool) -> None:
        self.boilerplate ^= {block}
        if read_again:
            self.reclassified()

    @rule(block=st.sampled_from(range(1, 3)))
    def rules_edited(self, block: int) -> None:
        self.ruled ^= {block}

    def reclassified(self) -> None:
        work = reclassify.reclassify_all(
            StripPipeline(self.crawler).writer, self.site_id, ExtractionRules(), self.now(),
            lambda _: True,
        )  # fmt: skip
        self.loop.run_until_complete(work)
        assert self.new_kinds() == []

    @rule(found=st.booleans())
    def answered_without_a_copy(self, found: bool) -> None:
        """304, or 404 until the run ends."""
        answer = articles.found_again if found else articles.withdraw
        with self.database.transaction() as conn:
            answer(conn, self.url_id, self.now())

    # ------------------------------------------------------------ what must hold

    @invariant()
    def holds(self) -> None:
        self.no_two_revisions_say_the_same()
        self.the_first_revision_alone_is_first()
        self.readers_hear_of_each_change_once()

    def no_two_revisions_say_the_same(self) -> None:
        rows = self.rows("select revision, title, text, content_hash from v1_revisions")
        for row in rows:
            assert content_hash(row["title"], row["text"]) == row["content_hash"]
        assert len({row["content_hash"] for row in rows}) == len(rows)

    def the_first_revision_alone_is_first(self) -> None:
        self.new_kinds()
        assert [n for n, kind in self.kinds.items() if kind == "first"] == [1][: len(self.kinds)]

    def readers_hear_of_each_change_once(self) -> None:
        found = self.rows(
            "select article_id, revision, content_hash, title, text, authors, published_at,"
            " withdrawn_at from v1_articles"
        )
        now = found[0] if found else None
        told = self.rows(
            "select revision, kind from v1_changes"
            f" where change_id > {self.first_change + len(self.told)} order by change_id"
        )
        kinds = sorted(row["kind"] for row in told)
        assert kinds == sorted(self._expected(self.seen, now))
        assert all(now is not None and row["revision"] == now["revision"] for row in told)
        self.told += [(row["revision"], row["kind"]) for row in told]
        self.seen = now
        if now is not None:  # whoever replays the feed has the same
            replayed = [kind for _, kind in self.told if kind in ("withdrawn", "restored")]
            assert (replayed[-1:] == ["withdrawn"]) == (now["withdrawn_at"] is not None)
            assert self.told[-1][0] == now["revision"]

    @staticmethod
    def _expected(was: dict[str, object] | None, now: dict[str, object] | None) -> Iterator[str]:
        if was is None or now is None:
            yield from () if now is None else ("new",)
            return
        if (was["withdrawn_at"] is None) != (now["withdrawn_at"] is None):
            yield "restored" if now["withdrawn_at"] is None else "withdrawn"
        if any(was[name] != now[name] for name in was.keys() - {"withdrawn_at"}):
            yield "revised"


@contextmanager
def history_on(database: Database) -> Iterator[History]:
    """A history that is written out; what must hold is asked after each step."""
    with histories_on(database):
        page = Told()
        try:
            yield page
        finally:
            page.teardown()


class Told(History):
    """A history that asks what must hold after each step."""

    def fetched(self, copy: Copy, accept: bool) -> None:
        super().fetched(copy, accept)
        self.holds()

    def taught_or_forgotten(self, block: int, read_again: bool) -> None:
        super().taught_or_forgotten(block, read_again)
        self.holds()


BARE, BOXED = ((TITLES[0], SIGNED[0], blocks) for blocks in ((0,), (0, 1)))
OTHER = (TITLES[0], SIGNED[0], (0, 2))


def test_a_box_that_the_site_is_found_to_repeat_leads_back_to_the_text_before(
    database: Database,
) -> None:
    with history_on(database) as page:
        page.fetched(BARE, accept=False)
        page.fetched(BOXED, accept=False)
        page.taught_or_forgotten(1, read_again=True)
        assert page.told == [(1, "new"), (2, "revised"), (1, "revised")]
        assert page.kinds == {1: "first", 2: "reextract"}


@pytest.mark.slow
def test_a_copy_that_says_what_readers_see_changes_nothing(database: Database) -> None:
    with history_on(database) as page:
        page.fetched(BOXED, accept=False)
        page.taught_or_forgotten(1, read_again=False)
        page.rules_edited(2)
        page.fetched(OTHER, accept=False)  # told once, of what we learned alone
        page.taught_or_forgotten(1, read_again=False)
        page.rules_edited(2)
        page.fetched(BARE, accept=False)
        assert page.told == [(1, "new"), (2, "revised")]


def test_a_text_that_came_back_is_of_the_copy_that_brought_it(database: Database) -> None:
    with history_on(database) as page:
        page.fetched(OTHER, accept=False)
        page.fetched(BARE, accept=False)
        page.taught_or_forgotten(1, read_again=False)
        page.fetched((TITLES[0], SIGNED[0], (0, 1, 2)), accept=True)  # reads as the first did
        known = page.known()
        assert known.revision == 1 and page.copies[known.capture_id][2] == (0, 1, 2)
        page.taught_or_forgotten(2, read_again=False)
        page.taught_or_forgotten(1, read_again=False)
        page.fetched((TITLES[1], SIGNED[0], (0,)), accept=False)
        assert page.kinds[page.known().revision] == "update"


@pytest.mark.slow
def test_no_history_makes_a_revision_that_the_publisher_did_not(database: Database) -> None:
    examples = settings.default.max_examples // (4 if database.dialect == "sqlite" else 25)
    few = settings(
        max_examples=examples, stateful_step_count=20, deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    with histories_on(database):
        run_state_machine_as_test(History, settings=few)


NEW = (
    "Follow our new channel for the latest from the county and share it with your friends.",
    "Our new app brings the county to your phone, day and night, for nothing at all.",
)


@pytest.mark.parametrize(("boxes", "misread"), [((CALL, BOX), 0), (NEW, 9)])
def test_a_new_template_is_no_edit(tmp_path: Path, boxes: tuple[str, ...], misread: int) -> None:
    desk, numbers = Desk(tmp_path), range(12)
    desk.upgrade()
    with SiteServer() as site:
        urls = [f"{site.url}/news/district-{n}-decides" for n in numbers]
        desk.write_site("small", f"{site.url}/", f'[sources]\nsitemaps = ["{site.url}/map.xml"]')
        site.page("/map.xml", sitemap(urls), content_type=XML)
        for template, spider in (("story", "discover"), ("tale", "recrawl"), ("tale", "recrawl")):
            for n in numbers:
                body = html(n, template=template).decode()
                if template == "tale":
                    body = body.replace("</h1>", f"</h1><p>{boxes[0]}</p><p>{boxes[1]}</p>")
                site.page(f"/news/district-{n}-decides", body)
            desk.crawl("small", spider)
    said = desk.rows("SELECT article_id, revision, change, content_hash FROM v1_revisions")
    assert len({row["article_id"] for row in said}) == len(numbers)
    assert len({(row["article_id"], row["content_hash"]) for row in said}) == len(said)
    later = [row["change"] for row in said if row["revision"] > 1]
    assert set(later) <= {"reextract"} and len(later) <= misread, "pages met before it was known"
    texts = desk.rows("SELECT revision, text FROM v1_articles")
    assert {row["revision"] for row in texts} == {1}
    assert not any(box in row["text"] for row in texts for box in boxes)
