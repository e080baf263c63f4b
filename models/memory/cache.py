"""Cached reader of a site's block and DOM-path statistics: the evidence for one page."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from sqlalchemy import Connection

from models.evidence import SAMPLE, DomPathOccurrence, Evidence, Observation, Occurrence
from models.memory import entries, pages, samples
from models.memory.samples import Occurred

RECENT: Final = 20_480  # keys in the cache: a site's boilerplate, its paths and the last 100 pages


class EvidenceCache:
    """One site's memory as one run reads it. For one thread at a time.

    What it holds may be some pages behind other crawlers: the pages concerned are in the
    reclassify queue, which is worked off at the end of a run.
    """

    def __init__(self, site_id: int) -> None:
        self._site_id = site_id
        self._held: OrderedDict[int, tuple[Occurred, ...]] = OrderedDict()
        self._revoked: frozenset[int] | None = None
        self.corrupt: set[int] = set()  # keys with a corrupt occurrence, which is left out

    def evidence(self, conn: Connection, of: Observation) -> Evidence:
        """What is known of a page's blocks and DOM paths, the page itself first in each sample."""
        if self._revoked is None:
            self._revoked = entries.revoked(conn, self._site_id)
        # in one query with what the page was known to show, for the stored copy of it
        found = self._look_up(
            conn, [*of.blocks, *of.dom_paths, *(of.former.keys if of.former else ())]
        )
        rows = {row.entry_key: row for row in _rows(of)}
        return Evidence(
            blocks={key: tuple(map(_block, _with(rows[key], found[key]))) for key in of.blocks},
            dom_paths={
                key: tuple(map(_dom_path, _with(rows[key], found[key]))) for key in of.dom_paths
            },
            revoked=self._revoked & of.blocks.keys(),
        )

    def shown_before(self, conn: Connection, of: Observation) -> Observation:
        """The same, with what the page was known to show."""
        return replace(of, former=pages.shown_by(conn, self._site_id, of.page))

    def still_knows(self, conn: Connection, of: Observation) -> bool:
        """Whether most DOM paths of a page have not faded, so that it can be classified anew."""
        known = self._look_up(conn, of.dom_paths)
        return 2 * sum(map(bool, known.values())) >= len(known)

    def add_page(self, of: Observation) -> None:
        """Counts a page that goes on to the store before the database does."""
        for row in _rows(of):
            sample = self._held.get(row.entry_key)
            if sample is None or len(sample) >= SAMPLE:
                continue
            if all(other.page != row.page for other in sample):
                self._held[row.entry_key] = (*sample, row)

    def load(self, conn: Connection, read: Iterable[Observation]) -> None:
        """Reads what is known of several pages at once."""
        self._look_up(conn, (key for of in read for key in (*of.blocks, *of.dom_paths)))

    def _look_up(self, conn: Connection, keys: Iterable[int]) -> dict[int, tuple[Occurred, ...]]:
        """The sample of each key, empty where there is none; only new keys are read."""
        wanted = list(dict.fromkeys(keys))
        missing = [key for key in wanted if key not in self._held]
        found = samples.read(conn, self._site_id, missing) if missing else {}
        for key in missing:
            self._held[key] = self._sound(key, found.get(key, ()))
        sample = {key: self._held[key] for key in wanted}
        for key in wanted:
            self._held.move_to_end(key)
        while len(self._held) > RECENT:
            self._held.popitem(last=False)
        return sample

    def _sound(self, key: int, sample: Sequence[Occurred]) -> tuple[Occurred, ...]:
        """What was read, without what no page can have shown."""
        sound = tuple(row for row in sample if _is_sound(row))
        if len(sound) < len(sample):
            self.corrupt.add(key)
        return sound


def other_pages(evidence: Evidence) -> dict[int, int]:
    """How many other pages the evidence names for each key: `Observation.classified_on`."""
    found = (*evidence.blocks.items(), *evidence.dom_paths.items())
    return {key: len(sample) - 1 for key, sample in found if len(sample) > 1}


def _is_sound(row: Occurred) -> bool:
    # SQLite keeps any value in any column, and a hand in the database may leave one
    if row.words is not None:
        kept, words = row.kept_words, row.words
        if not (isinstance(kept, int) and isinstance(words, int) and 0 <= kept <= words):
            return False
    return isinstance(row.page, int) and isinstance(row.fingerprint, int)


def _rows(of: Observation) -> Iterable[Occurred]:
    """The page's own occurrences."""
    for key in of.blocks:
        yield Occurred(key, of.page, of.page_hash, of.fingerprint, None, None)
    for key, use in of.dom_paths.items():
        yield Occurred(key, of.page, of.page_hash, of.fingerprint, use.kept_words, use.words)


def _with(mine: Occurred, sample: Sequence[Occurred]) -> list[Occurred]:
    """The page itself and the first others, so that a full sample is as long for every page."""
    return [mine, *[other for other in sample if other.page != mine.page][: SAMPLE - 1]]


def _block(row: Occurred) -> Occurrence:
    return Occurrence(row.page, row.fingerprint, row.page_hash)


def _dom_path(row: Occurred) -> DomPathOccurrence:
    return DomPathOccurrence(
        row.page, row.fingerprint, row.kept_words or 0, row.words or 0, row.page_hash
    )
