"""Boosted decision trees read from a data file: a sum of small tables, compiled to Python."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

Row = Sequence[float]
_INDENT: Final = "    "


@dataclass(frozen=True, slots=True)
class Model:
    """A sum of trees, fitted by `benchmarks/fit_verdict.py`."""

    score: Callable[[Row], float]  # the log-odds of a row of measures
    provenance: Mapping[str, object]


@cache
def load(name: str, measures: tuple[str, ...]) -> Model:
    """A model that lies beside this module, for rows of these measures; read once a process.

    Raises ValueError where the model asks for a measure that the rows do not have.
    """
    data = json.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))
    places = [measures.index(feature) for feature in data["features"]]
    return Model(compiled(data["trees"], places), data["provenance"])


def compiled(trees: Sequence[Any], places: Sequence[int]) -> Callable[[Row], float]:
    """One function for all trees, several times as fast as walking them.

    A tree is a leaf (its value) or [feature, threshold, tree where <=, tree where >]; feature i
    is the row's number `places[i]`. Only numbers of the trees get into the source: whatever else
    a data file holds raises ValueError or TypeError.
    """
    source = "\n".join(_source(trees, places))
    space: dict[str, Callable[[Row], float]] = {}
    code = compile(source, "<decision trees>", "exec")
    exec(code, {"__builtins__": {}}, space)  # noqa: S102 - numbers alone, as said above
    return space["score"]


def _source(trees: Sequence[Any], places: Sequence[int]) -> Iterator[str]:
    """A function that reads each measure once, then adds one conditional expression a tree."""
    expressions = [_expression(tree, len(places)) for tree in trees]
    yield "def score(row):"
    for feature, place in enumerate(places):
        yield f"{_INDENT}x{feature} = row[{place}]"
    yield f"{_INDENT}total = 0.0"
    for expression in expressions:
        yield f"{_INDENT}total += {expression}"
    yield f"{_INDENT}return total"


def _expression(node: Any, features: int) -> str:
    if not isinstance(node, list):
        return repr(float(node))
    feature, threshold, low, high = node
    if feature not in range(features):
        raise ValueError(f"no feature {feature!r}: the model has {features}")
    low, high = _expression(low, features), _expression(high, features)
    return f"({low} if x{int(feature)} <= {float(threshold)!r} else {high})"
