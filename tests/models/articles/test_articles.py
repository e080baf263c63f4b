"""Articles kept: stored, revised, unchanged, given back, withdrawn, on every database."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, text

from models.archive import captures
from models.articles import articles, known_pages
from models.articles import rows as article_rows
from models.articles.articles import Stored
from models.articles.change_kind import content_hash
from models.articles.extraction_codec import unpack
from models.db.database import Database
from models.duplicates.index import IndexEntry
from models.items import Article, Refresh, WarcLocation
from pipelines.duplicates.sketch import sketch
from tests.factories import (
    NOW,
    TEXT,
    known_site,
    known_url,
    make_article,
    make_block,
    make_block_classification,
    make_blocks,
    make_classification,
    make_extraction,
    make_key,
    make_metadata,
    make_page,
    open_run,
    store_article,
)

DAY = timedelta(days=1)
OTHER = TEXT.replace("Monday", "Tuesday night")


@pytest.fixture
def url_id(database: Database) -> int:
    with database.transaction() as conn:
        return known_url(conn, known_site(conn))


def keep(
    database: Database, article: Article, now: datetime = NOW, *, reextracted: bool = False
) -> Stored:
    with database.transaction() as conn:
        return store_article(conn, known_site(conn), article, now, reextracted=reextracted)


def rows(database: Database, query: str) -> list[tuple[object, ...]]:
    with database.reading() as conn:
        return [tuple(row) for row in conn.execute(text(query))]


def changes(database: Database) -> list[tuple[object, ...]]:
    return rows(database, "select revision, kind from v1_changes order by change_id")


def test_a_new_article_is_stored_as_its_first_revision(database: Database, url_id: int) -> None:
    kept = keep(database, make_article(url_id=url_id))
    assert (kept.revision, kept.outcome) == (1, "stored")
    [row] = rows(
        database,
        "select site, title, authors, tags, word_count, revision, duplicate_of, cluster_id,"
        " article_id, text from v1_articles",
    )
    assert row[:7] == ("example", "Harbour frozen", '["Ada Lind"]', '["weather"]', 13, 1, None)
    assert row[7] == row[8] == kept.article_id
    assert row[9] == TEXT
    assert changes(database) == [(1, "new")]


def test_the_same_text_again_is_unchanged_and_only_seen_later(
    database: Database, url_id: int
) -> None:
    keep(database, make_article(url_id=url_id))
    later = make_article(url_id=url_id, page=make_page(fetched_at=NOW + DAY))
    assert keep(database, later, NOW + DAY).outcome == "unchanged"
    with database.reading() as conn:
        known = known_pages.of_url(conn, url_id)
    assert known is not None
    assert (known.seen_at, known.first_seen_at) == (NOW + DAY, NOW)
    assert changes(database) == [(1, "new")]


@pytest.mark.parametrize(
    ("title", "new", "change"),
    [
        ("Harbour frozen", TEXT.replace("harbour", "harbor"), "typo"),
        ("Harbour frozen", TEXT + "\n\nThe ferry now calls at the north pier instead.", "update"),
        ("Harbour frozen", "All roads out of the valley were closed by the storm.", "rewrite"),
        ("Harbour frozen solid", TEXT, "headline"),
    ],
)
def test_another_text_is_a_revision_that_says_how_far_it_went(
    database: Database, url_id: int, title: str, new: str, change: str
) -> None:
    keep(database, make_article(url_id=url_id))
    kept = keep(database, make_article(new, title=title, url_id=url_id), NOW + DAY)
    assert (kept.revision, kept.outcome) == (2, "revised")
    column = "`change`" if database.dialect == "mysql" else "change"
    assert rows(database, f"select revision, {column}, text from v1_revisions order by 1") == [
        (1, "first", TEXT),
        (2, change, new),
    ]
    assert rows(database, "select revision, text from v1_articles") == [(2, new)]
    assert changes(database) == [(1, "new"), (2, "revised")]


def test_a_page_that_alternates_between_two_texts_has_two_revisions_for_ever(
    database: Database, url_id: int
) -> None:
    for n in range(6):
        keep(database, make_article((TEXT, OTHER)[n % 2], url_id=url_id), NOW + n * DAY)
    assert rows(database, "select revision from v1_revisions order by 1") == [(1,), (2,)]
    assert rows(database, "select revision, text from v1_articles") == [(2, OTHER)]
    assert [revision for revision, _ in changes(database)] == [1, 2, 1, 2, 1, 2]


def test_the_revision_after_a_return_has_a_number_of_its_own(
    database: Database, url_id: int
) -> None:
    for n, said in enumerate((TEXT, OTHER, TEXT, TEXT + "\n\nMore.")):
        keep(database, make_article(said, url_id=url_id), NOW + n * DAY)
    assert rows(database, "select revision from v1_articles") == [(3,)]


def test_a_refetch_fills_gaps_and_loses_nothing(database: Database, url_id: int) -> None:
    keep(database, make_article(url_id=url_id, metadata=make_metadata(description=None)))
    poorer = make_metadata(
        authors=(),
        description="Ice in the bay.",
        published_at=NOW.replace(hour=0, minute=0),
        published_precision="day",
        tags=(),
    )
    assert keep(database, make_article(url_id=url_id, metadata=poorer)).outcome == "unchanged"
    assert rows(
        database, "select authors, description, published_precision, tags from v1_articles"
    ) == [('["Ada Lind"]', "Ice in the bay.", "time", '["weather"]')]


def test_a_page_that_goes_back_brings_its_newer_facts_along(
    database: Database, url_id: int
) -> None:
    for n, said in enumerate((TEXT, OTHER, TEXT)):
        signed = make_metadata(authors=(f"Author {n}",))
        keep(database, make_article(said, url_id=url_id, metadata=signed), NOW + n * DAY)
    assert rows(database, "select revision, authors from v1_articles") == [(1, '["Author 2"]')]


def test_facts_that_a_fetch_corrected_are_of_that_copy(database: Database, url_id: int) -> None:
    """Read again, the copy before it would undo the correction."""
    copies = []
    for n in range(2):
        with database.transaction() as conn:
            site = known_site(conn)
            page = make_page(url_id=url_id, run_id=open_run(conn, site))
            copies.append(captures.keep(conn, page, WarcLocation("example/2026/run.warc.gz", n, 1)))
        signed = make_metadata(authors=(f"Author {n}",))
        page = replace(page, capture_id=copies[n])
        keep(database, make_article(url_id=url_id, page=page, metadata=signed), NOW + n * DAY)
    with database.reading() as conn:
        assert article_rows.captures_of(conn, [url_id]) == {url_id: copies[1]}


@pytest.mark.parametrize(("template", "of_copy"), [("template", 0), ("another", 1)])
def test_an_article_in_another_template_is_of_the_copy_that_shows_it(
    database: Database, url_id: int, template: str, of_copy: int
) -> None:
    numbers = []
    for n, key in enumerate(("template", template)):
        with database.transaction() as conn:
            page = make_page(url_id=url_id, run_id=open_run(conn, known_site(conn)))
            numbers.append(captures.keep(conn, page, WarcLocation(f"{n}.warc.gz", 0, 1)))
        page = replace(page, capture_id=numbers[-1])
        extraction = make_extraction(template_key=make_key(key))
        keep(database, make_article(url_id=url_id, page=page, extraction=extraction))
    with database.reading() as conn:
        known = known_pages.of_url(conn, url_id)
    assert known is not None
    assert (known.capture_id, known.template_key) == (numbers[of_copy], make_key(template))
    assert rows(database, "select count(*) from v1_revisions") == [(1,)]


def test_other_authors_of_the_same_text_are_told_to_readers(
    database: Database, url_id: int
) -> None:
    keep(database, make_article(url_id=url_id))
    other = make_article(url_id=url_id, metadata=make_metadata(authors=("Bo Ek",)))
    kept = keep(database, other)
    assert (kept.revision, kept.outcome) == (1, "revised")
    assert rows(database, "select authors from v1_articles") == [('["Bo Ek"]',)]
    assert changes(database) == [(1, "new"), (1, "revised")]


def test_a_reextraction_has_the_last_word_on_the_page_that_it_read(
    database: Database, url_id: int
) -> None:
    keep(database, make_article(url_id=url_id))
    better = make_article(url_id=url_id, metadata=make_metadata(authors=(), description="Ice."))
    assert keep(database, better, NOW + DAY, reextracted=True).outcome == "revised"
    assert rows(database, "select authors, description from v1_articles") == [("[]", "Ice.")]
    keep(database, make_article(OTHER, url_id=url_id), NOW + DAY, reextracted=True)
    column = "`change`" if database.dialect == "mysql" else "change"
    assert rows(database, f"select {column} from v1_revisions order by revision") == [
        ("first",),
        ("reextract",),
    ]


def test_a_withdrawn_article_keeps_its_text_and_comes_back(database: Database, url_id: int) -> None:
    keep(database, make_article(url_id=url_id))
    with database.transaction() as conn:
        assert articles.withdraw(conn, url_id, NOW + DAY)
        assert not articles.withdraw(conn, url_id, NOW + DAY)
    [(said, withdrawn)] = rows(database, "select text, withdrawn_at from v1_articles")
    assert (said, withdrawn is None) == (TEXT, False)
    assert keep(database, make_article(url_id=url_id), NOW + 2 * DAY).outcome == "unchanged"
    assert rows(database, "select withdrawn_at from v1_articles") == [(None,)]
    assert changes(database) == [(1, "new"), (1, "withdrawn"), (1, "restored")]


def test_a_page_not_modified_brings_a_withdrawn_article_back(
    database: Database, url_id: int
) -> None:
    keep(database, make_article(url_id=url_id))
    with database.transaction() as conn:
        assert not articles.found_again(conn, url_id, NOW)
        articles.withdraw(conn, url_id, NOW)
        assert articles.found_again(conn, url_id, NOW + DAY)
    assert [kind for _, kind in changes(database)] == ["new", "withdrawn", "restored"]


def test_neighbouring_removed_blocks_of_one_reason_are_one_row(
    database: Database, url_id: int
) -> None:
    blocks = make_blocks(["Home", "News " * 60, "The harbour froze.", "Also read", "Ice tips"])
    classified = [
        make_block_classification(0, reason="navigation", evidence={"pages": 3}),
        make_block_classification(1, reason="navigation"),
        make_block_classification(2, keep=True, reason="other"),
        make_block_classification(3, reason="related", evidence={"pages": 9}),
        make_block_classification(4, keep=True, changed=False, reason="related"),
    ]
    keep(
        database,
        make_article(
            url_id=url_id,
            extraction=make_extraction(blocks=blocks),
            classification=make_classification(classified),
        ),
    )
    columns = "position, excerpt, reason, evidence"
    assert rows(database, f"select {columns} from v1_removed_blocks order by 1") == [
        (0, "Home", "navigation", '{"blocks": 2, "pages": 3}'),
        (3, "Also read", "related", '{"blocks": 1, "pages": 9}'),
    ]
    assert rows(database, f"select {columns} from v1_restored_blocks") == [
        (2, "The harbour froze.", "other", '{"blocks": 1}')
    ]


def test_an_excerpt_has_at_most_200_characters(database: Database, url_id: int) -> None:
    article = make_article(
        url_id=url_id,
        extraction=make_extraction(blocks=(make_block("x" * 900),)),
        classification=make_classification([make_block_classification(0)]),
    )
    keep(database, article)
    assert rows(database, "select length(excerpt) from v1_removed_blocks") == [(200,)]


def test_what_extraction_found_can_be_loaded_again_whole(database: Database, url_id: int) -> None:
    blocks = make_blocks(
        ["Ä 𠀋 🧊", "second"], dom_path="div>p", features=(0.25, -3.5), hint="advert"
    )
    extraction = make_extraction(blocks=blocks, agreement=0.75, interstitial="paywall")
    kept = keep(database, make_article(url_id=url_id, extraction=extraction))
    with database.reading() as conn:
        [known] = known_pages.of_urls(conn, [url_id, 99])
    assert known.article_id == kept.article_id
    assert unpack(known.packed) == extraction


def test_another_classification_gives_the_current_revision_another_text(
    database: Database, url_id: int
) -> None:
    kept = keep(database, make_article(url_id=url_id))
    classification = make_classification([make_block_classification(1)], certainty=0.5)
    shorter = TEXT.split("\n\n")[0]

    def retext(conn: Connection) -> bool:
        known = known_pages.get(conn, kept.article_id)
        entry = IndexEntry(known.article_id, known.revision, *sketch(shorter))
        return articles.reclassify(
            conn, known, shorter, classification, make_extraction(), entry, (), NOW + DAY
        )

    assert database.patiently(retext)
    assert rows(database, "select revision, text, word_count from v1_articles") == [(1, shorter, 5)]
    assert rows(database, "select position, reason from v1_removed_blocks") == [(1, "repeated")]
    assert changes(database) == [(1, "new"), (1, "revised")]
    assert keep(database, make_article(shorter, url_id=url_id)).outcome == "unchanged"


HYPHENED = TEXT.replace("harbour", "har\u00adbour").replace("Monday", "Mon\u00adday")


@pytest.mark.parametrize("how", ["reextract", "reread", "reclassified", "classified"])
def test_a_text_that_is_read_without_what_nobody_sees_is_amended_and_nobody_told(
    database: Database, url_id: int, how: str
) -> None:
    assert HYPHENED != TEXT
    kept = keep(database, make_article(HYPHENED, url_id=url_id), NOW)
    extraction, classification = make_extraction(), make_classification()
    if how == "reextract":
        stored = keep(database, make_article(url_id=url_id), NOW + DAY, reextracted=True)
        assert stored.outcome == "unchanged"
    elif how == "classified":
        entry = IndexEntry(kept.article_id, 1, *sketch(TEXT))

        def classified(conn: Connection) -> bool:
            known = known_pages.get(conn, kept.article_id)
            return articles.reclassify(
                conn, known, TEXT, classification, extraction, entry, (), NOW + DAY
            )

        assert database.patiently(classified)
    else:
        digest = content_hash("Harbour frozen", TEXT)
        refresh = Refresh(
            "Harbour frozen", TEXT, digest, extraction, classification, sketch(TEXT),
            reread=how == "reread",
        )  # fmt: skip
        copy = make_article(url_id=url_id, refresh=refresh)
        assert keep(database, copy, NOW + DAY).outcome == "unchanged"
    assert rows(database, "select revision, text, content_hash, word_count from v1_articles") == [
        (1, TEXT, content_hash("Harbour frozen", TEXT), 13)
    ]
    assert rows(database, "select revision from v1_revisions") == [(1,)]
    assert changes(database) == [(1, "new")]
    assert keep(database, make_article(url_id=url_id), NOW + DAY).outcome == "unchanged"


def test_texts_of_all_scripts_and_lengths_come_back_as_they_were(
    database: Database, url_id: int
) -> None:
    said = "Ångström e\u0301 𠀋 🧊👩‍🚀 " + "ж" * 70_000
    title, address = "T" * 7_990 + "𝔗", "https://example.test/" + "a" * 7_980
    page = make_page(url=address, final_url=address)
    dirty = make_article(
        said + "\x00\ud800", title=title + "\x00", url_id=url_id, page=page,
    )  # fmt: skip
    keep(database, dirty)
    [(stored, headline, url)] = rows(database, "select text, title, url from v1_articles")
    assert stored == said.replace("e\u0301", "é")
    assert (headline, url) == (title, address)
    again = replace(dirty, text=said.replace("e\u0301", "é"))
    assert keep(database, again).outcome == "unchanged"


def test_an_article_without_text_is_a_fault_of_ours(database: Database, url_id: int) -> None:
    with pytest.raises(ValueError, match="without text"):
        keep(database, replace(make_article(url_id=url_id), text=None))


def test_the_same_text_is_found_at_other_urls_of_the_site(database: Database, url_id: int) -> None:
    with database.transaction() as conn:
        other = known_url(conn, known_site(conn), "https://example.test/other")
        foreign = known_url(conn, known_site(conn, "second"), "https://second.test/x")
    first, second = (keep(database, make_article(url_id=n)) for n in (url_id, other))
    with database.transaction() as conn:
        store_article(conn, known_site(conn, "second"), make_article(url_id=foreign), NOW)
        site_id = known_site(conn)
    with database.reading() as conn:
        twins = articles.twins(conn, site_id, make_article(url_id=0))
        assert [twin.article_id for twin in twins] == [first.article_id, second.article_id]
        own = articles.twins(conn, site_id, make_article("Another text.", url_id=url_id))
        assert [twin.article_id for twin in own] == [first.article_id]
        page = known_pages.of_site(conn, site_id, after_id=first.article_id)
        assert [article.article_id for article in page] == [second.article_id]
    keep(database, make_article("Another text.", url_id=other))
    with database.reading() as conn:  # what an article said once is no copy of it
        twins = articles.twins(conn, site_id, make_article(url_id=0))
        assert [twin.article_id for twin in twins] == [first.article_id]
