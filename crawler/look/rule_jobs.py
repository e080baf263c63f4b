"""Commands that a page starts: a preview of a rule, a re-extraction; one at a time for a site."""

import json
import os
import secrets
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from crawler.home import PYTHON
from models.errors import SiteBusy

Kind = Literal["preview", "apply"]
_KEPT: Final = 50  # jobs that are remembered
_LINES: Final = 20  # of what a command printed
_PATIENCE: Final = 2.0  # seconds in which a preview that was stopped ends by itself


@dataclass(slots=True)
class Job:
    """A command under way, or ended."""

    number: str
    kind: Kind
    site: str
    pages: int  # that it is about
    process: "subprocess.Popen[str]"
    done: Callable[[], None]  # is called once it has ended
    progress: Mapping[str, Any] = field(default_factory=dict)
    result: Mapping[str, Any] | None = None
    printed: "deque[str]" = field(default_factory=lambda: deque(maxlen=_LINES))
    complained: "deque[str]" = field(default_factory=lambda: deque(maxlen=_LINES))
    seen: int = 0  # pages that a re-extraction had read when it was last looked at
    code: int | None = None  # exit code; None: it runs
    stopped: bool = False  # by a person, or by the next preview
    follower: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        """Begins to read what the command prints."""
        self.follower = threading.Thread(target=_follow, args=(self,), daemon=True)
        self.follower.start()

    @property
    def state(self) -> str:
        """running | done | failed | stopped."""
        if self.code is None:
            return "running"
        if self.stopped:
            return "stopped"
        return "done" if self.code == 0 else "failed"

    @property
    def reason(self) -> str | None:
        """Why it failed, in one line."""
        if self.state != "failed":
            return None
        said = [line for line in self.complained if line.strip()]
        return said[-1] if said else f"the command ended with exit code {self.code}"

    def stop(self) -> None:
        """Asks it to end, as Ctrl-C does; what a re-extraction did so far stays."""
        if self.process.poll() is None:
            self.stopped = True
            self.process.send_signal(signal.SIGINT if self.kind == "apply" else signal.SIGTERM)


class Jobs:
    """The jobs of one server. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: dict[str, Job] = {}  # in the order of their starts

    def start(
        self,
        kind: Kind,
        site: str,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        *,
        pages: int,
        done: Callable[[], None] = lambda: None,
    ) -> Job:
        """Starts `scrapy ARGUMENTS`; a preview ends the one before it of the same site.

        Raises SiteBusy if the site is being re-extracted already.
        """
        with self._lock:
            for job in self._jobs.values():
                if job.site == site and job.code is None:
                    if job.kind == "apply":
                        raise SiteBusy(f"{site} is being re-extracted; wait for its end")
                    job.stop()
            process = subprocess.Popen(  # noqa: S603 - our own command, without a shell
                [*PYTHON, "scrapy", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                errors="replace",
                env={**os.environ, **environment},
                process_group=0,  # Ctrl-C is the server's: a run that gets it twice is cut off
            )
            job = Job(secrets.token_hex(8), kind, site, pages, process, done)
            self._jobs[job.number] = job
            ended = [number for number, one in self._jobs.items() if one.code is not None]
            for number in ended[: max(0, len(self._jobs) - _KEPT)]:
                del self._jobs[number]
        return job

    def find(self, number: str) -> Job | None:
        """The job of that number, if it is remembered."""
        with self._lock:
            return self._jobs.get(number)

    def stop_all(self) -> None:
        """Ends all that run: the server ends.

        Previews are waited for, so that their folders are gone; a re-extraction closes its run
        by itself.
        """
        with self._lock:
            running = [job for job in self._jobs.values() if job.code is None]
        for job in running:
            job.stop()
        until = time.monotonic() + _PATIENCE
        for job in (job for job in running if job.kind == "preview"):
            job.follower.join(max(0.0, until - time.monotonic()))
            if job.follower.is_alive():
                job.process.kill()
                job.follower.join(_PATIENCE)


def _follow(job: Job) -> None:
    """Reads what a command prints, until it ends."""
    complaints = threading.Thread(target=_read_complaints, args=(job,), daemon=True)
    complaints.start()
    try:
        for line in job.process.stdout or ():
            found = _document(line)
            if found is None:
                job.printed.append(line.strip())
            elif found.get("done"):
                job.result = found
            else:
                job.progress = found
        complaints.join()
    finally:
        code = job.process.wait()
        job.done()
        job.code = code


def _read_complaints(job: Job) -> None:
    for line in job.process.stderr or ():
        job.complained.append(line.strip())


def _document(line: str) -> dict[str, Any] | None:
    """The JSON object of a line; None for a line of text."""
    if not line.startswith("{"):
        return None
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
