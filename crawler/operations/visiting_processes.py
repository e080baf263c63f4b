"""The visiting processes, as `visit` sees them: names go in, results come out, crashes are told."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from crawler.operations.visiting import Word
from crawler.operations.visits import START, VisitResult

GRACE: Final = 30.0  # seconds that a visit has to end after its time, and again once told so
FULL: Final = 8  # sites at once in each process before there is another
SITES: Final = 400  # that a process visits before it is replaced: libraries' caches grow
_LINE: Final = 1 << 20  # bytes of an answer at most
_WORSE: Final = 70  # of a process that ended by itself with visits under way (EX_SOFTWARE)


class Died(Exception):
    """The process ended while it visited a site."""

    def __init__(self, how: str, code: int, *, alone: bool) -> None:
        super().__init__(how)
        self.code = code
        self.alone = alone  # nothing else was under way: it was this site's visit, or chance


class NotBegun(Exception):
    """The process is ending, and did not begin the visit."""


async def no_recovery() -> None:
    """Nothing is done after a crash."""


@dataclass(slots=True)
class VisitingProcesses:
    """At most `most` processes, which end with us, and in time."""

    command: Sequence[str]
    environment: Mapping[str, str]
    greeting: Mapping[str, Any]  # the first line that a process gets
    most: int = 1
    # after a crash, before its sites are visited again: what its runs held is freed
    recover: Callable[[], Awaitable[None]] = no_recovery
    heard: Callable[[bytes], None] = lambda _line: None  # gets what the processes log
    grace: float = GRACE
    stopping: bool = False
    _shared: list["_Process"] = field(default_factory=list)
    _all: set["_Process"] = field(default_factory=set)
    _starting: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def __call__(
        self, site: str, left: float | None, *, now: bool = False, due_at: datetime | None = None
    ) -> VisitResult | None:
        """Visits one site; where `left` seconds are over it ends by itself, or is ended.

        `now`: its sources are read whether they are due or not. `due_at`: the site's due time when
        the caller checked it; if it has changed since, another process visited the site, and no
        visit begins.

        If its process dies, it is visited again; the second time, in a process of its own. Who
        dies alone was killed. None if it was stopped before it began.
        """
        loop = asyncio.get_running_loop()
        deadline = None if left is None else loop.time() + left
        deaths = 0
        while True:
            left = None if deadline is None else deadline - loop.time()
            try:
                return await self._visit(site, left, now=now, due_at=due_at, alone=deaths > 1)
            except NotBegun:
                if self.stopping:
                    return None
            except Died as died:
                deaths += 1
                await self.recover()
                over = deadline is not None and deadline - loop.time() <= START
                if died.alone or over or self.stopping:
                    return VisitResult(site, died.code, f"{site}: {died}")

    def stop(self) -> None:
        """Ends all visits cleanly: what they were at is left for the next time; again, at once."""
        self.stopping = True
        for process in self._all:
            process.say(Word(stop_all=True))

    async def close(self) -> None:
        """Ends the processes."""
        await asyncio.gather(*(process.close(self.grace) for process in self._all))

    async def _visit(
        self, site: str, left: float | None, *, now: bool, due_at: datetime | None, alone: bool
    ) -> VisitResult:
        process = await self._process(alone=alone)
        result = process.visit(site, None if left is None else left - START, now=now, due_at=due_at)
        try:
            if left is not None:
                limits = ((left + self.grace, process.stop), (self.grace, process.kill))
                for seconds, end in limits:
                    done, _ = await asyncio.wait({result}, timeout=seconds)
                    if done:
                        break
                    end(site)
            return await result
        finally:
            if alone or (process.begun >= SITES and not process.under_way):
                if process in self._shared:
                    self._shared.remove(process)
                await process.close(self.grace)
            if process.ended:
                self._all.discard(process)

    async def _process(self, *, alone: bool) -> "_Process":
        """The one with the fewest sites, or a new one; where visits are stopped, any that is."""
        async with self._starting:
            self._shared = [p for p in self._shared if p.takes_more]
            if not alone and self._shared:
                least = min(self._shared, key=lambda process: len(process.under_way))
                if len(self._shared) >= self.most or len(least.under_way) < FULL:
                    return least
            process = _Process(self.heard)
            await process.start(self.command, self.environment, self.greeting)
            self._all.add(process)
            if self.stopping:
                process.say(Word(stop_all=True))
            if not alone:
                self._shared.append(process)
            return process


class _Process:
    """One visiting process and the sites that it visits."""

    def __init__(self, heard: Callable[[bytes], None]) -> None:
        self._heard = heard
        self.under_way: dict[str, asyncio.Future[VisitResult]] = {}
        self.begun = 0
        self.ended = False
        self.ending = False  # it begins no further visit
        self._said = b""  # its last line on stderr

    async def start(
        self, command: Sequence[str], environment: Mapping[str, str], greeting: Mapping[str, Any]
    ) -> None:
        self._process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=dict(environment),
            limit=_LINE,
            process_group=0,  # Ctrl-C is for us: with our own word, it would be their second
        )
        self._write(json.dumps(dict(greeting)).encode() + b"\n")
        self._reading = asyncio.ensure_future(self._read())

    @property
    def takes_more(self) -> bool:
        """Whether it begins further visits."""
        return not (self.ended or self.ending or self.begun >= SITES)

    def visit(
        self, site: str, seconds: float | None, *, now: bool, due_at: datetime | None
    ) -> "asyncio.Future[VisitResult]":
        """How the visit ends, some time; Died if the process ends before."""
        result: asyncio.Future[VisitResult] = asyncio.get_running_loop().create_future()
        if self.ended:  # just now
            result.set_exception(NotBegun())
            return result
        self.under_way[site] = result
        self.begun += 1
        due = due_at.isoformat() if due_at else ""
        self.say(Word(visit=site, left=seconds, now=now, due_at=due))
        return result

    def say(self, word: Word) -> None:
        """One line to it; one that has ended does not hear it."""
        self._write(word.line())

    def stop(self, site: str) -> None:
        """Asks for the clean end of one visit."""
        self.say(Word(stop=site))

    def kill(self, _site: str) -> None:
        """Ends it, whatever it is doing."""
        if not self.ended:
            self._process.kill()

    async def close(self, grace: float) -> None:
        """Ends it once its visits are over."""
        if self._process.stdin is not None and not self.ended:
            self._process.stdin.close()
        done, _ = await asyncio.wait({self._reading}, timeout=grace)
        if not done:
            self.kill("")
            await self._reading

    def _write(self, line: bytes) -> None:
        if not self.ended and self._process.stdin is not None:
            self._process.stdin.write(line)

    async def _read(self) -> None:
        """Its answers, until it ends; then what is under way died with it."""
        errors = asyncio.ensure_future(self._read_errors())
        try:
            async for line in self._lines(self._process.stdout):
                self._hear(json.loads(line))
        finally:
            self.ended = True
            code = await self._process.wait()
            await errors
            left, self.under_way = self.under_way, {}
            for done in left.values():
                if not done.done():
                    done.set_exception(self._died(code, alone=len(left) == 1))

    def _hear(self, answer: Mapping[str, Any]) -> None:
        self.ending = self.ending or not answer.keys().isdisjoint(("ending", "not_begun"))
        site = answer.get("not_begun") or answer.get("site")
        done = self.under_way.pop(site, None) if site else None
        if done is None or done.done():
            return
        if "not_begun" in answer:
            done.set_exception(NotBegun())
        else:
            done.set_result(VisitResult(**answer))

    def _died(self, code: int, *, alone: bool) -> Exception:
        if code == 0:  # it ended in order: what it did not answer it did not begin
            return NotBegun()
        if code < 0:
            return Died(f"killed by signal {-code}", code, alone=alone)
        said = self._said.decode(errors="replace") or "saying nothing"
        return Died(f"its process ended with code {code}, {said}", _WORSE, alone=alone)

    async def _read_errors(self) -> None:
        async for line in self._lines(self._process.stderr):
            self._said = line.strip() or self._said
            self._heard(line)

    async def _lines(self, stream: Any) -> Any:
        while line := await stream.readline():
            yield line
