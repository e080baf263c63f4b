"""Alerts handed to the process that sends them, which may take so long and no longer."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from typing import Any, Final

from crawler.home import PYTHON
from crawler.operations.alert_addresses import Address
from crawler.operations.alert_message import Message
from models.errors import WinnowError

SECONDS: Final = 15.0  # for all of a call, however a receiver hangs
_COMMAND: Final = (*PYTHON, "crawler.operations.alert_sender")


class NotifyMissing(WinnowError):
    """The library of the extra `notify` is not installed; the message says what to type."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one message."""

    shown: str | None  # scheme and host of the address; None: Apprise knows no such address
    error: str | None  # why it was not delivered; None: it was, or its address is well


def mistake(address: Address, answer: Answer) -> str:
    """The line on an address that Apprise does not know; it shows the scheme alone."""
    return f"WINNOW_NOTIFY: address {address.number} ({address.scheme}://…): {answer.error}"


def require_extra() -> None:
    """Raises NotifyMissing where Apprise is not installed."""
    if find_spec("apprise") is None:
        raise NotifyMissing(
            "WINNOW_NOTIFY needs the extra winnow[notify] (missing: apprise);"
            " type: uv sync --extra notify, or: pip install 'winnow[notify]'"
        )


def send(
    messages: Sequence[tuple[Address, Message | None]], seconds: float = SECONDS
) -> list[Answer]:
    """Sends each message to its address, all at once; the answers in the same order.

    Without a message the address is only looked at. The caller has
    asked `require_extra`.
    """
    asked: list[dict[str, Any]] = [
        {"number": number, "address": address.url, **(asdict(message) if message else {})}
        for number, (address, message) in enumerate(messages)
    ]
    try:
        came, ended = _answers(json.dumps(asked), seconds)
    except OSError as fault:
        came, ended = {}, f"the process that sends alerts cannot be started: {fault.strerror}"
    missing = Answer("", ended)
    return [came.get(number, missing) for number in range(len(messages))]


def _answers(asked: str, seconds: float) -> tuple[dict[int, Answer], str]:
    """The answers by number, and what is said of those that did not come."""
    process = subprocess.Popen(  # noqa: S603 - our own command, without a shell
        _COMMAND,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a traceback may quote an address
        text=True,
        start_new_session=True,  # a Ctrl-C ends the visit, not what it is telling
    )
    try:
        printed, _ = process.communicate(asked, timeout=seconds)
        ended = f"the process that sends alerts ended with code {process.returncode}"
    except subprocess.TimeoutExpired:
        process.kill()
        printed, _ = process.communicate()
        ended = f"no answer in {seconds:g} s"
    finally:
        if process.poll() is None:  # as after a Ctrl-C
            process.kill()
            process.wait()
    lines = [json.loads(line) for line in printed.splitlines(keepends=True) if line.endswith("\n")]
    return {line["number"]: Answer(line["shown"], line["error"]) for line in lines}, ended
