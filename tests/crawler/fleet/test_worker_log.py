"""The log of a worker: one line each, and a fault of the broker without a traceback."""

import logging
import sys

import pytest
from celery.exceptions import Reject
from redis.exceptions import ConnectionError as RedisAway
from scrapy.settings import Settings

from crawler.fleet.worker_log import LOG, AwayOnce, WorkerLine, log_worker

SETTINGS = Settings({"WINNOW_BROKER_URL": "redis://:geheim@host/0", "LOG_FORMAT": "%(message)s"})
LINE = WorkerLine(SETTINGS, "host:1:ab")


def shown(name: str, message: str, *words: object, fault: BaseException | None = None) -> str:
    info = None
    if fault is not None:
        try:
            raise fault
        except type(fault):
            info = sys.exc_info()
    return LINE.format(logging.LogRecord(name, logging.ERROR, __file__, 1, message, words, info))


def test_a_line_names_the_worker() -> None:
    assert shown("crawler.fleet", "%d sites", 3) == "host:1:ab: 3 sites"


def test_a_broker_that_is_away_is_one_line() -> None:
    away = RedisAway("Error 111 connecting to host:6379. Connection refused.")
    said = (
        "host:1:ab: the broker redis://host:6379/0 cannot be reached: Connection refused;"
        " is WINNOW_BROKER_URL right?"
    )
    assert shown("celery.worker", "it is lost\nand so on", fault=away) == said
    assert shown("celery.worker", "Cannot connect to %s: %s.\n%s", "uri", away, "again") == said


def test_a_broker_that_stays_away_is_one_line_until_it_is_back() -> None:
    once = AwayOnce(SETTINGS)

    def is_shown(name: str, *words: object) -> bool:
        said = "about %s" if words else "said"
        return once.filter(logging.LogRecord(name, logging.ERROR, __file__, 1, said, words, None))

    consumer, refused, reset = "celery.worker.consumer.consumer", "refused", "reset"
    for _ in range(2):
        assert is_shown(consumer, ConnectionError(reset))
        assert is_shown(consumer, ConnectionError(refused))
        assert not is_shown(consumer, ConnectionError(refused))
        assert not is_shown("celery.worker.request", ConnectionError("the connection is closed"))
        assert is_shown("celery.worker.request", ZeroDivisionError())
        assert is_shown("crawler.fleet", ConnectionError(refused))
        assert is_shown("celery.worker.consumer.connection")


def test_lines_of_celery_are_one_line_and_not_endless() -> None:
    assert shown("kombu", "one\n  two\n") == "host:1:ab: one two"
    assert len(shown("celery.app", "x" * 9999)) < 600


def test_a_fault_of_ours_keeps_its_traceback() -> None:
    assert "Traceback" in shown("celery.app.trace", "it failed", fault=ZeroDivisionError())
    assert "Traceback" in shown("crawler.fleet", "it failed", fault=ValueError())


def test_a_batch_that_goes_back_is_one_line() -> None:
    given_back = Reject("another worker takes it", requeue=True)
    said = shown("celery.app.trace", "Task %s rejected", "winnow.visit[1]", fault=given_back)
    assert said == "host:1:ab: Task winnow.visit[1] rejected"


@pytest.mark.parametrize(("quiet", "written"), [(False, True), (True, False)])
def test_quiet_leaves_out_what_went_well(
    quiet: bool, written: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(logging.root, "handlers", [])
    settings = SETTINGS.copy()
    settings.setdict({"LOG_ENABLED": True, "LOG_FILE": None, "LOG_LEVEL": "WARNING"})
    level = LOG.level, logging.root.level
    try:
        log_worker(settings, "host:1:ab", quiet=quiet)
        LOG.info("fine")
        LOG.warning("not fine")
    finally:
        LOG.setLevel(level[0])
        logging.root.setLevel(level[1])
    err = capsys.readouterr().err
    assert ("host:1:ab: fine" in err) is written
    assert "host:1:ab: not fine" in err
