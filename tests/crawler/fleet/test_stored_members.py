"""A worker reads from object storage what did not come along with a chunk."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crawler.fleet.stored_members import stored_members
from models.archive.places import ArchivePlaces, store_at
from models.archive.reader import capture_of, unread
from models.errors import ArchiveError
from models.items import CaptureRef, Hint, StoryPart
from pipelines.reading_codec import AskedCopy, encode_chunk, parted
from tests.support.stored_copy import stored_copy


@pytest.fixture
def places(tmp_path: Path) -> ArchivePlaces:
    return ArchivePlaces(tmp_path / "spool", f"memory://bucket{tmp_path}")


@pytest.fixture
def copy(places: ArchivePlaces, tmp_path: Path) -> CaptureRef:
    """A copy whose file is in the store."""
    return stored_copy(places, tmp_path / "made")


def chunk_of(copy: CaptureRef, **more: Any) -> tuple[Any, Any]:
    """A chunk of one copy, as a worker gets it."""
    page = unread(copy, "example", copy.final_url, Hint(), run_id=1)
    [one] = parted(encode_chunk([AskedCopy(copy, page, **more)]))
    return one


def test_the_records_of_a_page_and_of_its_further_ones(
    places: ArchivePlaces, copy: CaptureRef
) -> None:
    further = replace(copy, capture_id=copy.capture_id + 1)
    parts = (StoryPart(2, further), StoryPart(3, None))
    found = asyncio.run(stored_members(places, *chunk_of(copy, parts=parts)))
    assert set(found) == {copy.capture_id, further.capture_id}
    assert capture_of(copy, found[copy.capture_id]).final_url == copy.final_url


def test_what_came_along_is_not_read_again(places: ArchivePlaces, copy: CaptureRef) -> None:
    asked = chunk_of(copy, members={copy.capture_id: b"record"})
    assert places.store is not None
    store_at(places.store).delete(copy.location.file)
    assert asyncio.run(stored_members(places, *asked)) == {}


def test_a_local_archive_is_left_to_the_extraction_processes(
    places: ArchivePlaces, copy: CaptureRef
) -> None:
    assert asyncio.run(stored_members(ArchivePlaces(places.local), *chunk_of(copy))) == {}


def test_a_file_that_is_gone_is_told(places: ArchivePlaces, copy: CaptureRef) -> None:
    assert places.store is not None
    store_at(places.store).delete(copy.location.file)
    with pytest.raises(ArchiveError, match="no such file"):
        asyncio.run(stored_members(places, *chunk_of(copy)))
