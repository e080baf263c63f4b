"""The workers of a fleet and what waits for them, as people and programs read it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from crawler.home import as_typed
from crawler.reports.colors import state
from crawler.reports.text_tables import format_time, rows_as_text
from models.db.faults import reason_of
from models.db.owners import is_dead
from models.db.server_clock import clock_difference
from models.durations import spoken
from models.fleet import handouts
from models.fleet.handouts import Waiting
from models.fleet.workers import GONE, NO_LABEL, FleetWorker
from models.views.run_views import WORKERS

STATES: Final = ("works", "silent", "refused")
_LONG: Final = timedelta(minutes=2)  # that a site waits for a worker that has nothing to do
_NAMED: Final = 3  # sites of a line that says which wait


@dataclass(frozen=True, slots=True)
class Fleet:
    """All that the database says of a fleet at one moment; `is_used` is False without one."""

    now: datetime
    workers: Sequence[FleetWorker] = ()
    killed: frozenset[str] = frozenset()  # owners of this machine that surely run no more
    queue: Mapping[str, Waiting] = field(default_factory=dict)  # by label; NO_LABEL: none
    stuck: Mapping[str, Sequence[str]] = field(default_factory=dict)  # sites that nobody takes
    unread: str | None = None  # why the queue is not known

    @property
    def is_used(self) -> bool:
        """Whether there is something to say."""
        return bool(self.workers or self.queue)

    def state_of(self, worker: FleetWorker) -> str:
        """One of STATES."""
        if worker.refused is not None:
            return "refused"
        lives = worker.owner not in self.killed and not worker.is_silent(self.now)
        return "works" if lives else "silent"

    def serving(self, label: str) -> int:
        """How many workers take the sites of a label."""
        takes = (label in one.labels for one in self.workers if self.state_of(one) == "works")
        return sum(takes)


def read(conn: Connection, now: datetime) -> Fleet:
    """The fleet as it is now. An account that sees views alone is told that it sees no queue."""
    now -= clock_difference(conn)  # the times of workers are the database's
    workers = [worker for worker in _workers(conn) if worker.alive_at >= now - GONE]
    killed = frozenset(worker.owner for worker in workers if is_dead(worker.owner))
    found = Fleet(now, workers, killed)
    try:
        queue = handouts.oldest(conn, now)
        unserved = [label for label in queue if not found.serving(label)]
        stuck = {label: handouts.waiting(conn, label, now) for label in unserved}
    except DBAPIError as fault:
        return replace(found, unread=reason_of(fault))
    return replace(found, queue=queue, stuck=stuck)


def lines(fleet: Fleet, *, colours: bool = False) -> Iterator[str]:
    """The table of workers, the queue, and what needs a person."""
    if fleet.workers:
        table = [_row(fleet, worker) for worker in fleet.workers]
        yield rows_as_text(table, "state" if colours else None)
    yield _queue_line(fleet)
    word = state("warn") if colours else "warn"
    yield from (f"{word}: {line}" for line in warnings(fleet))


def _row(fleet: Fleet, worker: FleetWorker) -> dict[str, str]:
    """One worker as a row of the table that people read."""
    return {
        "worker": _name(worker),
        "state": "ok" if fleet.state_of(worker) == "works" else "warn",
        "version": worker.version,
        "labels": ", ".join(label or "(none)" for label in worker.labels),
        "sites": f"{_under_way(fleet, worker)} of {worker.jobs}",
        "last sign of life (UTC)": format_time(worker.alive_at),
    }


def _queue_line(fleet: Fleet) -> str:
    """How many sites are handed out and not begun, by label."""
    if fleet.unread is not None:
        return f"handed out: cannot be read: {fleet.unread}"
    if not fleet.queue:
        return "handed out: nothing waits for a worker"
    listed = "; ".join(
        f"{_counted(waiting.sites)} {_with(label)}, for {_age(fleet, waiting)}"
        for label, waiting in fleet.queue.items()
    )
    return f"handed out, not begun: {listed}"


def warnings(fleet: Fleet) -> Iterator[str]:
    """What needs a person, each in one line with what to do; without `scrapy health: `."""
    yield from (_of_worker(fleet, worker) for worker in fleet.workers if _is_amiss(fleet, worker))
    yield from _different(fleet)
    yield from _of_idle(fleet)
    for label, sites in fleet.stuck.items():
        more = f" and {len(sites) - _NAMED} more" if len(sites) > _NAMED else ""
        yield (
            f"{_counted(len(sites))} {_with(label)}: no worker takes"
            f" {'it' if len(sites) == 1 else 'them'}, for {_age(fleet, fleet.queue[label])}"
            f" ({', '.join(sites[:_NAMED])}{more});"
            f" type: scrapy worker{f' --label {label}' if label != NO_LABEL else ''}"
        )


def _of_idle(fleet: Fleet) -> Iterator[str]:
    """Sites that wait for long while a worker that takes them has nothing to do."""
    for label, waiting in fleet.queue.items():
        takers = [one for one in fleet.workers if label in one.labels]
        idle = [one for one in takers if fleet.state_of(one) == "works" and not one.under_way]
        if idle and fleet.now - waiting.oldest > _LONG:
            yield (
                f"{_counted(waiting.sites)} {_with(label)} wait for {_age(fleet, waiting)}, though"
                f" worker {_name(idle[0])} has nothing to do: do all machines have the same"
                " WINNOW_BROKER_URL, and its machine the sites' files?"
            )


def document(fleet: Fleet) -> dict[str, Any]:
    """The same for programs."""
    return {
        "workers": [
            {
                "worker": worker.owner,
                "host": worker.host,
                "state": fleet.state_of(worker),
                "version": worker.version,
                "database_revision": worker.revision,
                "labels": list(worker.labels),
                "jobs": worker.jobs,
                "under_way": _under_way(fleet, worker),
                "started_at": worker.started_at,
                "alive_at": worker.alive_at,
                "refused": worker.refused,
            }
            for worker in fleet.workers
        ],
        "queue": [
            {
                "label": label,
                "sites": waiting.sites,
                "oldest_at": waiting.oldest,
                "workers": fleet.serving(label),
            }
            for label, waiting in fleet.queue.items()
        ],
        "warnings": [as_typed(line) for line in warnings(fleet)],
    }


def _under_way(fleet: Fleet, worker: FleetWorker) -> int:
    """Sites that it visits now: one that ended, or is silent, is no longer at any."""
    return worker.under_way if fleet.state_of(worker) == "works" else 0


def _workers(conn: Connection) -> Iterator[FleetWorker]:
    view = WORKERS.table()
    for row in conn.execute(select(view).order_by(view.c.host, view.c.started_at)).mappings():
        values = dict(row)
        owner, revision = values.pop("worker"), values.pop("database_revision")
        labels = tuple(values.pop("labels"))
        yield FleetWorker(owner=owner, revision=revision, labels=labels, **values)


def _is_amiss(fleet: Fleet, worker: FleetWorker) -> bool:
    return fleet.state_of(worker) != "works"


def _of_worker(fleet: Fleet, worker: FleetWorker) -> str:
    if worker.refused is not None:
        return f"worker {_name(worker)} refuses to work: {worker.refused}"
    if worker.owner in fleet.killed:
        return f"worker {_name(worker)} was killed; start it again; its sites are handed out again"
    silent = spoken(fleet.now - worker.alive_at)
    return (
        f"worker {_name(worker)} gave no sign of life for {silent}: it hangs, was killed, or lost"
        f" the database; start it again on {worker.host}; its sites are handed out again"
    )


def _different(fleet: Fleet) -> Iterator[str]:
    """Versions, if the workers that live have more than one."""
    hosts = defaultdict(set)
    for worker in fleet.workers:
        if fleet.state_of(worker) != "silent":
            hosts[worker.version, worker.revision].add(worker.host)
    if len(hosts) > 1:
        listed = "; ".join(
            f"{version} with database revision {revision} on {', '.join(sorted(hosts[key]))}"
            for key in sorted(hosts)
            for version, revision in [key]
        )
        yield (
            f"workers are of different versions: {listed}; install the newest on all machines, and"
            " start their workers again"
        )


def _name(worker: FleetWorker) -> str:
    """Host and process number."""
    return worker.owner.rpartition(":")[0]


def _counted(sites: int) -> str:
    return f"{sites} {'site' if sites == 1 else 'sites'}"


def _with(label: str) -> str:
    return f"with the label {label!r}" if label != NO_LABEL else "without a label"


def _age(fleet: Fleet, waiting: Waiting) -> str:
    return spoken(max(fleet.now - waiting.oldest, timedelta(0)))  # another machine's clock
