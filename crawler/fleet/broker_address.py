"""The broker's address, WINNOW_BROKER_URL: what it may be, and how it is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import SplitResult, urlsplit

from models.errors import UsageError

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

REDIS: Final = ("redis", "rediss")
AMQP: Final = ("amqp", "amqps")
_PORTS: Final[Mapping[str, int]] = {"redis": 6379, "rediss": 6379, "amqp": 5672, "amqps": 5671}
FORMS: Final = (
    "write redis://[:PASSWORD@]HOST[:PORT]/NUMBER or amqp://USER:PASSWORD@HOST[:PORT]/VHOST"
)


@dataclass(frozen=True, slots=True)
class BrokerAddress:
    """A broker's URL that is well formed."""

    url: str  # with the password
    parts: SplitResult

    @classmethod
    def of(cls, settings: "BaseSettings") -> "BrokerAddress":
        """That of the settings; raises UsageError where there is none, or it is no broker's."""
        written = str(settings.get("WINNOW_BROKER_URL") or "").strip()
        if not written:
            raise UsageError(f"a fleet needs a broker: set WINNOW_BROKER_URL; {FORMS}")
        return cls.parsed(written)

    @classmethod
    def parsed(cls, written: str) -> "BrokerAddress":
        """Raises UsageError, which never shows what may hold a password."""
        try:
            parts = urlsplit(written)
            host, _ = parts.hostname, parts.port
        except ValueError as wrong:
            raise UsageError(f"WINNOW_BROKER_URL is no address; {FORMS}") from wrong
        if parts.scheme not in _PORTS:
            shown = f"{parts.scheme}://…" if "://" in written else "an address without ://"
            raise UsageError(f"WINNOW_BROKER_URL: {shown} is no broker that we know; {FORMS}")
        if not host:
            raise UsageError(f"WINNOW_BROKER_URL: {parts.scheme}:// names no host; {FORMS}")
        number = parts.path.strip("/")
        if parts.scheme in REDIS and number and not number.isdecimal():
            raise UsageError(f"WINNOW_BROKER_URL: Redis has numbers for databases; {FORMS}")
        return cls(written, parts)

    @property
    def is_redis(self) -> bool:
        """Whether it is Redis, not RabbitMQ."""
        return self.parts.scheme in REDIS

    @property
    def vhost(self) -> str:
        """RabbitMQ's virtual host, or Redis' number, as the address has it."""
        path = self.parts.path.removeprefix("/")
        return path or ("0" if self.is_redis else "/")

    @property
    def shown(self) -> str:
        """The address for people: without user and password."""
        host = self.parts.hostname or ""
        host = f"[{host}]" if ":" in host else host
        port = self.parts.port or _PORTS[self.parts.scheme]
        return f"{self.parts.scheme}://{host}:{port}/{'' if self.vhost == '/' else self.vhost}"
