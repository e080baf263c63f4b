"""Stored JSON with one value, at any depth, replaced by another one."""

import json
import zlib
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

NUMBERS = st.sampled_from([-1, 0, 1, 2, 10**12, 10**400, -(10**30), 0.5, -7.25, 1e300, -1e300])
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


def places(value: Any) -> Iterator[tuple[Any, ...]]:
    """The way to each value in a JSON document, itself first."""
    yield ()
    parts = value.items() if isinstance(value, dict) else ()
    for key, part in enumerate(value) if isinstance(value, list) else parts:
        yield from ((key, *rest) for rest in places(part))


@st.composite
def damaged(draw: st.DrawFn, packed: st.SearchStrategy[bytes]) -> bytes:
    """Packed JSON in which one value is another. Each depth is as likely as any other."""
    form = json.loads(zlib.decompress(draw(packed)))
    ways = list(places(form))
    depth = draw(st.integers(0, max(map(len, ways))))
    way = draw(st.sampled_from([one for one in ways if len(one) == depth]))
    value = draw(VALUES)
    if not way:
        return zlib.compress(json.dumps(value).encode())
    made = inner = deepcopy(form)
    for key in way[:-1]:
        inner = inner[key]
    inner[way[-1]] = value
    return zlib.compress(json.dumps(made).encode())
