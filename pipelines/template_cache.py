"""A site's learned templates as one run holds them, for the pages that it reads."""

import asyncio
import logging
from functools import partial
from typing import Final

from sqlalchemy import Connection

from models.crawl.run import Run
from models.db.writer import Writer
from models.items import KnownPage, Page
from models.memory import learned_templates
from models.templates import Lesson, TemplateState, usable
from pipelines.boilerplate.observation import page_hash
from pipelines.page_reader import basis_of
from pipelines.templates.reading_off import SiteTemplates

EVERY: Final = 16  # pages, after which what other runs and this one taught is read again

_log = logging.getLogger(__name__)


class TemplateCache:
    """What is known of the site's templates; at most EVERY pages behind the database.

    A template with which a page disagrees is not used any more at once, until it is learned anew.
    """

    def __init__(self, writer: Writer, run: Run) -> None:
        self._writer, self._run = writer, run
        self._states: tuple[TemplateState, ...] = ()
        self._left = 0  # pages until it is read again
        self._turn = asyncio.Lock()
        self._sound: frozenset[TemplateState] = frozenset()  # as they were read last
        self._damaged: set[int] = set()  # keys of templates that are not learned anew yet
        self._failed: set[bytes] = set()  # templates; the page that showed it may never be stored

    async def of_page(self, page: Page, known: KnownPage | None) -> SiteTemplates:
        """The templates off which a page may be read, and that it may teach.

        A page that is stored, or archived, is searched: its copies are compared with each other,
        and two ways of reading would differ. One that is fetched again teaches nothing new.
        """
        always = bool(self._run.site.extraction.always)
        if known is not None and page.archived is None:
            return SiteTemplates(searched=True, always=always)
        async with self._turn:  # pages that come meanwhile wait for what is read
            if self._left <= 0:
                states = await self._renewed()
                self._states = tuple(
                    _unused(one) if one.packed in self._failed else one for one in states
                )
                self._left = EVERY
            self._left -= 1
        searched = page.archived is not None
        return SiteTemplates(
            states=self._states if not searched else tuple(map(_unread, self._states)),
            page_hash=page_hash(page.url),
            teaches=True,
            searched=searched,
            always=always,
            damaged=frozenset(self._damaged),
        )

    def note(self, key: int, lesson: Lesson | None) -> int | None:
        """Notes whether a template has held on a page that was read both ways.

        `key`: of the page's own template. Returns the key of the template that the page shows to be
        wrong; None if none is, or if another page has shown it before.
        """
        if lesson is None or lesson.agrees is None:
            return None
        key = lesson.compared_with(key)
        wrong = None
        for one in self._states:
            if one.key == key and one.packed is not None and not lesson.agrees:
                self._failed.add(one.packed)
                wrong = key
        self._states = tuple(
            one
            if one.key != key
            else one._replace(agreed=one.agreed + 1)
            if lesson.agrees
            else _unused(one)
            for one in self._states
        )
        return wrong

    async def _renewed(self) -> tuple[TemplateState, ...]:
        """The site's templates; those that cannot be read are forgotten, which is said once."""
        states = await self._writer.read(self._read)
        damaged = {one.key: why for one in states if (why := self._damage(one)) is not None}
        for key, why in damaged.items():
            _log.warning(
                "%s: template %s cannot be read (%s); it is learned anew, and meanwhile its pages"
                " are searched",
                self._run.site.name, key, why,
            )  # fmt: skip
        if damaged:
            forget = partial(
                learned_templates.forget, site_id=self._run.site_id, keys=list(damaged)
            )
            await self._writer.write(forget)
        self._sound = frozenset(one for one in states if one.key not in damaged)
        learned = {one.key for one in self._sound if one.packed is not None}
        self._damaged = (self._damaged | damaged.keys()) - learned
        return tuple(one for one in states if one.key not in damaged)

    def _damage(self, state: TemplateState) -> str | None:
        """Why a template cannot be read; one is looked at again when its row has changed."""
        if state in self._sound:
            return None
        try:
            usable(state)
        except ValueError as fault:
            return str(fault)
        return None

    def _read(self, conn: Connection) -> tuple[TemplateState, ...]:
        basis = basis_of(self._run.site.extraction)
        return learned_templates.states(conn, self._run.site_id, basis)


def _unused(state: TemplateState) -> TemplateState:
    """The template until it is learned anew."""
    return state._replace(agreed=0, last_hash=None, packed=None)


def _unread(state: TemplateState) -> TemplateState:
    """The template for a page that is searched: where its texts stand is never looked at."""
    return state._replace(packed=None)
