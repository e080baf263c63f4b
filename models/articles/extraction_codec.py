"""An extraction as the database keeps it: compressed JSON, to be read by later versions too."""

import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from models.items import Block, Extraction, Metadata
from models.text import clean

FORM: Final = 1  # of the JSON; one that is not known is not read
_LEVEL: Final = 1  # zlib's fastest: the best takes five times as long for a seventh less
_APART: Final = frozenset({"blocks", "metadata", "basis"})  # how it was read is no part of it
_BLOCK: Final = tuple(field.name for field in fields(Block))
_TIMES: Final = ("published_at", "modified_at")
_LISTS: Final = ("authors", "tags")


def pack(extraction: Extraction) -> bytes:
    """The extraction as compressed JSON; a block is a list, its place a number in a list."""
    places: dict[str, int] = {}
    blocks = []
    for block in extraction.blocks:
        values = [getattr(block, name) for name in _BLOCK]
        values[_BLOCK.index("dom_path")] = places.setdefault(block.dom_path, len(places))
        blocks.append(values)
    form = {
        "form": FORM,
        "fields": _BLOCK,
        "dom_paths": list(places),
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
    blocks = [_block_in(form["fields"], values, form["dom_paths"]) for values in form["blocks"]]
    return Extraction(
        blocks=tuple(blocks),
        metadata=_metadata_in(form["metadata"]),
        **{name: form[name] for name in _plain() if name in form},
    )


def digest(packed: bytes) -> bytes:
    """32 bytes by which two readings of a page are known to be the same."""
    return hashlib.sha256(packed).digest()


def _plain() -> tuple[str, ...]:
    return tuple(f.name for f in fields(Extraction) if f.name not in _APART)


def _block_in(names: list[str], values: list[Any], places: list[str]) -> Block:
    block = dict(zip(names, values, strict=True))
    block["dom_path"] = places[block["dom_path"]]
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
