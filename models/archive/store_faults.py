"""What a library of object storage fails with, told apart by what a person does about it.

Each library has faults of its own: they are known by the names of their classes and by the HTTP
status in them, so that none of the libraries has to be imported.
"""

import errno
import logging
from asyncio import AbstractEventLoop
from typing import Any, Final

from models.errors import StoreAway, StoreRefused

# what passes by itself, of botocore, aiohttp, azure-core and google-auth
_AWAY: Final = frozenset((
    "ConnectionError", "HTTPClientError", "ResponseStreamingError", "IncompleteReadError",
    "ClientConnectionError", "ClientPayloadError", "ServiceRequestError", "ServiceResponseError",
    "TransportError",
))  # fmt: skip
_AWAY_NUMBERS: Final = frozenset((
    errno.EBUSY, errno.EIO, errno.EREMOTEIO, errno.ETIMEDOUT, errno.ENETUNREACH, errno.EHOSTUNREACH,
))  # fmt: skip
_PASSES: Final = frozenset((408, 409, 425, 429))  # HTTP statuses besides 5xx
_LOG: Final = logging.getLogger(__name__)
_MOST: Final = 200  # characters of what a library says


class OutOfRange(Exception):
    """A file has no byte where the first was asked for."""


def translated(fault: Exception, address: str) -> Exception:
    """The fault as we have it: StoreAway, StoreRefused, OutOfRange, or NotImplementedError.

    The last for a condition that the storage does not know.
    """
    number, status = getattr(fault, "errno", None), _status(fault)
    if status == 416:
        return OutOfRange(said_by(fault))
    if status == 501 or number == errno.ENOSYS:
        return NotImplementedError(said_by(fault))
    if _passes(fault, number, status):
        said = f"the archive {address} does not answer as it should: {said_by(fault)}"
        return StoreAway(said)
    return StoreRefused(
        f"the archive {address} refuses us: {said_by(fault)}; see WINNOW_ARCHIVE_DIR and the"
        " credentials in the environment"
    )


def said_by(fault: BaseException) -> str:
    """One line of what a library says."""
    return " ".join(str(fault).split())[:_MOST] or type(fault).__name__


def tell_cuts_once(loop: AbstractEventLoop) -> None:
    """Has a loop not log a connection that was cut, which the call that it fails tells.

    aiohttp sends the body of a request in a task that nobody awaits, so that asyncio would log each
    such task with its stack. All else that nobody awaits is logged as ever. A loop that has a
    handler already keeps it.
    """
    if loop.get_exception_handler() is None:
        loop.set_exception_handler(_told_but_for_cuts)


def _told_but_for_cuts(loop: AbstractEventLoop, context: dict[str, Any]) -> None:
    fault = context.get("exception")
    if isinstance(fault, Exception) and _is_cut(fault):
        _LOG.debug("a connection was cut: %s", said_by(fault))
    else:
        loop.default_exception_handler(context)


def _is_cut(fault: Exception) -> bool:
    names = {kind.__name__ for kind in type(fault).__mro__}
    return isinstance(fault, ConnectionError) or bool(names & _AWAY)


def _passes(fault: Exception, number: int | None, status: int | None) -> bool:
    if isinstance(fault, TimeoutError) or _is_cut(fault):
        return True
    if status is not None:
        return status >= 500 or status in _PASSES
    return number in _AWAY_NUMBERS


def _status(fault: Exception) -> int | None:
    """The HTTP status of the answer that became a fault; s3fs has it in the fault's cause."""
    for one in (fault, fault.__cause__):
        answer = getattr(one, "response", None)
        if isinstance(answer, dict):
            return int(answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)) or None
        for name in ("status_code", "code", "status"):
            if isinstance(number := getattr(one, name, None), int):
                return number
    return None
