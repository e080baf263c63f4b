"""What a site has taught, as people read it."""

from typing import Any

from crawler.reports import site_memory
from crawler.reports.site_memory import SHOWN, cut, distinct_texts, memory_lines
from models.db.database import Database
from models.evidence import SAMPLE
from models.memory import learned
from tests.factories import known_site
from tests.support.observations import Taught, teaches


def test_a_site_that_taught_nothing_says_so(sqlite: Database) -> None:
    with sqlite.transaction() as conn:
        lines = list(memory_lines(conn, known_site(conn), 9))
    assert lines == ["nothing yet; a site teaches once some of its pages are crawled"]


def test_texts_and_dom_paths_are_listed_with_their_pages(sqlite: Database) -> None:
    taught = Taught(sqlite)
    text = "Get the  best of our reporting, " * 4
    taught.remember(*(teaches(n, {1: text, n: f"own {n}"}, {7: (5, 10)}) for n in range(10, 20)))
    with sqlite.reading() as conn:
        heads, *lines = memory_lines(conn, taught.site_id, 1)
    assert heads.split() == ["id", "pages", "since", "reason", "text"]
    assert lines[0].split()[:2] == ["1", "10"]
    assert lines[0].endswith("…")
    assert lines[-1].split()[:3] == ["50", "%", "10"]
    assert lines[-1].endswith("div.p7")


def test_a_long_text_loses_its_end_and_a_long_path_its_beginning() -> None:
    assert cut("x" * SHOWN) == "x" * SHOWN
    assert cut("ab" * SHOWN) == ("ab" * SHOWN)[: SHOWN - 1] + "…"
    assert cut("ab" * SHOWN, end=True) == "…" + ("ab" * SHOWN)[1 - SHOWN :]


def test_a_full_sample_is_shown_as_at_least_so_many() -> None:
    pages: Any = site_memory._pages
    assert (pages(SAMPLE - 1), pages(SAMPLE)) == (str(SAMPLE - 1), f"{SAMPLE}+")


def test_a_text_and_its_variant_are_one_line(sqlite: Database) -> None:
    taught = Taught(sqlite)
    taught.remember(*(teaches(n, {1: "Same text", 2: "Same text", 3: "Other"}) for n in range(5)))
    with sqlite.reading() as conn:
        rows = learned.learned_blocks(conn, taught.site_id, 9)
    assert len(rows) == 3
    assert sorted(row.excerpt for row in distinct_texts(rows)) == ["Other", "Same text"]
