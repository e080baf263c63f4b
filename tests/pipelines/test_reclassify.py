"""What a site taught reaches all its pages: in any order, after a kill, and back when revoked."""

import asyncio
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.operations import site_memory
from models.articles import known_pages
from models.articles.classifications import load, summary
from models.articles.extraction_codec import unpack
from models.db.database import Database
from models.db.writer import Writer
from models.errors import UsageError
from models.memory.cache import EvidenceCache
from models.text import clean
from pipelines import decider, reclassify
from pipelines.boilerplate.observation import observation_of
from pipelines.kept_text import text_of
from pipelines.reclassify import reclassify_queued
from tests.databases import AtHead
from tests.factories import NOW, make_site
from tests.support.small_site import (
    BOX,
    CALL,
    SmallSite,
    decides_as,
    extraction_of,
    plain_classify,
    sentence,
    url_of,
)


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests are about the site memory and reclassification, not about the fitted models."""
    for module in (decider, reclassify):
        monkeypatch.setattr(module, "classify", plain_classify)
    monkeypatch.setattr(reclassify, "decide", decides_as(plain_classify))


@pytest.fixture
def site(sqlite_url: str) -> SmallSite:
    return SmallSite(sqlite_url)


@pytest.fixture
def new_site(tmp_path: Path, at_head: AtHead) -> Iterator[Callable[[], SmallSite]]:
    """As many empty sites as a test asks for."""
    made = 0

    def make() -> SmallSite:
        nonlocal made
        made += 1
        folder = tmp_path / str(made)
        folder.mkdir()
        with at_head.database("sqlite", folder) as url:
            return SmallSite(url)

    yield make


def test_the_first_pages_gain_from_what_the_later_ones_taught(site: SmallSite) -> None:
    stats = site.crawl(range(8))
    texts = site.texts()
    assert not any(CALL in text or BOX in text for text in texts.values())
    for number in range(8):
        assert sentence(number, 0) in texts[url_of(number)]
        assert sentence(number, 19) in texts[url_of(number)]
    assert stats["reclassify/changed"] >= 1


def test_a_second_thought_is_the_same_revision(site: SmallSite) -> None:
    site.crawl(range(8))
    assert site.ask("select count(*), max(revision) from revisions") == [(8, 1)]
    assert site.ask("select count(*) from changes where kind = 'revised'")[0][0] >= 1


def test_readers_see_why_a_box_went(site: SmallSite) -> None:
    site.crawl(range(8))
    found = site.ask(
        "select distinct reason from block_classifications where excerpt like 'Get the best%'"
    )
    assert found == [("repeated",)]


def test_any_order_split_or_repetition_ends_in_the_same_texts(
    new_site: Callable[[], SmallSite],
) -> None:
    expected = new_site()
    expected.crawl(range(9))

    @settings(
        max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(
        order=st.permutations(range(9)),
        again=st.lists(st.integers(0, 8), max_size=5),
        split=st.integers(0, 9),
        at_once=st.integers(1, 4),
    )
    def holds(order: list[int], again: list[int], split: int, at_once: int) -> None:
        site = new_site()
        site.crawl(order[:split], at_once=at_once)
        site.crawl([*order[split:], *again], at_once=at_once)
        assert site.texts() == expected.texts()
        assert site.ask("select max(revision) from revisions") == [(1,)]

    holds()


def test_no_order_matters_past_full_samples_either(new_site: Callable[[], SmallSite]) -> None:
    ended = []
    for seed in range(3):
        order = list(range(24))
        random.Random(seed).shuffle(order)
        site = new_site()
        site.crawl(order, at_once=4)
        ended.append(site.texts())
    assert ended[0] == ended[1] == ended[2]


@pytest.mark.parametrize("seed", range(3))
def test_pages_are_stored_as_each_would_be_classified_in_full(site: SmallSite, seed: int) -> None:
    order = list(range(24))
    random.Random(seed).shuffle(order)
    site.crawl(order[:15], at_once=4)
    site.crawl(order[15:], at_once=4)
    database = Database.open(site.url)
    with database.reading() as conn:
        for known in known_pages.of_site(conn, 1):
            extraction = unpack(known.packed or b"")
            shown = observation_of(known.url, known.url_id, known.fetched_at, extraction)
            evidence = EvidenceCache(1).evidence(conn, shown)
            found = plain_classify(extraction, evidence, known.url_id)
            assert known.text == clean(text_of(extraction, found))
            rows = summary(extraction, found.blocks)
            assert load(conn, [known.article_id])[known.article_id] == [
                (row["position"], row["action"], row["reason"]) for row in rows
            ]
    database.close()


@pytest.mark.slow  # for its size
@pytest.mark.parametrize("pages", [20, 90])
def test_a_new_page_has_as_many_classified_again_on_a_large_site_as_on_a_small_one(
    site: SmallSite, pages: int
) -> None:
    """A new page changes a sample of 16 in 16 of n cases, and then n pages are concerned."""
    site.crawl(range(pages))
    news = range(pages, pages + 16)
    again = [site.crawl([number])["reclassify/classified"] for number in news]
    assert sum(again) / len(again) <= 40, again
    assert site.ask("select count(*) from reclassify_queue") == [(0,)]
    assert site.ask("select count(*) from changed_entries") == [(0,)]


def test_two_crawlers_at_once_end_in_the_same_texts(new_site: Callable[[], SmallSite]) -> None:
    alone, shared = new_site(), new_site()
    alone.crawl(range(10))
    shared.crawl([0])  # the site and its tables are known to both

    async def together() -> None:
        one = shared._crawl([*range(6)], [extraction_of(n) for n in range(6)], 2, True)
        other = shared._crawl(
            [*range(9, 3, -1)], [extraction_of(n) for n in range(9, 3, -1)], 2, True
        )
        await asyncio.gather(one, other)

    asyncio.run(together())
    assert shared.texts() == alone.texts()


def test_a_run_that_was_killed_leaves_its_second_thoughts_to_the_next(
    new_site: Callable[[], SmallSite],
) -> None:
    whole, killed = new_site(), new_site()
    whole.crawl(range(10))
    killed.crawl(range(9), finish=False)
    killed.crawl([9])
    assert killed.texts() == whole.texts()


def test_copies_of_one_article_never_make_its_text_boilerplate(site: SmallSite) -> None:
    site.crawl(range(6), extractions=[extraction_of(0)] * 6)
    assert all(sentence(0, 4) in text for text in site.texts().values())


def test_a_site_of_one_page_keeps_it(site: SmallSite) -> None:
    site.crawl([0, 0, 0])
    assert sentence(0, 4) in site.texts()[url_of(0)]


def test_a_refused_classification_is_counted_and_reported(site: SmallSite) -> None:
    thin = extraction_of(5)
    kept = [b for b in thin.blocks if b.text in (CALL, BOX) or sentence(5, 0) in b.text]
    blocks = (replace(b, kept=True, text=b.text[:100]) for b in kept)
    thin = replace(thin, blocks=tuple(replace(b, position=i) for i, b in enumerate(blocks)))
    stats = site.crawl(range(6), extractions=[*map(extraction_of, range(5)), thin])
    assert stats["strip/refused"] >= 1
    assert CALL in site.texts()[url_of(5)]
    [(detail,)] = site.ask("select detail from site_events where kind = 'classification refused'")
    assert "most would be gone" in detail
    assert url_of(5) in detail


def test_a_changed_template_is_reported_with_its_first_page_and_run(site: SmallSite) -> None:
    site.crawl(range(20))
    renewed = [extraction_of(n, "tale") for n in range(20, 36)]
    site.crawl(range(20, 36), extractions=renewed)
    [(detail, run_id)] = site.ask(
        "select detail, run_id from site_events where kind = 'template changed'"
    )
    assert run_id == 2
    [(first,)] = site.ask(f"select url_id from urls where url = '{url_of(20)}'")
    assert f'"first_page": {first}' in detail


def test_blocks_that_cannot_be_read_are_reported_and_their_page_left(
    site: SmallSite, caplog: pytest.LogCaptureFixture
) -> None:
    site.crawl(range(4))
    before = site.texts()
    site.ask("update extractions set blocks = x'00' where article_id in (1, 2)")
    stats = site.crawl(range(4, 8))
    assert stats["reclassify/unreadable"] >= 2
    assert sum("cannot be read" in record.message for record in caplog.records) == 1
    assert site.texts()[url_of(0)] == before[url_of(0)]


def test_corrupt_memory_is_reported_once_and_left_out(
    site: SmallSite, caplog: pytest.LogCaptureFixture
) -> None:
    site.crawl(range(4))
    site.ask("update memory_occurrences set kept_words = -5 where words is not null")
    stats = site.crawl(range(4, 6))
    assert stats["strip/memory_corrupt"] >= 1
    assert site.ask("select count(*) from site_events where kind = 'memory corrupt'") == [(1,)]
    assert "scrapy sites forget" in caplog.text
    assert len(site.texts()) == 6


def test_a_bounded_reclassification_goes_on_where_it_stopped(site: SmallSite) -> None:
    site.crawl(range(8), finish=False)

    def reclassified(most: int) -> tuple[int, int]:
        writer = Writer(Database.open(site.url))
        rules = make_site().extraction
        try:
            done = asyncio.run(reclassify_queued(writer, 1, rules, NOW, most))
        finally:
            writer.close()
        return done.classified, done.left

    waiting = site.ask("select count(*) from reclassify_queue")[0][0]
    assert waiting > 0
    assert reclassified(1) == (waiting, 0)  # one batch at least, and a batch is larger
    assert reclassified(100)[1] == 0
    assert reclassified(100) == (0, 0)


def test_a_revoked_text_comes_back_and_stays(site: SmallSite) -> None:
    site.crawl(range(8))
    [(block, *_)] = site.ask(
        "select entry_key from memory_entries where kind = 'block' and text like 'Get the best%'"
        " limit 1"
    )
    assert forget(site, str(block)) == 0
    mended = site.texts()
    assert sum(CALL in text for text in mended.values()) >= 5  # where the page itself keeps it
    assert not any(BOX in text for text in mended.values())
    site.crawl(range(8, 11))
    assert sum(CALL in text for text in site.texts().values()) >= 7


def test_a_forgotten_site_reads_as_its_pages_alone_say(site: SmallSite) -> None:
    site.crawl(range(8))
    forget(site, None)
    alone = {
        url_of(n): "\n\n".join(b.text for b in extraction_of(n).blocks if b.kept) for n in range(8)
    }
    assert site.texts() == alone


@pytest.mark.parametrize("block", ["12", "vote"])
def test_revoking_what_is_not_there_says_where_to_look(site: SmallSite, block: str) -> None:
    site.crawl(range(2))
    with pytest.raises(UsageError, match="scrapy sites memory example"):
        forget(site, block)


def test_the_memory_is_listed_with_texts_and_places(
    site: SmallSite, capsys: pytest.CaptureFixture[str]
) -> None:
    site.crawl(range(8))
    database = Database.open(site.url)
    assert site_memory.show(database, make_site(), 20) == 0
    database.close()
    lines = capsys.readouterr().out.splitlines()
    assert any("repeated" in line and "Get the best of our reporting" in line for line in lines)
    assert any("story-body" in line and "%" in line for line in lines)


def forget(site: SmallSite, block: str | None) -> int:
    database = Database.open(site.url)
    try:
        return site_memory.forget(database, make_site(), site_memory.Wanted(block))
    finally:
        database.close()
