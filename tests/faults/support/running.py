"""A command that runs on while a test does something to it; what it prints is read meanwhile.

Unread, a pipe of 64 KB fills up and holds a command that prints much.
"""

import signal
import subprocess
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from tests.support.desk import Desk, Result


@dataclass(frozen=True, slots=True)
class Running:
    """A command on its way."""

    process: "subprocess.Popen[str]"
    _printed: "Future[tuple[str, str]]"

    @property
    def pid(self) -> int:
        """Its number."""
        return self.process.pid

    def ended(self) -> bool:
        """Whether it has ended."""
        return self.process.poll() is not None

    def kill(self) -> Result:
        """Kills it as a machine does."""
        self.process.send_signal(signal.SIGKILL)
        return self.result()

    def result(self, timeout: float = 120) -> Result:
        """Its exit code and what it printed, once it has ended."""
        out, err = self._printed.result(timeout)
        return Result(self.process.returncode, out, err)


@contextmanager
def running(desk: Desk, *words: str, **more: object) -> Iterator[Running]:
    """Types a command; it is gone afterwards whatever happened."""
    process = desk.start(*words, **more)
    with ThreadPoolExecutor(1) as pool:
        try:
            yield Running(process, pool.submit(process.communicate))
        finally:
            process.kill()
