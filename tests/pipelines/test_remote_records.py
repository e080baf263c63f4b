"""Records that are not in the local archive, read by the crawl's own process."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from models.archive.captures import CaptureArchive
from models.archive.places import ArchivePlaces, store_at
from models.archive.reader import capture_of
from models.errors import ArchiveError, StoreAway
from models.items import CaptureRef
from pipelines import remote_records
from pipelines.drops import ElsewhereYet
from pipelines.reading import Members
from pipelines.remote_records import RemoteRecords, StoreUnread
from tests.factories import NOW, make_page
from tests.support.stage_run import StageRun


@pytest.fixture
def places(tmp_path: Path) -> ArchivePlaces:
    return ArchivePlaces(tmp_path / "spool", f"memory://bucket{tmp_path}")


@pytest.fixture
def copies(places: ArchivePlaces) -> list[CaptureRef]:
    """Three copies: in the store, in the spool, in the local archive."""
    found = []
    for number, (store, host) in enumerate([(places.store, "oak"), (None, "oak"), (None, None)]):
        page = make_page(body=b"body %d" % number)
        archive = CaptureArchive(places.local, number)
        place = replace(archive.append(page), store=store, host=host)
        archive.close()
        if store is not None:
            path = places.local / place.file
            store_at(store).put(place.file, path)
            path.unlink()
        hashed = sha256(page.body).digest()
        found.append(
            CaptureRef(number, 1, 1, page.final_url, 200, NOW, place, hashed, len(page.body))
        )
    return found


def read(places: ArchivePlaces, copies: Sequence[CaptureRef]) -> Members:
    async def work() -> Members:
        records = RemoteRecords(places)
        try:
            return await records.of(copies)
        finally:
            records.close()

    return asyncio.run(work())


def test_what_a_worker_can_read_itself_is_left_to_it(
    places: ArchivePlaces, copies: list[CaptureRef]
) -> None:
    found = read(places, copies)
    assert sorted(found) == [0, 1, 2], "a local file may be moved to the store meanwhile"
    assert [capture_of(copies[n], found[n]).body for n in (0, 1)] == [b"body 0", b"body 1"]
    assert read(places._replace(store=None), copies[2:]) == {}


def test_a_copy_of_another_host_names_it(places: ArchivePlaces, copies: list[CaptureRef]) -> None:
    gone = copies[1]
    (places.local / gone.location.file).unlink()
    there = replace(gone, location=replace(gone.location, host="beech"))
    with pytest.raises(ElsewhereYet, match="spool of beech") as elsewhere:
        read(places, [copies[0], there])
    assert elsewhere.value.host == "beech"


def test_a_copy_that_is_gone_and_a_store_that_is_away_are_told_apart(
    places: ArchivePlaces, copies: list[CaptureRef], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert places.store is not None
    store_at(places.store).delete(copies[0].location.file)
    with pytest.raises(ArchiveError, match="no such file"):
        read(places, copies)

    def away(*_words: object) -> bytes:
        raise StoreAway("no answer")

    monkeypatch.setattr(remote_records, "member_of", away)
    with pytest.raises(StoreUnread, match="no answer"):
        read(places, copies)


@pytest.mark.parametrize(
    ("kind", "fault"), [("discover", ElsewhereYet), ("reextract", StoreUnread)]
)
def test_a_store_that_is_away_ends_a_reextraction_and_in_a_crawl_costs_no_page(
    places: ArchivePlaces,
    copies: list[CaptureRef],
    sqlite_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    fault: type[Exception],
) -> None:
    def away(*_words: object) -> bytes:
        raise StoreAway("no answer")

    monkeypatch.setattr(remote_records, "member_of", away)

    async def work() -> None:
        run = await StageRun.begin(sqlite_url, str(tmp_path), kind)
        [page] = await run.claim({"https://example.com/1": b""})
        archived = replace(page, archived=copies[0], capture_id=copies[0].capture_id)
        with pytest.raises(fault, match="no answer"):
            await run.take(archived)
        await run.close_stages()
        await run.end()

    asyncio.run(work())
