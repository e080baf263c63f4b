"""Learned templates: what the sampled pages of each have in common, for those who read pages."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection, ForeignKey, Integer, String, bindparam, delete, select, update

from models.batches import batched
from models.db.statements import upsert
from models.db.types import Bytes, Key, column, table
from models.evidence import SAMPLE, Observation
from models.memory import template_samples
from models.templates import Lesson, TemplateState, combined, pack

LEAST: Final = 8  # pages of a sample that say where a template has what
LONGEST_BASIS: Final = 120  # characters; the rest of a basis is cut off
_SOME: Final = 500  # templates a statement

LEARNED_TEMPLATES: Final = table(
    "learned_templates",
    column("site_id", ForeignKey("sites.site_id"), primary_key=True, comment="site of the pages"),
    column(
        "template_key",
        Key,
        primary_key=True,
        autoincrement=False,
        comment="63-bit hash of the DOM path of its article text",
    ),
    column("basis", String(120), comment="extractor and rules by which its pages were read"),
    column("agreed", Integer, comment="comparisons in a row in which template and search agreed"),
    column(
        "last_hash",
        Key,
        nullable=True,
        comment="largest page_hash of a full sample; null: it is not full",
    ),
    column(
        "learned",
        Bytes,
        nullable=True,
        comment="where its pages have what: JSON, compressed by zlib; null: too few are known",
    ),
    comment="What the pages of a template have in common, by which others are read.",
    rowid=False,
)
_COLUMNS: Final = LEARNED_TEMPLATES.c
# made once: building a statement takes as long as running it
_STATES: Final = (
    select(
        _COLUMNS.basis,
        _COLUMNS.template_key,
        _COLUMNS.agreed,
        _COLUMNS.last_hash,
        _COLUMNS.learned,
    )
    .where(_COLUMNS.site_id == bindparam("site"))
    .order_by(_COLUMNS.template_key)
)
_ONE: Final = select(LEARNED_TEMPLATES).where(
    _COLUMNS.site_id == bindparam("site"), _COLUMNS.template_key == bindparam("of_key")
)


class _Row(NamedTuple):
    """The columns of a learned template besides its key."""

    basis: str
    agreed: int = 0
    last_hash: int | None = None
    learned: bytes | None = None


def states(conn: Connection, site_id: int, basis: str) -> tuple[TemplateState, ...]:
    """The site's templates; of one whose pages were read on another basis, nothing but its key.

    It is learned anew from the next page that has it.
    """
    today = basis[:LONGEST_BASIS]
    return tuple(
        TemplateState(*row) if of == today else TemplateState(row[0], 0, None, None)
        for of, *row in conn.execute(_STATES, {"site": site_id})
    )


def teach(conn: Connection, site_id: int, of: Observation, lesson: Lesson) -> None:
    """Takes in what a page that was searched shows of its template.

    If both ways of reading it disagree, the template off which it was read is learned anew, and
    so is its own if the rules have changed.
    The caller holds the site's lock.
    """
    key = of.template_key
    agrees, compared = lesson.agrees, lesson.compared_with(key)
    if agrees is not None and compared != key:  # the search found the text in another box
        _count(conn, site_id, compared, agrees=agrees)
        agrees = None
    row = conn.execute(_ONE, {"site": site_id, "of_key": key}).first()
    had = None if row is None else _Row(*row[2:])
    now = _Row(basis=lesson.basis[:LONGEST_BASIS]) if had is None else had
    if now.basis != lesson.basis[:LONGEST_BASIS] or agrees is False:
        template_samples.clear(conn, site_id, [key])
        now = _Row(basis=lesson.basis[:LONGEST_BASIS])
    if lesson.page is not None:
        page = template_samples.SampledPage(of.page_hash, of.page, lesson.page)
        if template_samples.put(conn, site_id, key, page):
            now = _learned(conn, site_id, key, now)
    now = now._replace(agreed=now.agreed + (agrees is True))
    if now != had:
        values = {"site_id": site_id, "template_key": key, **now._asdict()}
        upsert(conn, LEARNED_TEMPLATES, [values], _Row._fields)


def _count(conn: Connection, site_id: int, key: int, *, agrees: bool) -> None:
    if not agrees:
        forget(conn, site_id, [key])
        return
    mine = (_COLUMNS.site_id == site_id, _COLUMNS.template_key == key)
    row = update(LEARNED_TEMPLATES).where(*mine)
    conn.execute(row.values(agreed=_COLUMNS.agreed + 1))


def _learned(conn: Connection, site_id: int, key: int, row: _Row) -> _Row:
    """The row with what follows from its template's sample."""
    pages = template_samples.read(conn, site_id, key)
    shown = template_samples.readable(conn, site_id, key, pages)
    return row._replace(
        last_hash=pages[-1].page_hash if len(shown) >= SAMPLE else None,
        learned=pack(combined(key, shown)) if len(shown) >= LEAST else None,
    )


def is_known(conn: Connection, site_id: int, key: int) -> bool:
    """Whether enough pages have taught a template since it was last forgotten."""
    row = conn.execute(_ONE, {"site": site_id, "of_key": key}).first()
    return row is not None and row.learned is not None


def forget(conn: Connection, site_id: int, keys: Sequence[int] | None = None) -> int:
    """Has these templates of a site, or all, learned anew; returns how many there were."""
    template_samples.clear(conn, site_id, keys)
    mine = delete(LEARNED_TEMPLATES).where(_COLUMNS.site_id == site_id)
    if keys is None:
        return conn.execute(mine).rowcount
    return sum(
        conn.execute(mine.where(_COLUMNS.template_key.in_(some))).rowcount
        for some in batched(keys, _SOME)
    )
