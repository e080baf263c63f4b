"""Receivers of alerts without a network, a clock that a test sets, and states that change."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from crawler.operations.alert_addresses import Address
from crawler.operations.alert_message import Message
from crawler.operations.alert_sending import Answer
from crawler.operations.alerts import Alerts
from models.db.database import Database
from models.monitoring import alerts
from tests.factories import NOW, known_site

ONE, TWO = "json://u:hunter2@one/t0ken", "json://u:hunter2@two/t0ken"


@dataclass
class World:
    """A clock, and receivers of which some are down."""

    now: datetime = NOW
    down: set[str] = field(default_factory=set)
    heard: list[tuple[str, Message]] = field(default_factory=list)  # address, message
    tries: int = 0

    def clock(self) -> datetime:
        return self.now

    def send(self, messages: Sequence[tuple[Address, Message | None]]) -> list[Answer]:
        answers = []
        for address, message in messages:
            shown = f"json://{address.url.partition('@')[2].partition('/')[0]}"
            if address.scheme == "bogus":
                answers.append(Answer(None, "Apprise knows no service bogus://"))
            elif message is None:
                answers.append(Answer(shown, None))
            else:
                self.tries += 1
                bad = address.url in self.down
                answers.append(Answer(shown, "connection refused" if bad else None))
                if not bad:
                    self.heard.append((address.url, message))
        return answers

    def prepare(self, database: Database, setting: str = ONE) -> Alerts:
        return Alerts.prepare(database, setting, clock=self.clock, sends=self.send)

    def visit(self, database: Database, setting: str = ONE) -> list[str]:
        return self.prepare(database, setting).deliver(database)


def change(database: Database, was: str, state: str, now: datetime, site: str = "town") -> None:
    """Notes a change of a site's state, as its monitors do."""
    with database.transaction() as conn:
        alerts.record(conn, known_site(conn, site), None, was, state, f"why {state}", now)
