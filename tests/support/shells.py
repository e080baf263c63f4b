"""Real shells that complete: bash asked for its answers, and any shell on a terminal."""

import os
import pty
import re
import select
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

ASK = r"""
source "$1"
compopt() { asked+=("$2"); }  # bash has it during a completion only
while IFS= read -r COMP_LINE; do
  COMP_POINT=${#COMP_LINE} COMP_WORDS=() asked=()
  while IFS= read -r word && [[ $word != end ]]; do COMP_WORDS+=("${word#-}"); done
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
  _winnow
  printf '%s\n' "${COMPREPLY[@]/#/-}" "${asked[@]/#/+}" end
done
"""
LOCALE = {"TERM": "dumb", "LANG": "C.UTF-8"}
SHOWN = re.compile(r"<<(.*?)>>", re.DOTALL)


def offered(script: Path, *lines: str) -> list[list[str]]:
    """What bash offers at the end of each line; `+default` is its own completion of files."""
    asked = []
    for line in lines:
        words = [part for word in line.split(" ") for part in re.split(r"([=:]+)", word)]
        kept = [word for word in words[:-1] if word] + words[-1:]
        if line.endswith(("=", ":")):  # bash completes the sign itself
            kept.pop()
        asked += [line, *(f"-{word}" for word in kept), "end"]
    done = subprocess.run(
        ["bash", "--norc", "-u", "-c", ASK, "bash", script],
        input="\n".join(asked) + "\n", capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    answers = done.stdout.split("end\n")[:-1]
    return [[_bare(one) for one in answer.splitlines() if len(one) > 1] for answer in answers]


def _bare(answer: str) -> str:
    return answer.removeprefix("-")


class Terminal:
    """A shell on a terminal; Ctrl-T shows the line that is being typed."""

    def __init__(self, master: int) -> None:
        self._master = master

    @classmethod
    @contextmanager
    def of(cls, words: Sequence[str], setup: Sequence[str], folder: Path) -> Iterator[Self]:
        """Starts the shell and types the lines of `setup`; ends it afterwards."""
        master, slave = pty.openpty()
        process = subprocess.Popen(
            words,
            stdin=slave, stdout=slave, stderr=slave, cwd=folder, start_new_session=True,
            env={**LOCALE, "PATH": os.environ["PATH"], "HOME": str(folder)},
        )  # fmt: skip
        os.close(slave)
        terminal = cls(master)
        try:
            for line in (*setup, "echo 're''ady'"):
                os.write(master, f"{line}\n".encode())
            terminal._until(re.compile(r"ready\r?\n"))
            yield terminal
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
            os.close(master)

    def completed(self, typed: str) -> str:
        """The line after `typed`, in which a tab completes."""
        os.write(self._master, typed.encode() + b"\x14")
        line = SHOWN.findall(self._until(SHOWN))[-1]
        os.write(self._master, b"\x15")
        return line

    def listed(self, typed: str, last: str) -> str:
        """All that the terminal shows once `last` has come."""
        os.write(self._master, typed.encode())
        shown = self._until(re.compile(re.escape(last)))
        os.write(self._master, b"\x15")
        return shown

    def _until(self, pattern: re.Pattern[str]) -> str:
        text, deadline = "", time.monotonic() + 60
        while not pattern.search(text):
            ready, _, _ = select.select([self._master], [], [], max(0, deadline - time.monotonic()))
            assert ready, f"not shown: {pattern.pattern!r} in {text!r}"
            text += os.read(self._master, 65536).decode(errors="replace")
        return text
