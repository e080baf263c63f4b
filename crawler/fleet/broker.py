"""The broker: whether it answers us, and one line for each way in which it does not."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from crawler.fleet.app import CONNECT, make_app
from crawler.fleet.broker_address import BrokerAddress
from models.errors import BrokerFault

if TYPE_CHECKING:
    from celery import Celery
    from scrapy.settings import BaseSettings

_SETTING: Final = "WINNOW_BROKER_URL"
# the faults of both libraries by name: whoever asks may have none of them
_REFUSED: Final = {"AccessRefused", "AuthenticationError", "AuthenticationWrongNumberOfArgsError"}
_UNKNOWN: Final = {"NotAllowed"}  # RabbitMQ: no such virtual host, or it is not this user's
_OTHER: Final = {"InvalidResponse", "ProtocolError", "UnexpectedFrame"}
_AWAY: Final = {"OperationalError", "ConnectionError", "TimeoutError", "MaxConnectionsError"}
_REFUSALS: Final = ("WRONGPASS", "NOAUTH", "NOPERM", "invalid username-password", "ACCESS_REFUSED")


def check_broker(settings: "BaseSettings", command: str = "scrapy worker") -> "Celery":
    """The application, whose broker took a connection of ours just now.

    Raises UsageError and MissingExtra as `make_app`, and BrokerFault.
    """
    app = make_app(settings, command)
    with faults_of(settings), app.connection_for_write(connect_timeout=CONNECT) as connection:
        connection.ensure_connection(max_retries=1, interval_start=0, interval_step=0)
    return app


@contextmanager
def faults_of(settings: "BaseSettings") -> Iterator[None]:
    """Raises a fault of the broker as BrokerFault, in one line; any other as it is."""
    try:
        yield
    except Exception as fault:
        line = line_of(fault, BrokerAddress.of(settings))
        if line is None:
            raise
        raise BrokerFault(line) from fault


def line_of(fault: BaseException, address: BrokerAddress) -> str | None:
    """What is the matter with the broker, and what to do; None for a fault that is not its own.

    Neither user nor password is in it.
    """
    causes = list(_causes(fault))
    names = {kind.__name__ for cause in causes for kind in type(cause).__mro__}
    said = " ".join(str(cause) for cause in causes)
    broker = f"the broker {address.shown}"
    if names & _REFUSED or any(word in said for word in _REFUSALS):
        return f"{broker} refuses us: user or password in {_SETTING} is wrong"
    if names & _UNKNOWN:
        return (
            f"{broker} has no virtual host {address.vhost!r} for this user; type: rabbitmqctl"
            f" add_vhost NAME and set_permissions, or correct {_SETTING}"
        )
    if "DB index is out of range" in said:
        return f"{broker} has no database of number {address.vhost}; correct {_SETTING}"
    if names & _OTHER:
        return f"{broker} answers, but as no broker of its kind; is {_SETTING} right?"
    if names & _AWAY or any(isinstance(cause, OSError) for cause in causes):
        return f"{broker} cannot be reached: {_reason(causes)}; is {_SETTING} right?"
    return None


def _causes(fault: BaseException) -> Iterator[BaseException]:
    """The fault, and what it came of, the first cause last."""
    seen: set[int] = set()
    following: BaseException | None = fault
    while following is not None and id(following) not in seen:
        seen.add(id(following))
        yield following
        following = following.__cause__ or following.__context__


def _reason(causes: Sequence[BaseException]) -> str:
    """The system's words, or those of the fault, without the address in front of them."""
    for cause in causes:
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
    words = " ".join(str(causes[0]).split()) or type(causes[0]).__name__
    return words.rpartition(". ")[2].strip(" .") or words
