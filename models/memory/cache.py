"""What a run recalls of a site: the evidence for one page, with samples kept at hand."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, Generic, Protocol, TypeVar

from sqlalchemy import Connection

from models.items import SAMPLE, DomPathOccurrence, Evidence, Observation, Occurrence
from models.memory import blocks, dom_paths

RECENT_BLOCKS: Final = 16_384  # keys kept at hand: a site's boilerplate and the last 100 pages
RECENT_PLACES: Final = 4_096  # keys kept at hand: all of a usual site's


class OnPage(Protocol):
    """An occurrence: of a text or of a place, on a page."""

    @property
    def page(self) -> int:
        """url_id."""
        ...

    @property
    def fingerprint(self) -> int:
        """63-bit hash of the page's own text."""
        ...


S = TypeVar("S", bound=OnPage)


class SampleCache(Generic[S]):
    """The samples that were looked up last, so that a run asks for each key once."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[int, tuple[S, ...]] = OrderedDict()

    def look_up(
        self, keys: Iterable[int], read: Callable[[Sequence[int]], Mapping[int, Sequence[S]]]
    ) -> dict[int, tuple[S, ...]]:
        """The sample of each key, empty where there is none; `read` is asked for new keys."""
        wanted = list(dict.fromkeys(keys))
        missing = [key for key in wanted if key not in self._held]
        found = read(missing) if missing else {}
        self._held.update((key, tuple(found.get(key, ()))) for key in missing)
        sample = {key: self._held[key] for key in wanted}
        for key in wanted:
            self._held.move_to_end(key)
        while len(self._held) > self._most:
            self._held.popitem(last=False)
        return sample

    def add(self, key: int, occurrence: S) -> None:
        """Counts a page that is on its way to the store."""
        sample = self._held.get(key)
        if sample is None or len(sample) >= SAMPLE:
            return
        if all(other.page != occurrence.page for other in sample):
            self._held[key] = (*sample, occurrence)


class EvidenceCache:
    """One site's memory as one run reads it. For one thread at a time.

    What it holds at hand may be behind other crawlers by some pages: `unsettled` has the
    pages concerned judged again at the end of a run.
    """

    def __init__(self, site_id: int) -> None:
        self._site_id = site_id
        self._blocks: SampleCache[Occurrence] = SampleCache(RECENT_BLOCKS)
        self._places: SampleCache[DomPathOccurrence] = SampleCache(RECENT_PLACES)
        self._revoked: frozenset[int] | None = None
        self.corrupt: set[int] = set()  # keys with a corrupt occurrence, which is left out

    def evidence(self, conn: Connection, of: Observation) -> Evidence:
        """What is known of a page's blocks and places, the page itself first in each sample."""
        if self._revoked is None:
            self._revoked = blocks.revoked(conn, self._site_id)
        of_blocks = self._blocks.look_up(
            of.blocks, lambda keys: self._sound(blocks.read(conn, self._site_id, keys))
        )
        places = self._of_places(conn, of)
        mine = Occurrence(of.page, of.fingerprint, of.page_hash)
        uses = {
            key: DomPathOccurrence(of.page, of.fingerprint, use.kept_words, use.words, of.page_hash)
            for key, use in of.dom_paths.items()
        }
        return Evidence(
            blocks={key: _with(mine, sample) for key, sample in of_blocks.items()},
            dom_paths={key: _with(uses[key], sample) for key, sample in places.items()},
            revoked=self._revoked & of.blocks.keys(),
        )

    def still_knows(self, conn: Connection, of: Observation) -> bool:
        """Whether most places of a page have not faded; there its verdict can be made anew."""
        samples = self._of_places(conn, of)
        return 2 * sum(map(bool, samples.values())) >= len(samples)

    def add_page(self, of: Observation) -> None:
        """Counts a page that goes on to the store before the database does."""
        for key in of.blocks:
            self._blocks.add(key, Occurrence(of.page, of.fingerprint, of.page_hash))
        for key, use in of.dom_paths.items():
            self._places.add(
                key,
                DomPathOccurrence(of.page, of.fingerprint, use.kept_words, use.words, of.page_hash),
            )

    def _of_places(
        self, conn: Connection, of: Observation
    ) -> dict[int, tuple[DomPathOccurrence, ...]]:
        return self._places.look_up(
            of.dom_paths, lambda keys: self._sound(dom_paths.read(conn, self._site_id, keys))
        )

    def _sound(self, found: Mapping[int, Sequence[S]]) -> dict[int, list[S]]:
        """What was read, without what no page can have shown."""
        sound = {key: [s for s in sample if _is_sound(s)] for key, sample in found.items()}
        self.corrupt.update(key for key, sample in found.items() if len(sample) > len(sound[key]))
        return sound


def _is_sound(occurrence: OnPage) -> bool:
    # SQLite keeps any value in any column, and a hand in the database may leave one
    if isinstance(occurrence, DomPathOccurrence):
        kept, words = occurrence.kept_words, occurrence.words
        if not (isinstance(kept, int) and isinstance(words, int) and 0 <= kept <= words):
            return False
    return isinstance(occurrence.page, int) and isinstance(occurrence.fingerprint, int)


def other_pages(evidence: Evidence) -> dict[int, int]:
    """How many other pages the evidence names for each key: `Contribution.classified_on`."""
    samples = (*evidence.blocks.items(), *evidence.dom_paths.items())
    return {key: len(sample) - 1 for key, sample in samples if len(sample) > 1}


def _with(mine: S, sample: tuple[S, ...]) -> tuple[S, ...]:
    """The page itself and the first others, so that a full sample is as long for every page."""
    return (mine, *[other for other in sample if other.page != mine.page][: SAMPLE - 1])
