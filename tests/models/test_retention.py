"""What is old goes, and never what a current text rests on."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Table, func, select, text

from models import retention
from models.archive import capture_parts, captures
from models.archive.blanking import blank
from models.archive.captures import CAPTURES, CaptureArchive
from models.archive.places import ArchivePlaces
from models.archive.warc import read_record
from models.articles.revisions import REVISIONS
from models.crawl import frontier
from models.crawl.run import Run
from models.crawl.run_rows import OUTCOMES
from models.db.database import Database
from models.erasures import removal
from models.errors import UsageError
from models.items import Link
from models.outcomes import Outcome
from models.retention import Keep, Removal
from models.scheduling import record_outcome, run_lifecycle
from tests.factories import NOW, make_article, make_page, make_site, store_article
from tests.support.desk import scrapy

DAY = timedelta(days=1)
ALL = Keep(NOW, NOW, NOW)


def crawl(
    conn: Connection, archive: Path, day: int, texts: dict[str, str], *, end: bool = True
) -> Run:
    """A run on a day before NOW: each page archived; '' is one that is no article."""
    now = NOW - day * DAY
    run = run_lifecycle.begin(conn, make_site(), "discover", f"test:{day}:ab", now)
    warc = CaptureArchive(archive, run.run_id)
    for name, said in texts.items():
        url = f"https://example.test/{name}"
        frontier.add_links(conn, run.site_id, [Link(url, "feed")], now)
        row = frontier.find(conn, url)
        assert row is not None
        number = row.url_id
        frontier.claim_these(conn, [number], run.owner, now + DAY, now)
        page = make_page(url=url, url_id=number, run_id=run.run_id, fetched_at=now)
        capture_id = captures.keep(conn, page, warc.append(page))
        outcome = Outcome.NOT_ARTICLE
        if said:
            kept = make_page(**{**_fields(page), "capture_id": capture_id})
            article = make_article(said, url_id=number, page=kept)
            outcome = Outcome(store_article(conn, run.site_id, article, now).outcome)
        record_outcome.record_outcome(conn, run, number, outcome, now)
    warc.sync()
    warc.close()
    if end:
        run_lifecycle.end(conn, run, "done", None, now)
    return run


def _fields(page: object) -> dict[str, object]:
    return {name: getattr(page, name) for name in page.__dataclass_fields__}


def three_runs(database: Database, archive: Path) -> None:
    """a is revised twice, b never; c is no article; the first run has a file of its own."""
    with database.transaction() as conn:
        crawl(conn, archive, 30, {"a": "One.", "c": ""})
        crawl(conn, archive, 20, {"a": "One and two.", "b": "Of the bridge."})
        crawl(conn, archive, 10, {"a": "One, two and three.", "c": ""})


def rows(conn: Connection, table: Table) -> int:
    return int(conn.execute(select(func.count()).select_from(table)).scalar_one())


def test_what_is_old_goes_and_what_a_current_text_rests_on_stays(
    database: Database, tmp_path: Path
) -> None:
    three_runs(database, tmp_path)
    keep = Keep(NOW - 5 * DAY, NOW - 15 * DAY, NOW - 5 * DAY)
    with database.reading() as conn:
        said = retention.count(conn, keep, ArchivePlaces(tmp_path))
    assert (said.captures, said.files, said.outcomes, said.revisions) == (3, 1, 4, 1)
    assert said.bytes > 0
    assert retention.prune(database, keep, ArchivePlaces(tmp_path)) == said
    with database.reading() as conn:
        current = conn.execute(text("select text, capture_id from v1_revisions")).all()
        assert {row.text for row in current} == {
            "One and two.",  # what stood last, for where the edit was none
            "One, two and three.",
            "Of the bridge.",
        }
        kept = conn.execute(select(CAPTURES)).all()
        assert {row.capture_id for row in kept} == {row.capture_id for row in current}
        for row in kept:
            place = tmp_path / row.warc_file, row.warc_offset, row.warc_length, row.body_size
            assert read_record(*place).url == row.final_url
        assert rows(conn, OUTCOMES) == 2
        counted = conn.execute(
            text("select run_id, urls, stored from v1_runs order by run_id")
        ).all()
        assert [row.urls for row in counted] == [2, 2, 2], "runs add up as before"
    assert len(list(tmp_path.rglob("*.warc.gz"))) == 2
    assert not retention.prune(database, keep, ArchivePlaces(tmp_path))


def test_a_file_in_which_erase_left_nothing_goes(sqlite: Database, tmp_path: Path) -> None:
    three_runs(sqlite, tmp_path)
    with sqlite.reading() as conn:
        [(name, _)] = conn.execute(
            select(CAPTURES.c.warc_file, func.min(CAPTURES.c.run_id)).where(CAPTURES.c.run_id == 2)
        ).all()
    keep = Keep(captures=NOW - 99 * DAY)
    blank(tmp_path / name, lambda url: url.endswith("/a"))
    with sqlite.transaction() as conn:
        removal.remove_captures(conn, [3, 4])
    assert retention.prune(sqlite, keep, ArchivePlaces(tmp_path)) == Removal(), "a record is left"
    size = (tmp_path / name).stat().st_size
    blank(tmp_path / name, lambda _: True)
    with sqlite.reading() as conn:
        said = retention.count(conn, keep, ArchivePlaces(tmp_path))
    assert said == Removal(files=1, bytes=size)
    assert retention.prune(sqlite, Keep(), ArchivePlaces(tmp_path)) == Removal()
    assert retention.prune(sqlite, keep, ArchivePlaces(tmp_path)) == said
    assert not (tmp_path / name).exists()
    assert len(list(tmp_path.rglob("*.warc.gz"))) == 2


def test_nothing_goes_where_all_is_kept(sqlite: Database, tmp_path: Path) -> None:
    three_runs(sqlite, tmp_path)
    assert retention.prune(sqlite, Keep(), ArchivePlaces(tmp_path)) == Removal()
    old = Keep(*[NOW - 99 * DAY] * 3)
    assert retention.prune(sqlite, old, ArchivePlaces(tmp_path)) == Removal()


def test_a_past_revision_keeps_its_text_when_its_capture_goes(
    sqlite: Database, tmp_path: Path
) -> None:
    three_runs(sqlite, tmp_path)
    retention.prune(sqlite, Keep(captures=NOW), ArchivePlaces(tmp_path))
    with sqlite.reading() as conn:
        past = select(REVISIONS.c.text).where(REVISIONS.c.capture_id.is_(None))
        assert set(conn.execute(past).scalars()) == {"One."}


def test_a_page_that_went_back_keeps_its_highest_number(sqlite: Database, tmp_path: Path) -> None:
    with sqlite.transaction() as conn:
        for day, said in ((30, "One."), (20, "Two."), (10, "One.")):
            crawl(conn, tmp_path, day, {"a": said})
    retention.prune(sqlite, ALL, ArchivePlaces(tmp_path))
    with sqlite.transaction() as conn:
        crawl(conn, tmp_path, 1, {"a": "Three."})
        numbers = conn.execute(select(REVISIONS.c.revision).order_by(REVISIONS.c.revision))
        assert list(numbers.scalars()) == [1, 2, 3]


def test_what_gave_way_of_late_stays_however_old_it_is(sqlite: Database, tmp_path: Path) -> None:
    with sqlite.transaction() as conn:
        for day, said in ((400, "One."), (2, "Two."), (1, "Three.")):
            crawl(conn, tmp_path, day, {"a": said})
    gone = retention.prune(sqlite, Keep(revisions=NOW - 90 * DAY), ArchivePlaces(tmp_path))
    assert gone.revisions == 0
    assert retention.prune(sqlite, Keep(revisions=NOW), ArchivePlaces(tmp_path)).revisions == 1


def test_a_text_that_came_back_gets_a_copy_that_is_there(sqlite: Database, tmp_path: Path) -> None:
    with sqlite.transaction() as conn:
        for day, said in ((30, "One."), (20, "Two."), (15, "Three.")):
            crawl(conn, tmp_path, day, {"a": said})
    retention.prune(sqlite, ALL, ArchivePlaces(tmp_path))
    with sqlite.transaction() as conn:
        crawl(conn, tmp_path, 9, {"a": "One."})
    retention.prune(sqlite, ALL, ArchivePlaces(tmp_path))
    with sqlite.reading() as conn:
        stands = text("select capture_id from v1_revisions join v1_articles"
                      " using (article_id, revision)")  # fmt: skip
        capture_id = conn.execute(stands).scalar_one()
        assert captures.read(conn, ArchivePlaces(tmp_path), capture_id).body


def test_another_folder_than_the_archive_costs_nothing(sqlite: Database, tmp_path: Path) -> None:
    three_runs(sqlite, tmp_path / "archive")
    with pytest.raises(UsageError, match="is WINNOW_ARCHIVE_DIR right"):
        retention.prune(sqlite, Keep(captures=NOW), ArchivePlaces(tmp_path / "elsewhere"))
    with sqlite.reading() as conn:
        assert rows(conn, CAPTURES) == 6


def test_a_run_under_way_is_left_alone(sqlite: Database, tmp_path: Path) -> None:
    with sqlite.transaction() as conn:
        crawl(conn, tmp_path, 30, {"a": "", "b": ""}, end=False)
    assert retention.prune(sqlite, ALL, ArchivePlaces(tmp_path)) == Removal()


def test_a_prune_that_was_killed_is_gone_on_with(
    sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sqlite.transaction() as conn:
        crawl(conn, tmp_path, 30, {f"page-{n}": "" for n in range(7)})
    monkeypatch.setattr(retention, "BATCH", 3)
    removed = retention._remove_captures
    calls = iter(range(9))

    def killed(conn: Connection, before: object, after: int) -> object:
        if next(calls) == 1:
            raise KeyboardInterrupt
        return removed(conn, before, after)

    monkeypatch.setattr(retention, "_remove_captures", killed)
    with pytest.raises(KeyboardInterrupt):
        retention.prune(sqlite, Keep(captures=NOW), ArchivePlaces(tmp_path))
    assert retention.prune(sqlite, Keep(captures=NOW), ArchivePlaces(tmp_path)).captures == 4
    assert list(tmp_path.rglob("*.warc.gz")) == []


def test_the_verb_says_what_goes_before_it_goes(sqlite: Database, tmp_path: Path) -> None:
    three_runs(sqlite, tmp_path / "archive")
    url = sqlite.engine.url.render_as_string()
    given = {
        "WINNOW_ARCHIVE_DIR": str(tmp_path / "archive"),
        "WINNOW_KEEP_CAPTURES": "1d",
        "WINNOW_KEEP_REVISIONS": "1d",
    }
    said = scrapy(url, "db", "prune", "--dry-run", **given).out
    assert said.startswith("would remove 3 captures (1 WARC files of 0.0 MB), 0 outcomes, 1 rev")
    done = scrapy(url, "db", "prune", **given)
    assert done.out.splitlines() == [
        said.strip().replace("would remove", how) for how in ("removes", "removed")
    ]
    assert scrapy(url, "db", "prune").out.startswith("removes 0 captures")
    wrong = scrapy(url, "db", "prune", WINNOW_KEEP_OUTCOMES="soon")
    assert (wrong.code, wrong.err.count("\n")) == (2, 1)
    assert "WINNOW_KEEP_OUTCOMES: 'soon' is no length of time; write e.g. \"50m\"" in wrong.err


def test_the_further_pages_of_a_story_are_kept_with_its_first(
    database: Database, tmp_path: Path
) -> None:
    with database.transaction() as conn:
        crawl(conn, tmp_path, 100, {"story": "What stands.", "2": "", "old": "", "old-2": ""})
        numbers = list(conn.execute(select(CAPTURES.c.capture_id).order_by(CAPTURES.c.capture_id)))
        story, second, old, old_second = (row[0] for row in numbers)
        capture_parts.keep(conn, story, [(2, second), (3, None)])
        capture_parts.keep(conn, old, [(2, old_second)])
    assert retention.prune(database, ALL, ArchivePlaces(tmp_path)).captures == 2
    with database.reading() as conn:
        assert captures.refs(conn, [story, second, old, old_second]).keys() == {story, second}
        assert len(capture_parts.of(conn, story)) == 2 and capture_parts.of(conn, old) == ()
