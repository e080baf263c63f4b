"""Site memory, written: what a page shows is taken in, kept bounded, reset."""

from collections.abc import Container
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection

from models.articles import extractions
from models.evidence import Observation, Shown
from models.memory import (
    entries,
    learned_templates,
    pages,
    reclassify_queue,
    samples,
    template_samples,
    templates,
)
from models.memory.entries import BLOCK, DOM_PATH, NewEntry
from models.memory.samples import Changed, SampledPage

MOST_LEARNED: Final = 40  # templates of a site that are learned: their samples are some MB


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
    fresh: Container[int] = (),
    template: int | None = None,
    new_template: bool = True,
    new_code: bool = False,
) -> int:
    """Takes in what a page shows, in the transaction that stores its article.

    The page counts once, however often it comes; what it no longer shows is taken back. Pages
    whose evidence changed are queued to be classified again; returns how many. `first`: the page
    was never observed. `fresh`: entries seen today. `template`: the page's former one.
    `new_template`: this process has not noted the page's template yet.
    `new_code`: a re-extraction, so that an unknown template says nothing of the site.
    """
    reclassify_queue.lock_site(conn, site_id)
    page = SampledPage(observation.page, observation.page_hash, observation.fingerprint)
    shown: dict[int, tuple[int | None, int | None]] = dict.fromkeys(
        observation.blocks, (None, None)
    )
    shown |= {key: (use.kept_words, use.words) for key, use in observation.dom_paths.items()}
    former = Shown() if first else observation.former
    if former is None:
        former = pages.shown_by(conn, site_id, page.page)
    changed = samples.observe(conn, site_id, page, shown, observation.classified_on, former.keys)
    pages.put(conn, site_id, page.page, shown, now, former)
    entries.add(conn, site_id, _new_entries(conn, site_id, observation, changed, now), now)
    known = shown.keys() - changed.unseen - changed.again.keys()
    if pages.is_fresh(former, now):
        known -= set(former.keys)
    entries.refresh(conn, site_id, [key for key in known if key not in fresh], now)
    if new_template or template != observation.template_key:
        templates.observe(conn, site_id, observation, run_id, new=new_template, new_code=new_code)
    if observation.lesson is not None:
        learned_templates.teach(conn, site_id, observation, observation.lesson)
    reclassify_queue.enqueue(conn, site_id, changed.pages, now)
    pages.note_changed(conn, site_id, changed.full)
    return len(changed.pages)


def _new_entries(
    conn: Connection, site_id: int, observation: Observation, changed: Changed, now: datetime
) -> list[NewEntry]:
    """DOM paths that no page had, and texts that one other page had shown."""
    again = {key: page for key, page in changed.again.items() if key in observation.blocks}
    since = pages.first_seen(conn, site_id, {*again.values()}) if again else {}
    texts = [
        NewEntry(key, BLOCK, observation.blocks[key], since.get(page, now))
        for key, page in again.items()
    ]
    unseen = changed.unseen & observation.dom_paths.keys()
    return texts + [NewEntry(key, DOM_PATH, observation.dom_paths[key].path, now) for key in unseen]


def touch(conn: Connection, site_id: int, observation: Observation, now: datetime) -> None:
    """Notes that a page still shows what the memory holds of it."""
    reclassify_queue.lock_site(conn, site_id)
    keys = observation.blocks.keys() | observation.dom_paths.keys()
    entries.refresh(conn, site_id, keys, now)
    pages.touch(conn, site_id, observation.page, now)


def prune(conn: Connection, site_id: int, now: datetime) -> Pruned:
    """Keeps a site's memory to megabytes: one-off texts, faded paths, old templates go."""
    reclassify_queue.lock_site(conn, site_id)
    beyond = templates.longest_unseen(conn, site_id, MOST_LEARNED)
    learned_templates.forget(conn, site_id, beyond)
    return Pruned(
        entries.prune_blocks(conn, site_id, now),
        entries.prune_paths(conn, site_id, now),
        templates.prune(conn, site_id),
    )


def reset(conn: Connection, site_id: int) -> None:
    """Deletes all that a site taught, but for what a person revoked."""
    reclassify_queue.lock_site(conn, site_id)
    entries.reset(conn, site_id)
    pages.reset(conn, site_id)
    templates.reset(conn, site_id)
    learned_templates.forget(conn, site_id)
    extractions.mark_unlearned(conn, site_id)


def forget_page(conn: Connection, site_id: int, page: int, said: str, now: datetime) -> None:
    """Takes back all that a page taught; what it `said` as an article goes as a whole.

    Other pages that show the same boilerplate are queued to be classified again.
    """
    reclassify_queue.lock_site(conn, site_id)
    former = pages.shown_by(conn, site_id, page)
    changed = samples.observe(conn, site_id, SampledPage(page, 0, 0), {}, {}, former.keys)
    entries.forget_texts(conn, site_id, former.keys, said)
    pages.forget(conn, site_id, page)
    pages.note_changed(conn, site_id, changed.full)
    templates.forget(conn, site_id, page)
    template_samples.forget(conn, site_id, page)
    reclassify_queue.enqueue(conn, site_id, changed.pages - {page}, now)
    reclassify_queue.remove(conn, site_id, page)


def template_change(conn: Connection, site_id: int) -> dict[str, object] | None:
    """The site's change of template that was not reported yet, as an event's detail."""
    reclassify_queue.lock_site(conn, site_id)
    changed = templates.change(conn, site_id)
    if changed is None:
        return None
    return {**changed._asdict(), "since": changed.since.isoformat()}
