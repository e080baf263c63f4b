"""The memory of a site, written: what a page teaches is taken in, kept bounded, forgotten."""

from datetime import datetime
from hashlib import sha256
from typing import Final, NamedTuple

from sqlalchemy import Connection

from models.articles import extractions
from models.items import Observation
from models.memory import blocks, dom_paths, reclassify_queue, templates
from models.memory.blocks import SAMPLES as BLOCK_SAMPLES
from models.memory.dom_paths import SAMPLES as PLACE_SAMPLES
from models.memory.samples import SampledPage

STEPS: Final = 20  # a share of words that moves by less moves hardly a verdict


class Pruned(NamedTuple):
    """How much `prune` forgot."""

    blocks: int
    dom_paths: int
    templates: int


def update(
    conn: Connection,
    site_id: int,
    url_id: int,
    observation: Observation,
    run_id: int,
    now: datetime,
    *,
    new_code: bool = False,
) -> int:
    """Takes in what a page teaches, in the transaction that stores its article.

    The page counts once, however often it comes; what it showed before and no longer shows is
    taken back. Pages whose evidence grew are listed to be judged again; returns how many.
    `new_code`: a re-extraction, so that an unknown template says nothing of the site.
    """
    reclassify_queue.lock_site(conn, site_id)
    seer = SampledPage(url_id, observation.page_hash, observation.fingerprint)
    told = observation.classified_on
    pages = blocks.observe(conn, site_id, seer, observation.blocks, told, now)
    pages |= dom_paths.observe(conn, site_id, seer, observation.dom_paths, told, now)
    templates.observe(
        conn,
        site_id,
        url_id,
        observation.template_key,
        observation.fetched_at,
        run_id,
        known=new_code,
    )
    reclassify_queue.enqueue(conn, site_id, pages, now)
    return len(pages)


def prune(conn: Connection, site_id: int, now: datetime) -> Pruned:
    """Keeps a site's memory to megabytes: one-off texts, faded places, old templates go."""
    reclassify_queue.lock_site(conn, site_id)
    return Pruned(
        blocks.prune(conn, site_id, now),
        dom_paths.prune(conn, site_id, now),
        templates.prune(conn, site_id),
    )


def reset(conn: Connection, site_id: int) -> None:
    """Forgets all that a site taught, but for what a person revoked."""
    reclassify_queue.lock_site(conn, site_id)
    blocks.reset(conn, site_id)
    dom_paths.reset(conn, site_id)
    templates.reset(conn, site_id)
    extractions.mark_unlearned(conn, site_id)


def state_digest(conn: Connection, site_id: int, *, exact: bool) -> str:
    """64 hex digits of what the full samples say, on which pages outside them were judged.

    A page outside a sample is on no list, so all articles are judged again when this changes.
    `exact`: any other page in a full sample changes it; else only how its places are used, in
    twentieths, which is what moves verdicts where there are many pages.
    """
    places = PLACE_SAMPLES.full(conn, site_id)
    state: list[object] = [(key, round(STEPS * use[0] / max(use[1], 1))) for key, _, use in places]
    if exact:
        state += [*places, *BLOCK_SAMPLES.full(conn, site_id)]
    return sha256(repr(state).encode()).hexdigest()


def template_change(conn: Connection, site_id: int) -> dict[str, object] | None:
    """The site's change of template that nobody was told of yet, as an event's detail."""
    reclassify_queue.lock_site(conn, site_id)
    changed = templates.change(conn, site_id)
    if changed is None:
        return None
    return {**changed._asdict(), "since": changed.since.isoformat()}
