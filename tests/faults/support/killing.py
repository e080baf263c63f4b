"""Settings of a process that kills itself with SIGKILL where a function of ours is called.

WINNOW_KILL_AT=MODULE:NAME[.NAME] is the function, WINNOW_KILL_CALL=n the call of it, from 1 on;
with WINNOW_KILL_AFTER=1 once that has returned. WINNOW_SMALL_BATCHES=n: a removal of a site has
so many rows in a batch.
"""

import os
import signal
from collections.abc import Callable
from functools import reduce
from importlib import import_module
from typing import Any, Final

from crawler.settings import *  # noqa: F403 - the same settings
from models.erasures import site_removal

_module, _, _names = os.environ["WINNOW_KILL_AT"].partition(":")
_parts: Final = _names.split(".")
_owner: Final = reduce(getattr, _parts[:-1], import_module(_module))
_calls = {"left": int(os.environ["WINNOW_KILL_CALL"])}
_later: Final = os.environ.get("WINNOW_KILL_AFTER") == "1"


def _killing(function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*given: Any, **named: Any) -> Any:
        _calls["left"] -= 1
        if _calls["left"]:
            return function(*given, **named)
        if _later:
            done = function(*given, **named)
            for one in given:  # what is written so far is in the file, as of a larger one
                if hasattr(one, "flush"):
                    one.flush()
            del done
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("a killed process goes on")

    return call


setattr(_owner, _parts[-1], _killing(getattr(_owner, _parts[-1])))
site_removal.BATCH = int(os.environ.get("WINNOW_SMALL_BATCHES", site_removal.BATCH))
