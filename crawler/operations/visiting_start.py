"""How visiting processes are started: their command, their environment, and our settings."""

import os
import sys
from collections.abc import Callable
from typing import Any

from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings, Settings

from crawler.home import PYTHON
from crawler.operations.visiting_processes import FULL, VisitingProcesses


def visiting_processes(
    settings: Settings, jobs: int, worker: str = "", heard: Callable[[bytes], None] | None = None
) -> VisitingProcesses:
    """Processes for so many sites at once, with our own settings and environment.

    `worker`: whose they are, for the log of a fleet; `heard` gets each line that they log.
    """
    most = max(1, min(os.cpu_count() or 1, jobs // FULL))
    command = (*PYTHON, "crawler.operations.visiting")
    made = VisitingProcesses(command, environment(), greeting(settings, most, worker), most)
    if heard is not None:
        made.heard = heard
    return made


def environment() -> dict[str, str]:
    """Our own; Python finds our modules there as it does here."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def greeting(settings: Settings, processes: int, worker: str = "") -> dict[str, Any]:
    """Our own settings, which no list of processes shows: some hold a password."""
    typed = SETTINGS_PRIORITIES["cmdline"]
    ours = {
        name: value.copy_to_dict() if isinstance(value, BaseSettings) else value
        for name, value in settings.items()
        if settings.getpriority(name) == typed and value is not None
    }
    workers = settings.getint("WINNOW_WORKERS")  # shared among the processes
    ours["WINNOW_WORKERS"] = max(1, workers // processes) if workers else 0
    return {"settings": ours, "worker": worker}
