"""An extraction as the database keeps it: compressed JSON, to be read by later versions too."""

import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from functools import partial
from operator import attrgetter
from typing import Any, Final

from models.blocks import Block, RemovedRun
from models.items import Extraction, Metadata
from models.text import clean

FORM: Final = 2  # of the JSON; one that is not known is not read
_READ: Final = (1, 2)  # form 1 has every block, and no `removed`
_LEVEL: Final = 1  # zlib's fastest: the best takes five times as long for a seventh less
_APART: Final = frozenset(
    {"blocks", "metadata", "basis", "removed", "signs", "pages"}
)  # how it was read is no part of it
_BLOCK: Final = tuple(field.name for field in fields(Block))
_PLACE: Final = _BLOCK.index("dom_path")
_PLAIN: Final = tuple(field.name for field in fields(Extraction) if field.name not in _APART)
_METADATA: Final = tuple(field.name for field in fields(Metadata))
_values: Final = attrgetter(*_BLOCK)
_LATER: Final = ("robots_directives", "tdm_reservation", "tdm_policy")  # no part of old readings
_TIMES: Final = ("published_at", "modified_at")
_LISTS: Final = ("authors", "tags")


def pack(extraction: Extraction) -> bytes:
    """The extraction as compressed JSON; a block is a list, its place a number in a list."""
    return zlib.compress(clean(encoded(extraction)).encode(), _LEVEL)


def encoded(extraction: Extraction) -> str:
    """The JSON that `pack` compresses, before it is cleaned of what no database takes."""
    places: dict[str, int] = {}
    blocks = []
    for block in extraction.blocks:
        values = list(_values(block))
        values[_PLACE] = places.setdefault(block.dom_path, len(places))
        blocks.append(values)
    form = {
        "form": FORM,
        "fields": _BLOCK,
        "dom_paths": list(places),
        "blocks": blocks,
        "metadata": _metadata_out(extraction.metadata),
        "removed": extraction.removed,
        **{name: getattr(extraction, name) for name in _PLAIN},
    }
    return json.dumps(form, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def is_clean(words: str) -> bool:
    """Whether `pack` keeps this JSON as it is."""
    return clean(words) == words


def unpack(packed: bytes) -> Extraction:
    """What `pack` was given. Raises ValueError for a form that this version does not know."""
    return decoded(zlib.decompress(packed))


def decoded(words: str | bytes) -> Extraction:
    """What `encoded` was given. Raises ValueError as `unpack` does."""
    form = json.loads(words)
    if form["form"] not in _READ:
        raise ValueError(f"an extraction of form {form['form']}, where {FORM} is the newest known")
    same = form["fields"] == list(_BLOCK)
    read = _block_read if same else partial(_block_in, form["fields"])
    paths = form["dom_paths"]
    blocks = [read(values, paths) for values in form["blocks"]]
    return Extraction(
        blocks=tuple(blocks),
        metadata=_metadata_in(form["metadata"]),
        removed=tuple(RemovedRun(*run) for run in form.get("removed", ())),
        **{name: form[name] for name in _PLAIN if name in form},
    )


def digest(packed: bytes) -> bytes:
    """32 bytes by which two readings of a page are known to be the same."""
    return hashlib.sha256(packed).digest()


def _block_read(values: list[Any], places: list[str]) -> Block:
    """A block of which all fields are there, in today's order."""
    (
        position, text, kind, place, key, loose_key, dom_path_key, kept, score, features, hint,
    ) = values  # fmt: skip
    return Block(
        position, text, kind, places[place], key, loose_key, dom_path_key, kept, score,
        tuple(features), hint,
    )  # fmt: skip


def _block_in(names: list[str], values: list[Any], places: list[str]) -> Block:
    """A block with the fields of another version."""
    block = dict(zip(names, values, strict=True))
    block["dom_path"] = places[block["dom_path"]]
    block["features"] = tuple(block["features"])
    return Block(**block)


def _metadata_out(metadata: Metadata) -> dict[str, Any]:
    out = {name: getattr(metadata, name) for name in _METADATA}
    for name in _TIMES:
        out[name] = out[name] and out[name].isoformat()
    out["sources"] = dict(metadata.sources)
    return {name: value for name, value in out.items() if value is not None or name not in _LATER}


def _metadata_in(form: Mapping[str, Any]) -> Metadata:
    values = dict(form)
    for name in _TIMES:
        values[name] = values[name] and datetime.fromisoformat(values[name])
    for name in _LISTS:
        values[name] = tuple(values[name])
    return Metadata(**values)
