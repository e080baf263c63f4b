"""Which of the waiting URLs are fetched next: dated news first, and a share for everyone. Pure.

URLs wait in queues: each holds those that one source named, whose addresses have one shape, and
of which it gave a date, or gave none. Turns go to the source, to the shape, and to the queue that
had the fewest in this batch: neither a long sitemap nor a kind of address can starve the rest.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from typing import Final, NamedTuple

# A queue without an article among so many tries comes last: even where only one page in ten is an
# article, so many without one come once in eight queues.
TRIES: Final = 20
# Without one among so many it is dead. A site with fewer such pages has each of them looked at;
# one with 300,000 pays for these, once.
MOST_TRIES: Final = 200
PROBES: Final = 5  # URLs of dead queues that a site is asked for ...
PROBE_EVERY: Final = timedelta(hours=1)  # ... in this time
QUEUE_TURN: Final = 5  # every so many turns goes to the queue that had the fewest
UNDATED_TURN: Final = 4  # every so many turns goes to pages without a date, where they wait
_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


class WaitingUrl(NamedTuple):
    """A URL that could be fetched now."""

    url_id: int
    newest_at: datetime  # the date that a source gave it, else when it was found


@dataclass(frozen=True, slots=True)
class Queue:
    """The URLs that one source named with, or without, a date, and whose addresses are alike."""

    queue_key: int | None  # None: of a database that knew no queues; it is never dead
    source: str | None  # None: of several
    shape: str
    dated: bool
    tries: int = 0  # URLs that were asked for and answered
    kept: bool = False  # an article came of one
    claimed_at: datetime | None = None  # when it had a turn
    waiting: tuple[WaitingUrl, ...] = field(default=())  # newest first; as many as matter


class Ranked(NamedTuple):
    """A site's queues by what their tries brought."""

    live: list[Queue]  # worth their share
    doubtful: list[Queue]  # asked for when nothing live waits
    dead: list[Queue]  # asked for now and then


def rank(queues: Sequence[Queue]) -> Ranked:
    """The queues by how many tries brought no article: below `TRIES`, below `MOST_TRIES`, more."""
    ranked = Ranked([], [], [])
    for queue, tries in zip(queues, fruitless_tries(queues), strict=True):
        if tries < TRIES:
            ranked.live.append(queue)
        else:
            (ranked.doubtful if tries < MOST_TRIES else ranked.dead).append(queue)
    return ranked


def fruitless_tries(queues: Sequence[Queue]) -> list[int]:
    """Of each queue, the tries that brought no article; 0 where one brought one.

    The tries of a shape count for each queue of it, whichever sources named it: a new sitemap of
    old dead pages is known at once.
    """
    tries: Counter[str] = Counter()
    for queue in queues:
        tries[queue.shape] += queue.tries
    kept = {queue.shape for queue in queues if queue.kept}
    return [
        0
        if queue.kept or queue.queue_key is None
        else max(queue.tries, 0 if queue.shape in kept else tries[queue.shape])
        for queue in queues
    ]


def share_out(queues: Sequence[Queue], limit: int, now: datetime) -> list[int]:
    """url_ids of the next `limit` URLs, in the order in which they are asked for.

    Every `UNDATED_TURN`th turn is that of an undated page. Where the live queues do not fill the
    batch, doubtful ones do. Once in `PROBE_EVERY`, at most `PROBES` URLs of dead queues come at
    the end, one a queue: one that is kept brings its queue back.
    """
    ranked = rank(queues)
    probes = _probes(ranked.dead, min(PROBES, limit), now)
    dated = _turns([queue for queue in ranked.live if queue.dated])
    undated = _turns([queue for queue in ranked.live if not queue.dated])
    doubtful = _turns(ranked.doubtful)
    chosen: list[int] = []
    for turn in range(1, limit - len(probes) + 1):
        first, second = (undated, dated) if turn % UNDATED_TURN == 0 else (dated, undated)
        url_id = next(first, None) or next(second, None) or next(doubtful, None)
        if url_id is None:
            break
        chosen.append(url_id)
    return chosen + probes


def _turns(queues: Sequence[Queue]) -> Iterator[int]:
    """Their URLs, turn by turn: by source and by shape in alternation, now and then by queue.

    By source and shape alone a queue waits in vain whose source has another shape to itself, and
    whose shape has other sources to itself.
    """
    rest = {n: list(reversed(queue.waiting)) for n, queue in enumerate(queues) if queue.waiting}
    sources: Counter[str | None] = Counter()
    shapes: Counter[str] = Counter()
    had: Counter[int] = Counter()

    def precedence(number: int, turn: int) -> tuple[int, int, datetime, float]:
        queue = queues[number]
        source, shape = sources[queue.source], shapes[queue.shape]
        if turn % QUEUE_TURN == QUEUE_TURN - 1:
            fewest = had[number], source + shape
        else:
            fewest = (shape, source) if turn % QUEUE_TURN % 2 else (source, shape)
        newest = rest[number][-1].newest_at.timestamp()
        return (*fewest, queue.claimed_at or _NEVER, -newest)

    for turn in count():
        if not rest:
            return
        number = min(rest, key=partial(precedence, turn=turn))
        sources[queues[number].source] += 1
        shapes[queues[number].shape] += 1
        had[number] += 1
        yield rest[number].pop().url_id
        if not rest[number]:
            del rest[number]


def _probes(dead: Sequence[Queue], limit: int, now: datetime) -> list[int]:
    """A URL each of the dead queues that were left alone for longest."""
    waiting = [queue for queue in dead if queue.waiting]
    last = max((queue.claimed_at or _NEVER for queue in dead), default=_NEVER)
    if last <= now < last + PROBE_EVERY:  # a time to come is of a clock that was wrong
        return []
    waiting.sort(key=lambda queue: queue.claimed_at or _NEVER)
    return [queue.waiting[0].url_id for queue in waiting[:limit]]
