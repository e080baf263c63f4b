"""Settings of a process whose n-th database call fails: WINNOW_FAULT_CALL=n, and how it fails.

The file WINNOW_FAULT_MET is made when it does: a run of fewer calls meets no fault.
`away`: the connection is lost; `deadlock`, `locked`: another writer was first; `broken`: nothing
helps.
"""

import os
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

from crawler.settings import *  # noqa: F403 - the same settings
from tests.faults.support.failing_names import HOW

_fault: Final = HOW[os.environ["WINNOW_FAULT_HOW"]]
_calls = {"left": int(os.environ["WINNOW_FAULT_CALL"])}


@event.listens_for(Engine, "before_cursor_execute")
def _fail(
    conn: Any, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool
) -> None:
    _calls["left"] -= 1
    if _calls["left"] == 0:
        Path(os.environ["WINNOW_FAULT_MET"]).touch()
        raise OperationalError(statement, parameters, Exception(_fault))
