"""Samples of templates: of each, the pages with the smallest hash that were searched."""

import logging
from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, ForeignKey, delete, insert, select

from models.batches import batched
from models.db.types import Bytes, Key, column, table
from models.evidence import SAMPLE
from models.templates import TemplatePage, unpack_page

_SOME: Final = 500  # templates a statement

TEMPLATE_SAMPLES: Final = table(
    "template_samples",
    column("site_id", ForeignKey("sites.site_id"), primary_key=True, comment="site of the pages"),
    column(
        "template_key",
        Key,
        primary_key=True,
        autoincrement=False,
        comment="template that the page was made with",
    ),
    column(
        "page_hash",
        Key,
        primary_key=True,
        autoincrement=False,
        comment="63-bit hash of the URL: sample order",
    ),
    column("page", Key, comment="url_id of the page"),
    column("shown", Bytes, comment="where the page has what: JSON, compressed by zlib"),
    comment="A sample of the pages that taught a template.",
    rowid=False,
)

_log = logging.getLogger(__name__)


class SampledPage(NamedTuple):
    """A page of a sample."""

    page_hash: int  # 63 bits of its URL: samples hold the smallest
    page: int  # url_id
    shown: bytes  # a TemplatePage, packed


def read(conn: Connection, site_id: int, key: int) -> list[SampledPage]:
    """The sample of a template, by page hash."""
    rows = TEMPLATE_SAMPLES.c
    query = select(rows.page_hash, rows.page, rows.shown).where(*_of(site_id, key))
    return [SampledPage(*row) for row in conn.execute(query.order_by(rows.page_hash))]


def readable(
    conn: Connection, site_id: int, key: int, pages: Sequence[SampledPage]
) -> list[TemplatePage]:
    """What the pages show; those that cannot be read leave the sample, which is warned of once."""
    found = []
    damaged: dict[int, ValueError] = {}
    for page in pages:
        try:
            found.append(unpack_page(page.shown))
        except ValueError as fault:
            damaged[page.page_hash] = fault
    if damaged:
        _log.warning(
            "template %d: %d of the %d pages of its sample cannot be read (%s) and are left out;"
            " others take their place",
            key, len(damaged), len(pages), next(iter(damaged.values())),
        )  # fmt: skip
        mine = (*_of(site_id, key), TEMPLATE_SAMPLES.c.page_hash.in_(damaged))
        conn.execute(delete(TEMPLATE_SAMPLES).where(*mine))
    return found


def put(conn: Connection, site_id: int, key: int, page: SampledPage) -> bool:
    """Takes a page into its template's sample, if it belongs there; whether the sample changed."""
    rows = TEMPLATE_SAMPLES.c
    held = dict(conn.execute(select(rows.page_hash, rows.shown).where(*_of(site_id, key))).all())
    if held.get(page.page_hash) == page.shown:
        return False
    others = sorted(held.keys() - {page.page_hash})
    if len(others) >= SAMPLE and page.page_hash > others[SAMPLE - 1]:
        return False
    gone = [page.page_hash, *others[SAMPLE - 1 :]]
    conn.execute(delete(TEMPLATE_SAMPLES).where(*_of(site_id, key), rows.page_hash.in_(gone)))
    row = {"site_id": site_id, "template_key": key, **page._asdict()}
    conn.execute(insert(TEMPLATE_SAMPLES).values(row))
    return True


def clear(conn: Connection, site_id: int, keys: Sequence[int] | None = None) -> bool:
    """Deletes the samples of some templates, or of all of a site; whether there were any."""
    mine = TEMPLATE_SAMPLES.c.site_id == site_id
    if keys is None:
        return conn.execute(delete(TEMPLATE_SAMPLES).where(mine)).rowcount > 0
    gone = 0
    for part in batched(keys, _SOME):
        these = TEMPLATE_SAMPLES.c.template_key.in_(part)
        gone += conn.execute(delete(TEMPLATE_SAMPLES).where(mine, these)).rowcount
    return gone > 0


def forget(conn: Connection, site_id: int, page: int) -> None:
    """Takes a page out of all samples; what was learned of them stays, until they change."""
    mine = (TEMPLATE_SAMPLES.c.site_id == site_id, TEMPLATE_SAMPLES.c.page == page)
    conn.execute(delete(TEMPLATE_SAMPLES).where(*mine))


def _of(site_id: int, key: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return TEMPLATE_SAMPLES.c.site_id == site_id, TEMPLATE_SAMPLES.c.template_key == key
