"""Commands in processes that have imported what commands import: a fraction of a start's time.

One process imports and forks itself for each command. The fork has its own environment, folder and
streams, runs `scrapy WORDS` (or `winnow WORDS`) and ends as Python ends. Tests of starting, of
signals and of workers start commands as users do.
"""

import atexit
import gc
import importlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector
from tempfile import TemporaryDirectory

from scrapy.utils.misc import walk_modules_iter

ROOT = Path(__file__).parents[2]
_PACKAGES = (  # with all that is in them
    "crawler.commands",
    "crawler.extensions",
    "crawler.middlewares",
    "crawler.operations",
    "crawler.spiders",
    "pipelines",
    "scrapy.commands",
    "scrapy.downloadermiddlewares",
    "scrapy.spidermiddlewares",
)
_MODULES = (
    "cattrs",
    "htmldate",
    "models.sites.toml_reader",
    "scrapy.cmdline",
    "scrapy.core.downloader.handlers.http11",
    "scrapy.dupefilters",
    "scrapy.logformatter",
    "scrapy.extensions.telnet",
    "scrapy.squeues",
    "scrapy.utils.engine",
    "sqlalchemy.dialects.sqlite",
    "trafilatura",
    "warcio",
)
_NOT_IMPORTED = (  # they look at the environment, or at the process that imports them
    "crawler.settings",
    "twisted.internet.reactor",
)


@cache
def warm_start() -> "WarmStart":
    """The one of this process."""
    return WarmStart()


class WarmStart:
    """Starts commands one at a time."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory()
        self._server = subprocess.Popen(
            [sys.executable, "-m", __name__],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
            text=True,
        )
        atexit.register(self.close)

    def run(
        self,
        words: Sequence[str],
        environment: Mapping[str, str],
        folder: Path,
        timeout: float,
        program: str = "scrapy",
    ) -> tuple[int, str, str]:
        """The exit code of `PROGRAM WORDS`, and what it printed. Raises TimeoutExpired."""
        assert self._server.stdin
        streams = [Path(self._folder.name, name) for name in ("out", "err")]
        job = [[program, *words], dict(environment), str(folder), *map(str, streams)]
        print(json.dumps(job), file=self._server.stdin, flush=True)
        code = self._code(timeout, words)
        out, err = (stream.read_text() for stream in streams)
        return code, out, err

    def _code(self, timeout: float, words: Sequence[str]) -> int:
        assert self._server.stdout
        with DefaultSelector() as selector:
            selector.register(self._server.stdout, EVENT_READ)
            if not selector.select(timeout):
                self.close()
                raise subprocess.TimeoutExpired(list(words), timeout)
        return int(self._server.stdout.readline())

    def close(self) -> None:
        """Ends the process, and what it forked."""
        if self._server.poll() is None:
            os.killpg(self._server.pid, signal.SIGKILL)
            self._server.wait()
        self._folder.cleanup()


def _serve() -> list[str]:
    """Forks for each job and says its exit code; returns, in a fork, what to type."""
    for name in _MODULES:
        importlib.import_module(name)
    for name in _PACKAGES:
        list(walk_modules_iter(name))
    assert not sys.modules.keys() & set(_NOT_IMPORTED)
    gc.freeze()
    for line in sys.stdin:
        words, environment, folder, *streams = json.loads(line)
        child = os.fork()
        if not child:
            os.environ.clear()
            os.environ.update(environment)
            os.chdir(folder)
            for number, path in enumerate((os.devnull, *streams)):
                opened = os.open(
                    path,
                    os.O_RDONLY if not number else os.O_WRONLY | os.O_CREAT | os.O_TRUNC,
                    0o600,
                )
                os.dup2(opened, number)
                os.close(opened)
            return list(words)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()
    raise SystemExit


if __name__ == "__main__":
    sys.argv = _serve()
    if sys.argv[0] == "winnow":
        from crawler.winnow import main

        main()
    else:
        from scrapy.cmdline import execute

        execute(sys.argv)
