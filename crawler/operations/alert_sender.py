"""The process that sends alerts: the only module that loads Apprise.

Its input is one JSON document, so that no list of processes shows an address; its output is a
line of JSON for each message, as soon as its service answered. Whoever started it ends it.
"""

import json
import logging
import os
import re
import sys
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import apprise

from crawler.operations.alert_faults import reason_of

_TYPES: Final = {
    "ok": apprise.NotifyType.SUCCESS,
    "warn": apprise.NotifyType.WARNING,
    "red": apprise.NotifyType.FAILURE,
}
_HOST_FIRST: Final = re.compile(r"\{schema\}://(?:[^@/]*@)?\{host\}")
_BAD: Final = ("WARNING", "ERROR", "CRITICAL")
_NAME_OF_A_HOST: Final = re.compile(r"[\w-]+(\.[\w-]+)+")


def main() -> None:
    """Reads what to send and sends all of it at once."""
    log = logging.getLogger("apprise")
    log.setLevel(logging.DEBUG)  # a reason stands there alone; it goes nowhere else
    log.addHandler(logging.NullHandler())
    log.propagate = False
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a service prints is no answer
    asked = json.load(sys.stdin)
    printing = threading.Lock()

    def work(one: Mapping[str, Any]) -> None:
        answer = {"number": one["number"], **answer_of(one)}
        with printing:
            answers.write(json.dumps(answer) + "\n")
            answers.flush()

    with ThreadPoolExecutor(max_workers=max(1, len(asked))) as threads:
        list(threads.map(work, asked))


def answer_of(one: Mapping[str, Any]) -> dict[str, Any]:
    """Sends one message, or only reads its address if there is none.

    `shown` is None for an address that is none; `error` says why it was not sent.
    """
    service = service_of(one["address"])
    if service is None:
        return {"shown": None, "error": _unreadable(one["address"])}
    shown = shown_as(service, one["address"])
    if one.get("body") is None:
        return {"shown": shown, "error": None}
    sender = apprise.Apprise()
    sender.add(service)
    result = sender.notify(
        title=one["title"],
        body=one["body"],
        notify_type=_TYPES[one["worst"]],
        body_format=apprise.NotifyFormat.TEXT,
        log_level=logging.DEBUG,
    )
    return {"shown": shown, "error": None if result else reason_of(_said_of(result))}


def service_of(address: str) -> Any:
    """The service of an address, which parts a long message unless told; None if there is none."""
    asset = apprise.AppriseAsset(app_id="Winnow", app_desc="Winnow", secure_logging=True)
    service = apprise.Apprise.instantiate(address, asset=asset)
    if service is not None and "overflow=" not in address:  # else a chat refuses it for ever
        service.overflow_mode = apprise.OverflowMode.SPLIT
    return service


def _said_of(result: Any) -> list[str]:
    """What a service logged of its failure; the message itself is logged too, and left out."""
    return [
        entry.message
        for entry in result.logs()
        if entry.level in _BAD or "Exception" in entry.message[:40]
    ]


def shown_as(service: Any, address: str) -> str:
    """Scheme, host and port of an address; where others have a host, some have a token."""
    scheme = address.partition("://")[0].lower()
    host, port = str(service.host or ""), service.port
    always = all(_HOST_FIRST.match(template) for template in service.templates)
    can_be = "host" in service.template_tokens and _NAME_OF_A_HOST.fullmatch(host)
    if not host or not (always or can_be):
        return f"{scheme}://…"
    return f"{scheme}://{host}:{port}" if port else f"{scheme}://{host}"


def _unreadable(address: str) -> str:
    from apprise.manager_plugins import NotificationManager

    scheme = address.partition("://")[0].lower()
    manager: Any = NotificationManager  # which has no types
    services = manager()
    if scheme not in services:
        return f"Apprise knows no service {scheme}://"
    if not services[scheme].enabled:
        return f"a library that Apprise needs for {scheme}:// is not installed"
    return f"Apprise cannot read this address of {scheme}://; its manual says how to write one"


if __name__ == "__main__":
    main()
