"""`scrapy sites memory` and `scrapy sites forget`: a site's memory, shown and revoked."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import Connection

from crawler.operations.command import EXIT_OK
from crawler.reports.site_memory import SHOWN, memory_document, memory_lines
from crawler.reports.site_templates import Usage, template_documents, template_lines
from crawler.reports.text_tables import as_json
from models.clock import utc_now
from models.crawl import runs
from models.db.database import Database
from models.db.writer import Writer
from models.errors import UsageError
from models.evidence import PageKeys
from models.memory import entries, learned, learned_templates, reclassify_queue, site_memory
from models.memory.learned_templates import LEAST
from models.sites import registry
from models.sites.config import Site

if TYPE_CHECKING:
    from pipelines.boilerplate.recurring import Form
    from pipelines.reclassify import Reclassified

BATCH: Final = 50  # pages read at a time: their blocks are some MB
OFTEN: Final = 3  # pages that must show a text for the memory to remove it
LISTED: Final = 20  # revoked texts that are shown
_DIGITS: Final = 19  # of an id, at most
_LARGEST: Final = (1 << 63) - 1


def show(database: Database, site: Site, limit: int, *, as_document: bool = False) -> int:
    """Prints the templates, the most frequent texts and the richest DOM paths; `limit` of each."""
    with database.reading() as conn:
        site_id = number_of(conn, site)
        templates = learned.learned_templates(conn, site_id)
        if as_document:
            found = template_documents(templates[:limit], _usage(site)) if templates else []
            rest = memory_document(conn, site_id, limit)
            print(as_json({"site": site.name, "templates": found, **rest}))
            return EXIT_OK
        if templates:
            for line in template_lines(site.name, templates, _usage(site), limit):
                print(line)
            print()
        for line in memory_lines(conn, site_id, limit):
            print(line)
    return EXIT_OK


def _usage(site: Site) -> Usage:
    from pipelines.page_reader import basis_of  # takes a second: it brings the extractors

    return Usage(basis_of(site.extraction), site.extraction.always)


class Wanted(NamedTuple):
    """What to forget: one of these, or all that a site taught if none is given."""

    block: str | None = None  # the id of one, as `sites memory` shows it
    like: str | None = None  # the id of one: it, and all that have its form
    all_headings: bool = False
    template: str | None = None  # the id of a template, which is then learned again


def forget(
    database: Database,
    site: Site,
    wanted: Wanted,
    *,
    as_document: bool = False,
    tell: Callable[[str], None] = print,
) -> int:
    """Revokes texts or resets all, and reclassifies the affected articles from what is stored.

    A template that is forgotten changes no stored article.
    Raises UsageError if the site has no such text or template.
    """
    ids = (wanted.block, wanted.like, wanted.template)
    if sum(one is not None for one in ids) + wanted.all_headings > 1:
        raise UsageError("give one of --block, --like, --all-headings and --template")
    if wanted.template is not None:
        template = _key(site, wanted.template, "--template")
        return _forget_template(database, site, template, tell, as_document=as_document)
    one = wanted.like if wanted.block is None else wanted.block
    key = None if one is None else _key(site, one, "--like" if wanted.block is None else "--block")
    writer = Writer(database)
    try:
        done, revoked = asyncio.run(_forget(writer, site, key, wanted))
    finally:
        writer.close()
    if as_document:
        counts = {"classified": done.classified, "corrected": done.changed}
        tell(as_json({"site": site.name, "texts": list(revoked), **counts}))
        return EXIT_OK
    corrected = f"{done.changed} of {done.classified} articles corrected"
    tell(f"{site.name}: forgot {_what(key, wanted, revoked)}; {corrected}")
    if wanted.block is None:
        for text in revoked[:LISTED]:
            tell(f"  {text[:SHOWN]}")
        if len(revoked) > LISTED:
            tell(f"  and {len(revoked) - LISTED} more")
    return EXIT_OK


def _forget_template(
    database: Database, site: Site, key: int, tell: Callable[[str], None], *, as_document: bool
) -> int:
    with database.reading() as conn:
        site_id = number_of(conn, site)
    if not database.patiently(lambda conn: _unlearn(conn, site_id, key)):
        raise UsageError(
            f"{site.name} has no template {key};"
            f" its templates are listed by: scrapy sites memory {site.name}"
        )
    if as_document:
        tell(as_json({"site": site.name, "template_id": key}))
        return EXIT_OK
    tell(
        f"{site.name}: forgot template {key}; its pages are searched until {LEAST} have taught it"
        " anew. Stored articles stay as they are."
    )
    return EXIT_OK


def _unlearn(conn: Connection, site_id: int, key: int) -> bool:
    """Whether there was such a template."""
    reclassify_queue.lock_site(conn, site_id)
    return learned_templates.forget(conn, site_id, [key]) > 0


def _what(key: int | None, wanted: Wanted, revoked: Sequence[str]) -> str:
    texts = f"{len(revoked)} text{'' if len(revoked) == 1 else 's'}"
    if wanted.all_headings:
        return f"{texts} of headings"
    if wanted.like is not None:
        return f"{texts} like block {key}"
    return "all it had learned" if key is None else f"block {key}"


def number_of(conn: Connection, site: Site) -> int:
    """The site's number. Raises UsageError if it was never crawled."""
    for number, name in registry.names(conn).items():
        if name == site.name:
            return number
    raise UsageError(
        f"{site.name} was never crawled, so it taught nothing;"
        f" type: scrapy crawl discover -a site={site.name}"
    )


def _key(site: Site, block: str, option: str) -> int:
    if not block.isdecimal() or len(block) > _DIGITS or int(block) > _LARGEST:
        raise UsageError(f"{option} takes an id as shown by: scrapy sites memory {site.name}")
    return int(block)


async def _forget(
    writer: Writer, site: Site, key: int | None, wanted: Wanted
) -> "tuple[Reclassified, Sequence[str]]":
    """What came of it, and the texts that were revoked."""
    from pipelines.reclassify import reclassify_all

    site_id, now = await writer.read(lambda conn: number_of(conn, site)), utc_now()
    if key is None and not wanted.all_headings:
        await writer.write(lambda conn: _reset(conn, site_id))
        return await reclassify_all(writer, site_id, site.extraction, now, lambda _: True), ()
    keys = {key} if key is not None else set()
    if wanted.block is None:
        found = await writer.read(lambda conn: learned_forms(conn, site_id))
        forms = {form for form, texts in found.items() if key in texts}
        keys.update(
            *(
                texts
                for form, texts in found.items()
                if form in forms or (wanted.all_headings and form.kind == "heading")
            )
        )
    revoked = await writer.write(lambda conn: _revoke(conn, site_id, keys, now))
    if not revoked.keys:
        raise UsageError(
            f"{site.name} has no {'heading' if key is None else f'block {key}'} that it repeats;"
            f" its blocks are listed by: scrapy sites memory {site.name}"
        )

    def shows_one(page: PageKeys) -> bool:
        return not revoked.keys.isdisjoint(page.blocks)

    done = await reclassify_all(writer, site_id, site.extraction, now, shows_one)
    return done, revoked.texts


def learned_forms(conn: Connection, site_id: int) -> "dict[Form, set[int]]":
    """The keys of the texts that a site taught, by the forms that they have on stored pages."""
    from models.articles import known_pages
    from pipelines.boilerplate.recurring import form_of
    from pipelines.decider import stored_extraction

    learned = entries.texts(conn, site_id, OFTEN)
    found: dict[Form, set[int]] = defaultdict(set)
    after_id = 0
    while pages := known_pages.of_site(conn, site_id, after_id, BATCH):
        after_id = pages[-1].article_id
        for page in pages:
            extraction = stored_extraction(page)
            for block in extraction.blocks if extraction else ():
                if keys := learned & {block.key, block.loose_key}:
                    found[form_of(block)] |= keys
    return found


def _reset(conn: Connection, site_id: int) -> None:
    site_memory.reset(conn, site_id)
    runs.forbid_resume(conn, site_id)  # a re-extraction must observe all pages again


def _revoke(conn: Connection, site_id: int, keys: Iterable[int], now: datetime) -> entries.Revoked:
    reclassify_queue.lock_site(conn, site_id)
    return entries.revoke(conn, site_id, keys, now)
