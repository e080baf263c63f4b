"""Alerts: the receivers of WINNOW_NOTIFY, and all that waits for them delivered once.

A visit and `scrapy health` deliver. A kill, or a database that is away, between the sending and its
note sends a message again. Nothing is lost: what waits is in the database until it is delivered.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from crawler.operations.alert_addresses import Address, addresses_of
from crawler.operations.alert_message import Message, digest
from crawler.operations.alert_sending import Answer, NotifyMissing, mistake, require_extra, send
from models.clock import utc_now
from models.db.database import Database
from models.db.faults import reason_of
from models.db.owners import new_owner
from models.errors import DatabaseAway
from models.monitoring import alert_receivers, alerts
from models.monitoring.alert_receivers import IN_USE, NAMED_AGAIN, Receiver
from models.monitoring.alerts import Alert

T = TypeVar("T")
Send = Callable[[Sequence[tuple[Address, Message | None]]], list[Answer]]

_SAID_AGAIN: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Taken:
    """A receiver whose lease is ours, and what waits for it."""

    receiver: Receiver
    address: Address
    alerts: Sequence[Alert]


@dataclass(frozen=True, slots=True)
class Alerts:
    """The receivers that WINNOW_NOTIFY names, known to the database; `mistakes`: a line each."""

    addresses: Sequence[Address] = ()
    hashes: Sequence[bytes] = ()  # of the addresses
    mistakes: Sequence[str] = ()
    clock: Callable[[], datetime] = utc_now
    send: Send = send

    @classmethod
    def prepare(
        cls,
        database: Database,
        setting: str,
        *,
        clock: Callable[[], datetime] = utc_now,
        sends: Send = send,
    ) -> "Alerts":
        """Makes the receivers of the setting known, so that they hear of what changes from now on.

        An address that is none, or a missing extra, is a mistake and costs only its deliveries.
        Raises DatabaseAway.
        """
        addresses, wrong = addresses_of(setting)
        if not addresses:
            return cls(mistakes=tuple(wrong))
        try:
            require_extra()
        except NotifyMissing as missing:
            return cls(mistakes=(*wrong, str(missing)))
        hashes, now = [address.hash() for address in addresses], clock()
        known = _read(database, lambda conn: alert_receivers.of_hashes(conn, hashes))
        fresh = [
            (address, key)
            for address, key in zip(addresses, hashes, strict=True)
            if key not in known
        ]
        answers = sends([(address, None) for address, _ in fresh]) if fresh else []
        mistakes = wrong + [
            mistake(address, answer)
            for (address, _), answer in zip(fresh, answers, strict=True)
            if answer.error
        ]
        shown = [
            (key, answer.shown) for (_, key), answer in zip(fresh, answers, strict=True)
            if answer.shown and not answer.error
        ]  # fmt: skip
        stale = [r.receiver_id for r in known.values() if r.named_at < now - NAMED_AGAIN]

        def note(conn: Connection) -> None:
            for key, name in shown:
                alert_receivers.add(conn, key, name, now)
            alert_receivers.name_again(conn, stale, now)

        if shown or stale:
            database.write_when_there(note)
        return cls(addresses, hashes, tuple(mistakes), clock, sends)

    def deliver(self, database: Database) -> list[str]:
        """Sends what waits to the receivers that may be tried now.

        Returns a line for each receiver that began to fail, and once a day while it does. Raises
        DatabaseAway.
        """
        if not self.addresses:
            return []
        owner = new_owner()
        taken = list(self._take(database, owner))
        if not taken:
            return []
        answers = self.send([(one.address, digest(one.alerts)) for one in taken])
        said = []
        for one, answer in zip(taken, answers, strict=True):
            self._note(database, one, answer, owner)
            if answer.error and _is_news(one.receiver, self.clock()):
                said.append(_not_delivered(one.receiver.shown, len(one.alerts), answer.error))
        return said

    def deliver_if_there(self, database: Database) -> list[str]:
        """`deliver`, of which a database that is away or read-only costs one line and no more."""
        try:
            return self.deliver(database)
        except (DatabaseAway, DBAPIError) as fault:
            return [_next_time(fault)]

    def _take(self, database: Database, owner: str) -> Iterator[_Taken]:
        """The receivers that are due, that something waits for, and that nobody else has."""
        by_hash = dict(zip(self.hashes, self.addresses, strict=True))

        def look(conn: Connection) -> dict[bytes, int]:
            known = alert_receivers.of_hashes(conn, self.hashes)
            return {
                key: receiver.receiver_id
                for key, receiver in known.items()
                if alert_receivers.is_due(receiver, self.clock())
                and alerts.waiting(conn, receiver.receiver_id, limit=1)
            }

        for key, number in _read(database, look).items():

            def take(conn: Connection, key: bytes = key, number: int = number) -> _Taken | None:
                now = self.clock()
                if not alert_receivers.acquire(conn, number, owner, now):
                    return None
                # asked again: another process may have delivered or failed meanwhile
                receiver = alert_receivers.of_hashes(conn, [key])[key]
                waiting = alerts.waiting(conn, number)
                if waiting and alert_receivers.is_due(receiver, now):
                    return _Taken(receiver, by_hash[key], waiting)
                alert_receivers.release(conn, number, owner)
                return None

            found = database.write_when_there(take)
            if found is not None:
                yield found

    def _note(self, database: Database, one: _Taken, answer: Answer, owner: str) -> None:
        now, receiver = self.clock(), one.receiver

        def note(conn: Connection) -> None:
            if answer.error:
                alert_receivers.failed(conn, receiver, owner, answer.error, now)
            else:
                numbers = [alert.alert_id for alert in one.alerts]
                alerts.mark_delivered(conn, receiver.receiver_id, numbers)
                alert_receivers.succeeded(conn, receiver.receiver_id, owner, now)

        database.write_when_there(note)


def deliver_now(database: Database, setting: str) -> tuple[Sequence[str], str | None]:
    """Delivers what waits: a line for each mistake, and one if the database cannot be written."""
    prepared = Alerts()
    try:
        prepared = Alerts.prepare(database, setting)
        prepared.deliver(database)
    except (DatabaseAway, DBAPIError) as fault:
        return prepared.mistakes, _next_time(fault)
    return prepared.mistakes, None


def failing(database: Database, now: datetime) -> list[str]:
    """A line for each receiver in use to whom deliveries fail; one if we may not know."""
    try:
        found = _read(database, lambda conn: alerts.deliveries(conn, now - IN_USE))
    except DBAPIError as fault:  # an account that sees views alone
        return [f"alerts: how deliveries do cannot be read: {reason_of(fault)}"]
    return [
        f"alerts: {one.waiting} not delivered to {one.shown}"
        f" since {one.failing_since:%Y-%m-%d %H:%M} UTC: {one.last_error}"
        for one in found
        if one.failing_since is not None and one.waiting
    ]


def _read(database: Database, work: Callable[[Connection], T]) -> T:
    def once() -> T:
        with database.reading() as conn:
            return work(conn)

    return database.when_there(once)


def _next_time(fault: DatabaseAway | DBAPIError) -> str:
    why = str(fault) if isinstance(fault, DatabaseAway) else reason_of(fault)
    return f"alerts: what waits is delivered next time: {why}"


def _not_delivered(shown: str, waiting: int, error: str) -> str:
    return f"alerts: {waiting} not delivered to {shown}: {error}; tried again until delivered"


def _is_news(receiver: Receiver, now: datetime) -> bool:
    """Whether this failure is the first in a row, or the first after another day of them."""
    if receiver.failing_since is None or receiver.tried_at is None:
        return True
    since = receiver.failing_since
    return (now - since) // _SAID_AGAIN > (receiver.tried_at - since) // _SAID_AGAIN
