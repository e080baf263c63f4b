"""The log of a worker: one line each, with the worker; Celery's own lines too."""

import logging
from typing import Final

from scrapy.settings import BaseSettings

from crawler.extensions.log import log_handler
from crawler.fleet.broker import line_of
from crawler.fleet.broker_address import BrokerAddress

LOG: Final = logging.getLogger("crawler.fleet")
_CELERYS: Final = ("celery", "kombu", "amqp", "redis")
_CONNECTED: Final = "celery.worker.consumer.connection"  # says that the broker is there again
_ACKNOWLEDGED: Final = "celery.worker.request"  # says what could not be acknowledged
_LONGEST: Final = 500  # characters of a line of theirs


class WorkerLine(logging.Formatter):
    """A line that names the worker.

    A fault of the broker is one line, without a traceback: Celery tries again by itself.
    """

    def __init__(self, settings: BaseSettings, worker: str) -> None:
        super().__init__(settings["LOG_FORMAT"], settings["LOG_DATEFORMAT"])
        self._worker, self._address = worker, BrokerAddress.of(settings)

    def format(self, record: logging.LogRecord) -> str:
        """One line, unless something failed that nobody expects."""
        if record.name.partition(".")[0] in _CELERYS:
            record = self._shortened(record)
        return super().format(record)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """The line, with the worker before the message."""
        record.message = f"{self._worker}: {record.message}"
        return super().formatMessage(record)

    def _shortened(self, record: logging.LogRecord) -> logging.LogRecord:
        fault = _fault_of(record)
        line = line_of(fault, self._address) if fault is not None else None
        said = line or " ".join(record.getMessage().split())[:_LONGEST]
        is_given_back = any(kind.__name__ == "Reject" for kind in type(fault).__mro__)
        traceback = None if line or is_given_back else record.exc_info
        place = (record.name, record.levelno, record.pathname, record.lineno)
        made = logging.LogRecord(*place, said, (), traceback, record.funcName)
        made.created, made.msecs = record.created, record.msecs
        return made


class AwayOnce(logging.Filter):
    """A broker that is away is one line until it is back, however often Celery tries.

    What could not be acknowledged on a lost connection is no line at all: it comes again, and then
    the worker says so.
    """

    def __init__(self, settings: BaseSettings) -> None:
        super().__init__()
        self._address = BrokerAddress.of(settings)
        self._said: set[str] = set()  # since it was there

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is new."""
        if record.name == _CONNECTED:
            self._said.clear()
        fault = _fault_of(record)
        if record.name.partition(".")[0] not in _CELERYS or fault is None:
            return True
        line = line_of(fault, self._address)
        if line is None:
            return True
        is_new = record.name != _ACKNOWLEDGED and line not in self._said
        self._said.add(line)
        return is_new


def log_worker(settings: BaseSettings, worker: str, *, quiet: bool) -> None:
    """Sends the log where the settings say; `quiet` leaves out what went well."""
    LOG.setLevel(logging.WARNING if quiet else logging.INFO)
    logging.getLogger(_CONNECTED).setLevel(LOG.level)
    if not settings.getbool("LOG_ENABLED"):
        logging.root.addHandler(logging.NullHandler())
        return
    handler = log_handler(settings)
    handler.setFormatter(WorkerLine(settings, worker))
    handler.addFilter(AwayOnce(settings))
    logging.root.addHandler(handler)
    logging.root.setLevel(settings["LOG_LEVEL"])


def _fault_of(record: logging.LogRecord) -> BaseException | None:
    """What a line is about: the fault whose traceback it would print, or one of its words."""
    if record.exc_info and record.exc_info[1] is not None:
        return record.exc_info[1]
    words = record.args if isinstance(record.args, tuple) else ()
    return next((word for word in words if isinstance(word, BaseException)), None)
