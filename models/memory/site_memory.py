"""Site memory, written: what a page shows is taken in, kept bounded, reset."""

from collections.abc import Collection
from datetime import datetime
from hashlib import sha256
from typing import Final, NamedTuple

from sqlalchemy import Connection

from models.articles import extractions
from models.evidence import Observation
from models.memory import entries, reclassify_queue, samples, templates
from models.memory.entries import BLOCK, DOM_PATH
from models.memory.samples import SampledPage

STEPS: Final = 20  # a share of words that moves by less moves hardly a classification


class Pruned(NamedTuple):
    """How much `prune` deleted."""

    blocks: int
    dom_paths: int
    templates: int


def update(
    conn: Connection,
    site_id: int,
    observation: Observation,
    run_id: int,
    now: datetime,
    *,
    first: bool = False,
    fresh: Collection[int] = (),
    template: int | None = None,
    new_template: bool = True,
    new_code: bool = False,
) -> int:
    """Takes in what a page shows, in the transaction that stores its article.

    The page counts once, however often it comes; what it no longer shows is taken back. Pages
    whose evidence changed are queued to be classified again; returns how many. `first`: the page
    was never observed. `fresh`: entries that were seen today. `template`: the page's former one.
    `new_template`: this process has not noted the page's template yet.
    `new_code`: a re-extraction, so that an unknown template says nothing of the site.
    """
    reclassify_queue.lock_site(conn, site_id)
    page = SampledPage(observation.page, observation.page_hash, observation.fingerprint)
    texts = {key: (BLOCK, text) for key, text in observation.blocks.items()}
    paths = {key: (DOM_PATH, use.path) for key, use in observation.dom_paths.items()}
    shown: dict[int, tuple[int | None, int | None]] = dict.fromkeys(texts, (None, None))
    shown |= {key: (use.kept_words, use.words) for key, use in observation.dom_paths.items()}
    changed = samples.observe(conn, site_id, page, shown, observation.classified_on, first=first)
    shared = texts | paths
    entries.add(conn, site_id, {key: shared[key] for key in changed.unseen}, now)
    entries.refresh(conn, site_id, shown.keys() - changed.unseen - {*fresh}, now)
    if new_template or template != observation.template_key:
        templates.observe(conn, site_id, observation, run_id, new=new_template, new_code=new_code)
    reclassify_queue.enqueue(conn, site_id, changed.pages, now)
    return len(changed.pages)


def touch(conn: Connection, site_id: int, observation: Observation, now: datetime) -> None:
    """Notes that a page still shows what the memory holds of it."""
    reclassify_queue.lock_site(conn, site_id)
    keys = observation.blocks.keys() | observation.dom_paths.keys()
    entries.refresh(conn, site_id, keys, now)


def prune(conn: Connection, site_id: int, now: datetime) -> Pruned:
    """Keeps a site's memory to megabytes: one-off texts, faded paths, old templates go."""
    reclassify_queue.lock_site(conn, site_id)
    return Pruned(
        entries.prune_blocks(conn, site_id, now),
        entries.prune_paths(conn, site_id, now),
        templates.prune(conn, site_id),
    )


def reset(conn: Connection, site_id: int) -> None:
    """Deletes all that a site taught, but for what a person revoked."""
    reclassify_queue.lock_site(conn, site_id)
    entries.reset(conn, site_id)
    templates.reset(conn, site_id)
    extractions.mark_unlearned(conn, site_id)


def state_digest(conn: Connection, site_id: int, *, exact: bool) -> str:
    """64 hex digits of what the full samples say, by which pages outside them are classified.

    A page outside a sample is in no queue, so all articles are classified again when this
    changes. `exact`: any other page in a full sample changes it; else only how DOM paths are
    used, in twentieths, which is what moves classifications where there are many pages.
    """
    state: list[object] = []
    for key, pages, words in samples.full(conn, site_id):
        if words is not None:
            state.append((key, round(STEPS * words[0] / max(words[1], 1))))
        if exact:
            state.append((key, pages, words))
    return sha256(repr(state).encode()).hexdigest()


def template_change(conn: Connection, site_id: int) -> dict[str, object] | None:
    """The site's change of template that was not reported yet, as an event's detail."""
    reclassify_queue.lock_site(conn, site_id)
    changed = templates.change(conn, site_id)
    if changed is None:
        return None
    return {**changed._asdict(), "since": changed.since.isoformat()}
