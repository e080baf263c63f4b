"""Whether object storage lets us in, asked before a run: once for all visits of a process."""

import threading
from time import monotonic
from typing import Final

from models.archive.places import store_at
from models.errors import ArchiveUnwritable, StoreAway, StoreRefused

KEPT: Final = 60.0  # seconds for which an answer counts
_ASKING: Final = threading.Lock()
_ANSWERS: Final[dict[str, tuple[float, StoreAway | StoreRefused | None]]] = {}


def fault_of(address: str) -> StoreAway | None:
    """Why the store does not answer just now; None if it does.

    Raises ArchiveUnwritable if it refuses us.
    """
    with _ASKING:  # whoever comes meanwhile waits for the answer, and takes it
        asked_at, fault = _ANSWERS.get(address, (float("-inf"), None))
        if monotonic() - asked_at >= KEPT:
            fault = _asked(address)
            _ANSWERS[address] = monotonic(), fault
    if isinstance(fault, StoreRefused):
        raise ArchiveUnwritable(str(fault)) from fault
    return fault


def _asked(address: str) -> StoreAway | StoreRefused | None:
    try:
        store_at(address).check()
    except (StoreAway, StoreRefused) as fault:
        return fault
    return None
