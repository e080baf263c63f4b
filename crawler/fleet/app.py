"""The Celery application: all its configuration, and the one place that loads Celery.

Celery is an extra, so that whoever needs nothing of a fleet neither installs nor loads it.
"""

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from crawler.fleet.broker_address import BrokerAddress
from models.errors import MissingExtra

if TYPE_CHECKING:
    from celery import Celery
    from scrapy.settings import BaseSettings

LIBRARIES: Final = ("celery", "redis")
REDELIVERED: Final = 15 * 60  # seconds after which Redis delivers what nobody acknowledged again
RESULTS: Final = 60 * 60  # seconds for which an answer is kept
CONNECT: Final = 5.0  # seconds that a broker has to take a connection
_ANSWER: Final = 30.0  # seconds that Redis has for an answer
_SERIALIZER: Final = "json"  # never pickle: whoever writes to the broker would run our Python


def require_extra(command: str) -> None:
    """Raises MissingExtra, in the name of what was typed, where a library is missing."""
    missing = [name for name in LIBRARIES if find_spec(name) is None]
    if missing:
        raise MissingExtra(
            f"{command} needs the extra winnow[fleet] (missing: {', '.join(missing)});"
            " type: uv sync --extra fleet, or: pip install 'winnow[fleet]'"
        )


def make_app(settings: "BaseSettings", command: str = "scrapy worker") -> "Celery":
    """The application of the broker that WINNOW_BROKER_URL names; it connects to nothing yet.

    `command`: what was typed, for the fault. Raises UsageError for a wrong address, MissingExtra.
    """
    address = BrokerAddress.of(settings)
    require_extra(command)
    from celery import Celery  # an extra, and 200 ms

    app = Celery("winnow", broker=address.url, set_as_current=False)
    app.conf.update(**_CONFIGURATION, **(_of_redis if address.is_redis else _of_amqp)(address))
    return app


_CONFIGURATION: Final[dict[str, Any]] = {
    "accept_content": [_SERIALIZER],
    "task_serializer": _SERIALIZER,
    "result_serializer": _SERIALIZER,
    "result_accept_content": [_SERIALIZER],
    "enable_utc": True,
    # A task is acknowledged once it is done: where its worker dies, it comes again
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "task_acks_on_failure_or_timeout": True,  # what failed once fails again: the lease frees it
    # each thread takes one task, and nobody sits on a second that another could do
    "worker_prefetch_multiplier": 1,
    # a prefork child is a daemon, which may start no process; solo sends no sign of life meanwhile
    "worker_pool": "threads",
    "worker_enable_remote_control": False,  # nobody orders workers about by the broker
    "worker_send_task_events": False,
    "worker_hijack_root_logger": False,
    "worker_redirect_stdouts": False,
    # at the start a broker that is away is told at once; later it is waited for
    "broker_connection_retry_on_startup": False,
    "broker_connection_retry": True,
    "broker_connection_max_retries": None,
    "broker_connection_timeout": CONNECT,
    "worker_cancel_long_running_tasks_on_connection_loss": False,  # a thread ends by itself
    "worker_enable_prefetch_count_reduction": False,
    "task_default_queue": "winnow.visit",
    "task_ignore_result": True,  # unless a task says otherwise
    "result_expires": RESULTS,
}


def _of_redis(address: BrokerAddress) -> dict[str, Any]:
    options = {
        "visibility_timeout": REDELIVERED,
        "socket_connect_timeout": CONNECT,
        "socket_timeout": _ANSWER,
        "socket_keepalive": True,
    }
    return {
        "broker_transport_options": options,
        "result_backend": address.url,
        "redis_socket_connect_timeout": CONNECT,
        "redis_socket_timeout": _ANSWER,
    }


def _of_amqp(_address: BrokerAddress) -> dict[str, Any]:
    # what was published is on the broker's disk before anybody counts on it
    return {"broker_transport_options": {"confirm_publish": True}, "result_backend": "rpc://"}
