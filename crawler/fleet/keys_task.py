"""The task that makes the keys of texts for the near-duplicate index, and who sends it."""

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

from crawler.fleet.chunk_post import ChunkPost
from crawler.fleet.chunk_sender import ChunkSender, Work
from crawler.fleet.chunk_task import serve
from crawler.fleet.worker_means import WorkerMeans
from models.articles.documents import Document
from models.duplicates.index import IndexEntry
from models.items import Sketch
from pipelines.duplicates.linker import MakeKeys
from pipelines.duplicates.matching import index_entry, whole_sketch
from pipelines.pool import PoolCrash, PoolTimeout

if TYPE_CHECKING:
    from celery import Celery
    from scrapy.settings import BaseSettings

TASK: Final = "winnow.keys"
COMMAND: Final = "scrapy db rebuild-duplicates --fleet"
AHEAD: Final = 4  # batches of articles whose keys are made while an earlier one is linked
Texts = Sequence[Sequence[str]]  # title, text and URL of each


def register(app: "Celery", means: WorkerMeans) -> None:
    """Adds the task `winnow.keys`, whose result is a list: a sketch of each text, or null."""
    serve(app, means, TASK, _answers, "texts have keys")


def queues(_means: WorkerMeans) -> Sequence[str]:
    """None of its own: it shares that of archived copies."""
    return []


def threads(_means: WorkerMeans) -> int:
    """None of its own."""
    return 0


def sketches(texts: Texts) -> list[Sketch]:
    """What the index keeps of each text."""
    return [whole_sketch(*text) for text in texts]


@contextmanager
def keys_by_fleet(settings: "BaseSettings", say: Callable[[str], None]) -> Iterator[MakeKeys]:
    """Has keys made by workers; a text that none can read is read here."""
    work = Work(TASK, _message, "texts")
    sender: ChunkSender[Document] = ChunkSender(
        work, partial(ChunkPost.opened, settings, COMMAND), say
    )

    async def make(found: Sequence[Document]) -> Sequence[IndexEntry]:
        asked = [asyncio.wrap_future(sender.ask(one)) for one in found]
        answers = await asyncio.gather(*asked)
        return [_entry(one, answer) for one, answer in zip(found, answers, strict=True)]

    try:
        yield make
    finally:
        sender.close()


def _message(found: Sequence[Document]) -> dict[str, Any]:
    return {
        "version": version("winnow"),
        "of": f"articles {found[0].article_id} to {found[-1].article_id}",
        "chunk": [(one.title, one.text, one.url) for one in found],
    }


def _entry(document: Document, answer: Any) -> IndexEntry:
    if answer is None:
        return index_entry(document)
    body_key, tokens, keys, near_key = answer
    return IndexEntry(
        document.article_id, document.revision, body_key, tokens, tuple(keys), near_key
    )


async def _answers(means: WorkerMeans, chunk: Any) -> list[Any]:
    try:
        return list(await means.pool.run(sketches, chunk))
    except (PoolTimeout, PoolCrash) as fault:
        logging.getLogger(__name__).warning("a chunk of texts is left to the sender: %s", fault)
        return [None] * len(chunk)
