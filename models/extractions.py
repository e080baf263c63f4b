"""Extractions kept with their articles, so that a page can be judged again unfetched."""

import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from models.columns import Base, Bytes, Key
from models.items import Block, Extraction, Metadata
from models.statements import upsert
from models.text import clean


class ExtractionRow(Base):
    """The extraction of an article's current revision."""

    __tablename__ = "extractions"

    article_id: Mapped[int] = mapped_column(ForeignKey("articles.article_id"), primary_key=True)
    layout_key: Mapped[int] = mapped_column(Key, comment="the template the page was made with")
    blocks: Mapped[bytes] = mapped_column(Bytes, comment="the extraction, JSON, zlib")


EXTRACTIONS: Final = Base.metadata.tables["extractions"]
FORM: Final = 1  # of the JSON; one that is not known is not read
_LEVEL: Final = 1  # zlib's fastest: the best takes five times as long for a seventh less
_BLOCK: Final = tuple(field.name for field in fields(Block))
_TIMES: Final = ("published_at", "modified_at")
_LISTS: Final = ("authors", "tags")
_LOADED_AT_ONCE: Final = 500


def keep(connection: Connection, article_id: int, extraction: Extraction) -> None:
    """Keeps the extraction of an article's current revision in the place of the one before."""
    row = {
        "article_id": article_id,
        "layout_key": extraction.layout_key,
        "blocks": pack(extraction),
    }
    upsert(connection, EXTRACTIONS, [row], ["layout_key", "blocks"])


def load(connection: Connection, article_ids: Iterable[int]) -> dict[int, Extraction]:
    """Extractions by article_id; articles that have none are left out."""
    wanted, loaded = sorted(set(article_ids)), {}
    for start in range(0, len(wanted), _LOADED_AT_ONCE):
        some = wanted[start : start + _LOADED_AT_ONCE]
        rows = connection.execute(
            select(ExtractionRow.article_id, ExtractionRow.blocks).where(
                ExtractionRow.article_id.in_(some)
            )
        )
        loaded.update({row.article_id: unpack(row.blocks) for row in rows})
    return loaded


def pack(extraction: Extraction) -> bytes:
    """The extraction as compressed JSON; a block is a list, its place a number in a list."""
    places: dict[str, int] = {}
    blocks = []
    for block in extraction.blocks:
        values = [getattr(block, name) for name in _BLOCK]
        values[_BLOCK.index("place")] = places.setdefault(block.place, len(places))
        blocks.append(values)
    form = {
        "form": FORM,
        "fields": _BLOCK,
        "places": list(places),
        "blocks": blocks,
        "metadata": _metadata_out(extraction.metadata),
        **{name: getattr(extraction, name) for name in _plain()},
    }
    words = json.dumps(form, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return zlib.compress(clean(words).encode(), _LEVEL)


def unpack(packed: bytes) -> Extraction:
    """What `pack` was given. Raises ValueError for a form that this version does not know."""
    form = json.loads(zlib.decompress(packed))
    if form["form"] != FORM:
        raise ValueError(f"an extraction of form {form['form']}, where {FORM} is known")
    blocks = [_block_in(form["fields"], values, form["places"]) for values in form["blocks"]]
    return Extraction(
        blocks=tuple(blocks),
        metadata=_metadata_in(form["metadata"]),
        **{name: form[name] for name in _plain() if name in form},
    )


def _plain() -> tuple[str, ...]:
    return tuple(f.name for f in fields(Extraction) if f.name not in ("blocks", "metadata"))


def _block_in(names: list[str], values: list[Any], places: list[str]) -> Block:
    block = dict(zip(names, values, strict=True))
    block["place"] = places[block["place"]]
    block["features"] = tuple(block["features"])
    return Block(**block)


def _metadata_out(metadata: Metadata) -> dict[str, Any]:
    out = {field.name: getattr(metadata, field.name) for field in fields(metadata)}
    for name in _TIMES:
        out[name] = out[name] and out[name].isoformat()
    out["sources"] = dict(metadata.sources)
    return out


def _metadata_in(form: Mapping[str, Any]) -> Metadata:
    values = dict(form)
    for name in _TIMES:
        values[name] = values[name] and datetime.fromisoformat(values[name])
    for name in _LISTS:
        values[name] = tuple(values[name])
    return Metadata(**values)
