"""The memory of a site: its blocks, its places, its layouts, and what a page gains from them."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, Generic, NamedTuple, Protocol, TypeVar

from sqlalchemy import Connection

from models import layouts, unsettled
from models.blocks import BlockMemory
from models.items import Contribution, Evidence, PlaceSighting, Sighting
from models.places import PlaceMemory
from models.samples import SAMPLE, Seer

RECENT_BLOCKS: Final = 16_384  # keys kept at hand: a site's boilerplate and the last 100 pages
RECENT_PLACES: Final = 4_096  # keys kept at hand: all of a usual site's


class OnPage(Protocol):
    """A sighting: of a text or of a place, on a page."""

    @property
    def page(self) -> int:
        """url_id."""
        ...


S = TypeVar("S", bound=OnPage)


class Forgotten(NamedTuple):
    """How much `prune` forgot."""

    blocks: int
    places: int
    layouts: int


def remember(
    c: Connection,
    site_id: int,
    url_id: int,
    contribution: Contribution,
    run_id: int,
    now: datetime,
    *,
    new_code: bool = False,
) -> int:
    """Takes in what a page teaches, in the transaction that stores its article.

    The page counts once, however often it comes; what it showed before and no longer shows is
    taken back. Pages whose evidence grew are listed to be judged again; returns how many.
    `new_code`: a re-extraction, so that an unknown layout says nothing of the site.
    """
    unsettled.hold(c, site_id)
    seer = Seer(url_id, contribution.page_hash, contribution.witness)
    told = contribution.judged_on
    pages = BlockMemory.see(c, site_id, seer, contribution.blocks, told, now)
    pages |= PlaceMemory.see(c, site_id, seer, contribution.places, told, now)
    layouts.see(
        c,
        site_id,
        url_id,
        contribution.layout_key,
        contribution.fetched_at,
        run_id,
        known=new_code,
    )
    unsettled.note(c, site_id, pages, now)
    return len(pages)


def prune(c: Connection, site_id: int, now: datetime) -> Forgotten:
    """Keeps a site's memory to megabytes: one-off texts, faded places, old layouts go."""
    unsettled.hold(c, site_id)
    return Forgotten(
        BlockMemory.prune(c, site_id, now),
        PlaceMemory.prune(c, site_id, now),
        layouts.prune(c, site_id),
    )


def forget(c: Connection, site_id: int) -> None:
    """Forgets all that a site taught, but for what a person revoked."""
    unsettled.hold(c, site_id)
    BlockMemory.forget(c, site_id)
    PlaceMemory.forget(c, site_id)
    layouts.forget(c, site_id)


class Recent(Generic[S]):
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

    def add(self, key: int, sighting: S) -> None:
        """Counts a page that is on its way to the store."""
        sample = self._held.get(key)
        if sample is None or len(sample) >= SAMPLE:
            return
        if all(other.page != sighting.page for other in sample):
            self._held[key] = (*sample, sighting)


class SiteMemory:
    """One site's memory as one run reads it. For one thread at a time.

    What it holds at hand may be behind other crawlers by some pages: `unsettled` has the
    pages concerned judged again at the end of a run.
    """

    def __init__(self, site_id: int) -> None:
        self._site_id = site_id
        self._blocks: Recent[Sighting] = Recent(RECENT_BLOCKS)
        self._places: Recent[PlaceSighting] = Recent(RECENT_PLACES)
        self._revoked: frozenset[int] | None = None

    def evidence(self, c: Connection, of: Contribution) -> Evidence:
        """What is known of a page's blocks and places, the page itself first in each sample."""
        if self._revoked is None:
            self._revoked = BlockMemory.revoked(c, self._site_id)
        blocks = self._blocks.look_up(
            of.blocks, lambda keys: BlockMemory.read(c, self._site_id, keys)
        )
        places = self._places.look_up(
            of.places, lambda keys: PlaceMemory.read(c, self._site_id, keys)
        )
        mine = Sighting(of.page, of.witness)
        uses = {
            key: PlaceSighting(of.page, of.witness, use.kept_words, use.words)
            for key, use in of.places.items()
        }
        return Evidence(
            blocks={key: _with(mine, sample) for key, sample in blocks.items()},
            places={key: _with(uses[key], sample) for key, sample in places.items()},
            revoked=self._revoked & of.blocks.keys(),
        )

    def expect(self, of: Contribution) -> None:
        """Counts a page that goes on to the store before the database does."""
        for key in of.blocks:
            self._blocks.add(key, Sighting(of.page, of.witness))
        for key, use in of.places.items():
            self._places.add(key, PlaceSighting(of.page, of.witness, use.kept_words, use.words))


def others(evidence: Evidence) -> dict[int, int]:
    """How many other pages the evidence names for each key: `Contribution.judged_on`."""
    samples = (*evidence.blocks.items(), *evidence.places.items())
    return {key: len(sample) - 1 for key, sample in samples if len(sample) > 1}


def _with(mine: S, sample: tuple[S, ...]) -> tuple[S, ...]:
    """The page itself and the first others, so that a full sample is as long for every page."""
    return (mine, *[other for other in sample if other.page != mine.page][: SAMPLE - 1])
