"""Uploads that get a kill at each of their steps: no byte is lost, and the next one goes on."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import Connection

from models.archive import files
from models.archive.places import ArchivePlaces
from models.archive.spool import Spool, Waiting
from models.db.database import Database
from tests.support.spool_world import ALL, World


@pytest.fixture
def world(tmp_path: Path, sqlite: Database) -> World:
    return World(ArchivePlaces(tmp_path / "spool", f"memory://bucket{tmp_path}"), sqlite)


STEPS: dict[str, tuple[Any, str]] = {
    "put": (Spool, "_put"),
    "stored": (files, "stored"),
    "unlink": (Path, "unlink"),
    "moved": (files, "moved"),
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("after", [False, True])
def test_a_kill_at_any_moment_loses_no_byte_and_the_next_upload_goes_on(
    world: World, tmp_path: Path, step: str, after: bool
) -> None:
    (tmp_path / "bucket").mkdir()
    world.places = world.places._replace(store=f"file://{tmp_path}/bucket")
    _, place = world.write()
    whole = (world.places.local / place.file).read_bytes()
    pid = os.fork()
    if pid == 0:
        _upload_and_be_killed(world, place.file, *STEPS[step], after)
    _, status = os.waitpid(pid, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    assert world.bodies() == ALL
    for name in world.spool.waiting().here:
        assert world.spool.upload(name)
    assert world.bodies() == ALL
    assert (world.local(), world.stored()) == ([], [place.file])
    assert (tmp_path / "bucket" / place.file).read_bytes() == whole
    assert world.spool.waiting() == Waiting((), ())


def _upload_and_be_killed(world: World, name: str, of: Any, step: str, after: bool) -> None:
    """In a process of its own, which gets its kill at the step, or right after it."""
    original: Callable[..., object] = getattr(of, step)

    def killed(*words: object, **more: object) -> None:
        if after:
            original(*words, **more)
            if step in {"stored", "moved"}:
                cast(Connection, words[0]).commit()
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(of, step, killed)
    try:
        Spool(world.places, Database.open(str(world.database.engine.url))).upload(name)
    finally:
        os._exit(1)
