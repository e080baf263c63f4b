"""Writers at once on one database: no story is split, whoever comes first."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from models.db.database import Database
from tests.support.stories import clusters, edited, tell_and_place, wire_copy

WRITERS, STORIES = 4, 6


@pytest.mark.slow
def test_four_writers_of_the_same_stories_split_none(database: Database, database_url: str) -> None:
    def write(writer: int) -> list[int]:
        mine = Database.open(database_url)
        try:
            copies = (edited(wire_copy(story, 200), writer) for story in range(STORIES))
            return [tell_and_place(mine, copy, site=f"s{writer}") for copy in copies]
        finally:
            mine.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        told = list(pool.map(write, range(WRITERS)))
    assert clusters(database) == {frozenset(copies) for copies in zip(*told, strict=True)}
