"""Cached reader of a site's block and DOM-path statistics: the evidence for one page."""

from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from sqlalchemy import Connection

from models.evidence import SAMPLE, Evidence, Observation, Occurrence, PageKeys
from models.memory import entries, pages, samples

RECENT: Final = 20_480  # keys in the cache: a site's boilerplate, its paths and the last 100 pages


class EvidenceCache:
    """One site's memory as one run reads it. For one thread at a time.

    What it holds may be some pages behind other crawlers: the pages concerned are in the
    reclassify queue, which is worked off at the end of a run.
    """

    def __init__(self, site_id: int) -> None:
        self._site_id = site_id
        self._held: OrderedDict[int, tuple[Occurrence, ...]] = OrderedDict()
        self._revoked: frozenset[int] | None = None
        self.corrupt: set[int] = set()  # keys with a corrupt occurrence, which is left out

    def evidence(self, conn: Connection, of: Observation | PageKeys) -> Evidence:
        """What other pages show of a page's blocks and DOM paths."""
        if self._revoked is None:
            self._revoked = entries.revoked(conn, self._site_id)
        # in one query with what the page was known to show, for the stored copy of it
        former = of.former if isinstance(of, Observation) else None
        found = self._look_up(conn, [*of.blocks, *of.dom_paths, *(former.keys if former else ())])
        return Evidence(
            blocks=_others(of.blocks, found, of.page),
            dom_paths=_others(of.dom_paths, found, of.page),
            revoked=self._revoked.intersection(of.blocks),
        )

    def shown_before(self, conn: Connection, of: Observation) -> Observation:
        """The same, with what the page was known to show."""
        return replace(of, former=pages.shown_by(conn, self._site_id, of.page))

    def still_knows(self, conn: Connection, of: Observation | PageKeys) -> bool:
        """Whether most DOM paths of a page have not faded, so that it can be classified anew."""
        known = self._look_up(conn, of.dom_paths)
        return 2 * sum(map(bool, known.values())) >= len(known)

    def add_page(self, of: Observation) -> None:
        """Counts a page that goes on to the store before the database does."""
        for key, row in _rows(of):
            sample = self._held.get(key)
            if sample is None or len(sample) >= SAMPLE:
                continue
            if all(other.page != row.page for other in sample):
                self._held[key] = (*sample, row)

    def load(self, conn: Connection, url_ids: Collection[int]) -> None:
        """Reads at once what is known of all that several pages were known to show."""
        self._look_up(conn, pages.shown_by_any(conn, self._site_id, url_ids))

    def _look_up(self, conn: Connection, keys: Iterable[int]) -> dict[int, tuple[Occurrence, ...]]:
        """The sample of each key, empty where there is none; only new keys are read."""
        held = self._held
        wanted: dict[int, tuple[Occurrence, ...]] = dict.fromkeys(keys, ())
        missing = [key for key in wanted if key not in held]
        found = samples.read(conn, self._site_id, missing) if missing else {}
        for key in missing:
            held[key] = self._sound(key, found[key]) if key in found else ()
        for key in wanted:
            wanted[key] = held[key]
            held.move_to_end(key)
        while len(held) > RECENT:
            held.popitem(last=False)
        return wanted

    def _sound(self, key: int, sample: Sequence[Occurrence]) -> tuple[Occurrence, ...]:
        """What was read, without what no page can have shown."""
        sound = tuple([row for row in sample if _is_sound(row)])
        if len(sound) < len(sample):
            self.corrupt.add(key)
        return sound


def other_pages(evidence: Evidence) -> dict[int, int]:
    """How many other pages the evidence names for each key: `Observation.classified_on`."""
    found = (*evidence.blocks.items(), *evidence.dom_paths.items())
    return {key: len(sample) for key, sample in found}


def _is_sound(row: Occurrence) -> bool:
    # SQLite keeps any value in any column, and a hand in the database may leave one
    if row.words is not None:
        kept, words = row.kept_words, row.words
        if not (isinstance(kept, int) and isinstance(words, int) and 0 <= kept <= words):
            return False
    return isinstance(row.page, int) and isinstance(row.fingerprint, int)


def _rows(of: Observation) -> Iterable[tuple[int, Occurrence]]:
    """The page's own occurrences, by key."""
    own = Occurrence(of.page, of.fingerprint, of.page_hash)
    for key in of.blocks:
        yield key, own
    for key, use in of.dom_paths.items():
        yield key, own._replace(kept_words=use.kept_words, words=use.words)


def _others(
    keys: Iterable[int], found: Mapping[int, tuple[Occurrence, ...]], page: int
) -> dict[int, tuple[Occurrence, ...]]:
    """The samples of these keys without the page itself, if they name others.

    A full sample names as many for every page, those that are not in it included.
    """
    others: dict[int, tuple[Occurrence, ...]] = {}
    for key in keys:
        sample = found[key]
        rest = [one for one in sample if one.page != page][: SAMPLE - 1]
        if rest:
            others[key] = sample if len(rest) == len(sample) else tuple(rest)
    return others
