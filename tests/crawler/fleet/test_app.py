"""The Celery application: JSON alone, acknowledged late, and no Celery where the extra lacks."""

import subprocess
import sys

import pytest
from scrapy.settings import Settings

from crawler.fleet import app as module
from crawler.fleet.app import REDELIVERED, make_app, require_extra
from crawler.fleet.batch import SECONDS
from models.errors import MissingExtra, UsageError


def of(url: str) -> Settings:
    return Settings({"WINNOW_BROKER_URL": url})


def test_it_takes_json_alone_and_acknowledges_late() -> None:
    conf = make_app(of("redis://127.0.0.1:1/4")).conf
    assert conf.accept_content == conf.result_accept_content == ["json"]
    assert conf.task_acks_late and conf.task_reject_on_worker_lost
    assert (conf.worker_pool, conf.worker_prefetch_multiplier) == ("threads", 1)
    assert not conf.worker_enable_remote_control


def test_a_batch_is_over_before_redis_delivers_it_again() -> None:
    conf = make_app(of("redis://127.0.0.1:1/0")).conf
    assert conf.broker_transport_options["visibility_timeout"] == REDELIVERED
    assert REDELIVERED - SECONDS >= 4 * 60  # to wait for the database, and to end cleanly


def test_rabbitmq_confirms_what_is_published() -> None:
    conf = make_app(of("amqp://guest:guest@127.0.0.1:1//")).conf
    assert conf.broker_transport_options == {"confirm_publish": True}
    assert conf.result_backend == "rpc://"


def test_a_missing_library_is_one_line_that_says_what_to_type(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "LIBRARIES", ("celery", "no_such_library"))
    with pytest.raises(MissingExtra) as fault:
        make_app(of("redis://127.0.0.1/0"), "scrapy visit --fleet")
    assert str(fault.value) == (
        "scrapy visit --fleet needs the extra winnow[fleet] (missing: no_such_library);"
        " type: uv sync --extra fleet, or: pip install 'winnow[fleet]'"
    )


def test_all_are_there_in_tests() -> None:
    require_extra("scrapy worker")


def test_no_broker_is_misuse() -> None:
    with pytest.raises(UsageError, match="set WINNOW_BROKER_URL"):
        make_app(of(""))


def test_verbs_load_no_celery() -> None:
    """The modules of commands are loaded for each verb: those of a fleet load Celery late."""
    code = (
        "import sys, crawler.commands.worker, crawler.commands.visit, crawler.fleet.app,"
        " crawler.fleet.broker\nassert not {'celery', 'kombu'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
