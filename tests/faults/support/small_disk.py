"""A disk of a few kilobytes: a tmpfs below a test's folder, that fills, grows, turns read-only."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.cannot_run import cannot_run


@dataclass(frozen=True, slots=True)
class SmallDisk:
    """A mounted folder."""

    folder: Path

    def resize(self, kilobytes: int) -> None:
        """More room, or less."""
        _mount("-o", f"remount,size={kilobytes}k", self.folder)

    def read_only(self, on: bool = True) -> None:
        """Refuses writes, or takes them again."""
        _mount("-o", "remount,ro" if on else "remount,rw", self.folder)


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[SmallDisk]:
    """A new folder on a disk of its own; skips where nobody lets us mount."""
    folder.mkdir(parents=True)
    ours = f"size={kilobytes}k,uid={os.getuid()},gid={os.getgid()}"
    try:
        _mount("-t", "tmpfs", "-o", ours, "winnow-test", folder)
    except (OSError, subprocess.CalledProcessError) as refused:
        cannot_run(f"no tmpfs can be mounted (neither root nor sudo -n): {refused}")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run([*_as_root(), "umount", "--lazy", str(folder)], check=True)


def _mount(*words: object) -> None:
    command = [*_as_root(), "mount", *map(str, words)]
    subprocess.run(command, check=True, capture_output=True, text=True)


def _as_root() -> list[str]:
    return [] if os.geteuid() == 0 or shutil.which("sudo") is None else ["sudo", "-n"]
