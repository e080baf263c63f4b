"""Faults that no test can catch, because nobody can see them: each with the reason."""

from typing import Final

Change = tuple[str, ...]  # as benchmarks.mutants prints it

EQUIVALENT: Final[dict[str, dict[Change, str]]] = {}
