"""`visit --fleet`: what is due is handed out to workers, in batches, by the broker."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from scrapy.settings import BaseSettings
from sqlalchemy import Connection

from crawler.fleet.batch import TASK, Batch, Group, batch_size, batches_of, new_number
from crawler.fleet.broker import faults_of
from crawler.fleet.fitness import VERSION
from crawler.fleet.queues import queue_of, waiting
from crawler.operations.visits import due
from models.clock import utc_now
from models.crawl.schedule import Bounds
from models.db.database import Database
from models.fleet import handouts, host_holds, workers
from models.fleet.handouts import HANDED
from models.fleet.host_groups import host_groups
from models.scheduling.run_lifecycle import sites_at_work
from models.sites import registry
from models.sites.config import Site

if TYPE_CHECKING:
    from celery import Celery

TAKEN: Final = timedelta(seconds=10)  # in which a worker notes that it took what it was given


@dataclass(frozen=True, slots=True)
class HandedOut:
    """What one call handed out."""

    sites: int  # that were handed out
    batches: int
    before: int  # due too, and handed out before or being visited
    labels: Mapping[str, int] = field(default_factory=dict)  # sites by label

    def line(self) -> str:
        """For people."""
        labels = "".join(f", {sites} of them {name}" for name, sites in sorted(self.labels.items()))
        before = f"; {self.before} more are under way" if self.before else ""
        sites, batches = _counted(self.sites, "site"), _counted(self.batches, "batch", "batches")
        return f"handed out {sites} in {batches}{labels}{before}"


class _Known(NamedTuple):
    """What the database knows before sites are handed out."""

    sites: Mapping[str, registry.KnownSite]  # by name
    busy: Collection[str]  # names of those that somebody has or will get
    lost: frozenset[str]  # names of those that were handed out, and nobody has any more
    workers: Sequence[workers.FleetWorker]

    def places(self, label: str, at: datetime) -> int:
        """How many sites of a label its workers visit at once."""
        takers = (worker for worker in self.workers if label in worker.labels)
        return sum(one.jobs for one in takers if one.refused is None and one.is_alive(at))


@dataclass(frozen=True, slots=True)
class HandOut:
    """One call: `now` hands sites out whether they are due or not."""

    app: "Celery"
    settings: BaseSettings
    database: Database
    limits: Bounds
    now: bool = False
    until: datetime | None = None  # no visit begins or goes on after this

    def run(self, sites: Sequence[Site], wanted: Collection[str] | None = None) -> HandedOut:
        """Hands out what is due of `wanted`, all if None; `sites` are all, as some share hosts.

        Raises BrokerFault, after which nothing counts as handed out that was not; DatabaseAway.
        """
        at = utc_now()
        chosen = [site for site in sites if wanted is None or site.name in wanted]
        labels = {site.fetch.label for site in chosen}
        with faults_of(self.settings):
            lost = self._lost(labels, at)
        there = self.database.write_when_there(lambda conn: self._known(conn, at, lost))
        names = due(chosen, there.sites, self.limits, at, all_of_them=self.now)
        # handed out with --now, and lost: they are wanted though they are not due
        again = sorted({site.name for site in chosen} & there.lost - set(names))
        groups = _groups(sites, [*names, *again], there.busy)
        batches = [
            self._batch(label, part, at, again)
            for label, of_label in groups.items()
            for part in batches_of(of_label, batch_size(len(of_label), there.places(label, at)))
        ]
        self._publish(batches, at)
        sites_of = {label: sum(len(g.sites) for g in groups[label]) for label in groups}
        handed = sum(sites_of.values())
        with_label = {label: number for label, number in sites_of.items() if label}
        return HandedOut(handed, len(batches), len(names) + len(again) - handed, with_label)

    def _lost(self, labels: Collection[str], at: datetime) -> dict[str, datetime]:
        """Labels whose queue is empty: what was handed out before, and none took, is lost."""
        queues = {queue_of(TASK, label): label for label in labels}
        left = waiting(self.app, queues)
        return {queues[queue]: at - TAKEN for queue, messages in left.items() if not messages}

    def _known(self, conn: Connection, at: datetime, lost: Mapping[str, datetime]) -> "_Known":
        fleet = workers.known(conn)
        alive = [worker.owner for worker in fleet if worker.is_alive(at)]
        host_holds.release_all_but(conn, alive)
        known = {site.name: site for site in registry.known_sites(conn)}
        at_work = sites_at_work(conn, "visit", at)
        visited = {name for name, site in known.items() if site.site_id in at_work}
        busy = handouts.outstanding(conn, at, alive, lost) | visited
        return _Known(known, busy, handouts.lost(conn, at, busy), fleet)

    def _batch(
        self, label: str, groups: tuple[Group, ...], at: datetime, undue: Collection[str]
    ) -> Batch:
        """A batch; with an `undue` site all of it is visited whether due or not."""
        now = self.now or any(name in undue for group in groups for name in group.sites)
        return Batch(new_number(), groups, VERSION, at, label, now, self.until)

    def _publish(self, batches: Sequence[Batch], at: datetime) -> None:
        """Notes what is handed out, then gives it to the broker; what it does not get is undone.

        In this order, as a worker may be done with a batch before it were noted.
        """

        def note(conn: Connection) -> None:
            for batch in batches:
                handouts.hand_out(conn, batch.number, batch.label, batch.sites, at)

        def undo(conn: Connection) -> None:
            for batch in left:
                handouts.done(conn, batch.sites, batch.number)

        left = list(batches)
        if not left:
            return
        self.database.write_when_there(note)
        try:
            with faults_of(self.settings), self.app.connection_for_write() as connection:
                while left:
                    self._send(left[0], connection)
                    del left[0]
        finally:
            if left:
                self.database.write_when_there(undo)

    def _send(self, batch: Batch, connection: object) -> None:
        self.app.send_task(
            TASK,
            kwargs=batch.message(),
            queue=queue_of(TASK, batch.label),
            connection=connection,
            expires=HANDED.total_seconds(),  # then it is handed out again
            retry=False,
            ignore_result=True,
        )


def _groups(
    sites: Sequence[Site], names: Sequence[str], busy: Collection[str]
) -> dict[str, list[Group]]:
    """Groups by label, in the order of the names; one with a busy member waits, in which sites
    of another label than the first's wait too.
    """
    group_of = {site.name: group for group in host_groups(sites) for site in group}
    wanted, seen = set(names), set[str]()
    made: dict[str, list[Group]] = defaultdict(list)
    for name in names:
        if name in seen:
            continue
        group = group_of[name]
        seen.update(site.name for site in group)
        if any(site.name in busy for site in group):
            continue
        label = next(site.fetch.label for site in group if site.name == name)
        members = [s.name for s in group if s.name in wanted and s.fetch.label == label]
        beside = [s.name for s in group if s.name not in members]
        made[label].append(Group(tuple(members), tuple(beside)))
    return dict(made)


def _counted(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or f'{one}s'}"
