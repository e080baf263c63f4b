"""What a sampled command spent its CPU on: by kind of process, module and function."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from benchmarks.throughput.profiling import sitecustomize

_SHOWN: Final = 0.01  # of the whole: the least share of a module that has a line
Places = dict[str, float]  # CPU seconds by `module:function`, by package, or `imports`


def environment(folder: Path) -> dict[str, str]:
    """What makes every Python process of a command write its samples into the folder."""
    sampler = Path(sitecustomize.__file__).parent
    return {sitecustomize.FOLDER: str(folder), "PYTHONPATH": str(sampler)}


def read(folder: Path) -> dict[str, Places]:
    """By kind of process: `fetching`, `workers`, `other`."""
    kinds: dict[str, defaultdict[str, float]] = {}
    for path in folder.glob("*.json"):
        found = json.loads(path.read_text("utf-8"))
        places = kinds.setdefault(found["kind"], defaultdict(float))
        for place, seconds in found["places"].items():
            places[place] += seconds
    return {kind: dict(places) for kind, places in kinds.items()}


def lines(case: str, kinds: Mapping[str, Places], pages: int, cpu_seconds: float) -> Iterator[str]:
    """For people: ms of CPU a page by module, with its functions that take the most."""
    sampled = sum(sum(places.values()) for places in kinds.values())
    yield (
        f"\n{case}, sampled: CPU ms/page; {sampled / cpu_seconds:.0%} of the CPU was seen,"
        f" {cpu_seconds / max(1, pages) * 1e3:.0f} ms/page in all with the sampling"
    )
    for kind, places in sorted(kinds.items()):
        modules: defaultdict[str, Places] = defaultdict(dict)
        for place, seconds in places.items():
            module, _, function = place.partition(":")
            modules[module][function] = seconds * 1e3 / max(1, pages)
        whole = sum(places.values()) * 1e3 / max(1, pages)
        yield f"  {kind}: {whole:.1f}"
        for module, functions in sorted(modules.items(), key=lambda m: -sum(m[1].values())):
            took = sum(functions.values())
            if took >= whole * _SHOWN:
                most = sorted(functions.items(), key=lambda f: -f[1])[:4]
                named = ", ".join(f"{name} {ms:.1f}" for name, ms in most if name)
                yield f"    {took:7.1f}  {module}  {named}".rstrip()
