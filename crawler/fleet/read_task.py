"""The task that reads a chunk of archived copies."""

import asyncio
import socket
from collections.abc import Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

from crawler.fleet.chunk_post import QUEUE
from crawler.fleet.chunk_task import serve
from crawler.fleet.stored_members import stored_members
from crawler.fleet.worker_means import WorkerMeans
from models.archive.places import ArchivePlaces
from models.errors import ArchiveError
from pipelines.pool import PoolCrash, PoolTimeout
from pipelines.reading_codec import (
    AskedCopy,
    encode_chunk,
    encode_fault,
    parted,
    read_encoded,
)

if TYPE_CHECKING:
    from celery import Celery

TASK: Final = "winnow.read"
THREADS: Final = 2  # one chunk is read while the next is on its way


def message_of(copies: Sequence[AskedCopy]) -> dict[str, Any]:
    """A chunk of archived copies, as the task takes it."""
    page = copies[0].page
    run = f"run {page.run_id}" if page.run_id else "dry run"
    of = f"{page.site}: {run}"  # for the worker's log
    return {"version": version("winnow"), "of": of, "chunk": encode_chunk(copies)}


def register(app: "Celery", means: WorkerMeans) -> None:
    """Adds the task `winnow.read`, whose result is a list: an answer to each copy."""
    serve(app, means, TASK, _answers, "archived copies read")


def queues(means: WorkerMeans) -> Sequence[str]:
    """`winnow.read`; a worker that is there for its labels alone reads nothing."""
    return [] if means.queues.only_labels else [QUEUE]


def threads(means: WorkerMeans) -> int:
    """Chunks at once: one is read while the next is on its way."""
    return THREADS if queues(means) else 0


async def _answers(means: WorkerMeans, chunk: Any) -> list[dict[str, Any]]:
    """An answer to each copy, in the pool's processes."""
    return list(await asyncio.gather(*(_answer(means, *one) for one in parted(chunk))))


async def _answer(means: WorkerMeans, common: Any, capture: Any) -> dict[str, Any]:
    places = ArchivePlaces.of(means.settings)
    folder = places.local
    try:
        members = await stored_members(places, common, capture)
        found = await means.pool.run(read_encoded, folder, common, capture, members)
    except (PoolTimeout, PoolCrash) as fault:
        return encode_fault(fault)
    except ArchiveError as fault:
        found = encode_fault(fault)
    if found.get("fault") == ArchiveError.__name__:
        here = f"as the worker on {socket.gethostname()} sees the archive {folder}"
        return {**found, "said": f"{found['said']} ({here})"}
    return found
