"""Boosted decision trees read from a data file: a sum of small tables, in plain Python."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

Node = Any  # a leaf (float), or (feature's number, threshold, node where <=, node where >)


@dataclass(frozen=True, slots=True)
class Model:
    """A sum of trees, fitted by `benchmarks/fit_verdict.py`."""

    trees: tuple[Node, ...]
    provenance: Mapping[str, object]

    def score(self, row: Sequence[float]) -> float:
        """The log-odds of a row of measures."""
        total = 0.0
        for tree in self.trees:
            node = tree
            while node.__class__ is tuple:
                node = node[2] if row[node[0]] <= node[1] else node[3]
            total += node
        return total


@cache
def load(name: str, measures: tuple[str, ...]) -> Model:
    """A model that lies beside this module, for rows of these measures; read once a process.

    Raises ValueError where the model asks for a measure that the rows do not have.
    """
    data = json.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))
    places = [measures.index(feature) for feature in data["features"]]
    return Model(tuple(_node(tree, places) for tree in data["trees"]), data["provenance"])


def _node(value: Any, places: list[int]) -> Node:
    if isinstance(value, list):
        feature, threshold, low, high = value
        return places[feature], float(threshold), _node(low, places), _node(high, places)
    return float(value)
