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
    """`score` is the log-odds; `features` names the numbers of a row, in order."""

    features: tuple[str, ...]
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
def load(name: str) -> Model:
    """A model that lies beside this module, `verdict.json`; read once a process."""
    source = files(__package__).joinpath(name).read_text(encoding="utf-8")
    data = json.loads(source)
    trees = tuple(_node(tree) for tree in data["trees"])
    return Model(tuple(data["features"]), trees, data["provenance"])


def _node(value: Any) -> Node:
    if isinstance(value, list):
        feature, threshold, low, high = value
        return int(feature), float(threshold), _node(low), _node(high)
    return float(value)
