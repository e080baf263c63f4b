"""The memory of a site, written: what a page teaches is taken in, kept bounded, forgotten."""

from datetime import datetime
from hashlib import sha256
from typing import Final, NamedTuple

from sqlalchemy import Connection

from models.articles import extractions
from models.items import Contribution
from models.memory import blocks, dom_paths, reclassify_queue, templates
from models.memory.blocks import SAMPLES as BLOCK_SAMPLES
from models.memory.dom_paths import SAMPLES as PLACE_SAMPLES
from models.memory.samples import Seer

STEPS: Final = 20  # a share of words that moves by less moves hardly a verdict


class Forgotten(NamedTuple):
    """How much `prune` forgot."""

    blocks: int
    places: int
    templates: int


def remember(
    c: Connection,
    site_id: int,
    url_id: int,
    contribution: Contribution,
    run_id: int,
    now: datetime,
    *,
    new_code: bool = False,
) -> int:
    """Takes in what a page teaches, in the transaction that stores its article.

    The page counts once, however often it comes; what it showed before and no longer shows is
    taken back. Pages whose evidence grew are listed to be judged again; returns how many.
    `new_code`: a re-extraction, so that an unknown layout says nothing of the site.
    """
    reclassify_queue.hold(c, site_id)
    seer = Seer(url_id, contribution.page_hash, contribution.witness)
    told = contribution.judged_on
    pages = blocks.see(c, site_id, seer, contribution.blocks, told, now)
    pages |= dom_paths.see(c, site_id, seer, contribution.places, told, now)
    templates.see(
        c,
        site_id,
        url_id,
        contribution.layout_key,
        contribution.fetched_at,
        run_id,
        known=new_code,
    )
    reclassify_queue.note(c, site_id, pages, now)
    return len(pages)


def prune(c: Connection, site_id: int, now: datetime) -> Forgotten:
    """Keeps a site's memory to megabytes: one-off texts, faded places, old layouts go."""
    reclassify_queue.hold(c, site_id)
    return Forgotten(
        blocks.prune(c, site_id, now),
        dom_paths.prune(c, site_id, now),
        templates.prune(c, site_id),
    )


def forget(c: Connection, site_id: int) -> None:
    """Forgets all that a site taught, but for what a person revoked."""
    reclassify_queue.hold(c, site_id)
    blocks.forget(c, site_id)
    dom_paths.forget(c, site_id)
    templates.forget(c, site_id)
    extractions.forgotten(c, site_id)


def digest(c: Connection, site_id: int, *, exact: bool) -> str:
    """64 hex digits of what the full samples say, on which pages outside them were judged.

    A page outside a sample is on no list, so all articles are judged again when this changes.
    `exact`: any other page in a full sample changes it; else only how its places are used, in
    twentieths, which is what moves verdicts where there are many pages.
    """
    places = PLACE_SAMPLES.full(c, site_id)
    state: list[object] = [(key, round(STEPS * use[0] / max(use[1], 1))) for key, _, use in places]
    if exact:
        state += [*places, *BLOCK_SAMPLES.full(c, site_id)]
    return sha256(repr(state).encode()).hexdigest()


def layout_change(c: Connection, site_id: int) -> dict[str, object] | None:
    """The site's change of template that nobody was told of yet, as an event's detail."""
    reclassify_queue.hold(c, site_id)
    changed = templates.change(c, site_id)
    if changed is None:
        return None
    return {**changed._asdict(), "since": changed.since.isoformat()}
