"""Faults of libraries, told apart; those of the S3 library are met in test_object_store.py."""

import asyncio
import errno
from asyncio import AbstractEventLoop
from collections.abc import Iterator

import pytest

from models.archive.store_faults import OutOfRange, said_by, tell_cuts_once, translated
from models.errors import StoreAway, StoreRefused


class ServiceRequestError(Exception):
    """As azure-core names a connection that was not made."""


class HttpResponseError(Exception):
    """As azure-core names an answer that is a fault."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status}")
        self.status_code = status


class HttpError(Exception):
    """As gcsfs names one."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status}")
        self.code = status


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (TimeoutError(), StoreAway),
        (ConnectionResetError("reset"), StoreAway),
        (ServiceRequestError("no route"), StoreAway),
        (HttpResponseError(503), StoreAway),
        (HttpError(429), StoreAway),
        (HttpError(500), StoreAway),
        (OSError(errno.EBUSY, "SlowDown"), StoreAway),
        (HttpError(401), StoreRefused),
        (HttpResponseError(403), StoreRefused),
        (PermissionError("Forbidden"), StoreRefused),
        (OSError(errno.EINVAL, "The authorization header is malformed"), StoreRefused),
        (ValueError("Invalid endpoint: here"), StoreRefused),
        (HttpError(416), OutOfRange),
        (HttpResponseError(501), NotImplementedError),
        (OSError(errno.ENOSYS, "A header you provided implies"), NotImplementedError),
    ],
)
def test_a_fault_is_told_by_what_a_person_does_about_it(
    fault: Exception, kind: type[Exception]
) -> None:
    assert type(translated(fault, "s3://bucket/x")) is kind


def test_what_a_library_says_is_one_line() -> None:
    assert said_by(ValueError("one\n  two")) == "one two"
    assert said_by(ValueError()) == "ValueError"
    assert len(said_by(ValueError("x" * 999))) == 200
    assert "s3://bucket/x" in str(translated(TimeoutError(), "s3://bucket/x"))


@pytest.fixture
def loop() -> Iterator[AbstractEventLoop]:
    made = asyncio.new_event_loop()
    yield made
    made.close()


def test_a_cut_connection_is_no_fault_of_the_loop_and_all_else_is(
    loop: AbstractEventLoop, caplog: pytest.LogCaptureFixture
) -> None:
    tell_cuts_once(loop)
    message = "Task exception was never retrieved"
    loop.call_exception_handler({"message": message, "exception": ConnectionResetError("cut")})
    assert caplog.records == []
    loop.call_exception_handler({"message": message, "exception": KeyError("ours")})
    loop.call_exception_handler({"message": "no exception"})
    assert [record.getMessage() for record in caplog.records] == [message, "no exception"]


def test_a_loop_keeps_the_handler_that_it_has(loop: AbstractEventLoop) -> None:
    met: list[object] = []
    loop.set_exception_handler(lambda _, context: met.append(context["exception"]))
    tell_cuts_once(loop)
    cut = ConnectionResetError("cut")
    loop.call_exception_handler({"message": "", "exception": cut})
    assert met == [cut]
