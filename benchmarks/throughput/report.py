"""From what was measured to figures a page, ratios within a round, medians and spread."""

import statistics
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from benchmarks.throughput import sizes
from benchmarks.throughput.cases import Measured

Round = Mapping[str, Measured]  # by case
Figures = dict[str, float]


class Ratio(NamedTuple):
    """A ratio of two cases, with the required value and the aim."""

    name: str
    of: Callable[[Mapping[str, Figures]], float]
    needs: tuple[str, ...]  # cases
    required: float
    aim: float
    at_least: bool = True  # False: the smaller the better


class Spread(NamedTuple):
    """The values of all rounds."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """Of all rounds."""
        return statistics.median(self.values)

    def as_json(self) -> dict[str, Any]:
        """Median, least, largest, and each value."""
        return {
            "median": self.median,
            "min": min(self.values),
            "max": max(self.values),
            "values": list(self.values),
        }


def _quotient(case: str, other: str, name: str = "pages/s") -> dict[str, Any]:
    return {"of": lambda f: f[case][name] / f[other][name], "needs": (case, other)}


def _own_above(f: Mapping[str, Figures]) -> float:
    return f["cold"]["own CPU ms/page"] - f["d"]["own CPU ms/page"]


RATIOS: Final = (
    Ratio("cold against (b)", **_quotient("cold", "b"), required=1.6, aim=2),
    Ratio("cold against (c)", **_quotient("cold", "c"), required=0.65, aim=0.8),
    Ratio("warm against (c)", **_quotient("warm", "c"), required=0.65, aim=0.8),
    Ratio("PostgreSQL against SQLite", **_quotient("postgresql", "cold"), required=0.9, aim=1),
    Ratio(
        "CPU s of one more site that finds nothing",
        lambda f: f["idle"]["CPU s/site more"], ("idle",), 0.2, 0.1, at_least=False,
    ),
    Ratio(
        "own process above (d), CPU ms/page", _own_above, ("cold", "d"), 15, 8, at_least=False
    ),
    Ratio("peak MB, one site", lambda f: f["cold"]["peak MB"], ("cold",), 350, 300, at_least=False),
    Ratio(
        "peak MB, visit (required of 200 at once)",
        lambda f: f["visit"]["peak MB"], ("visit",), 900, 600, at_least=False,
    ),
)  # fmt: skip
# the same by CPU, which another process on the machine disturbs less
BY_CPU: Final = tuple(
    Ratio(f"{case} against ({other}), by CPU", **_quotient(other, case, "CPU ms/page"),
          required=0, aim=0)
    for case, other in (("cold", "b"), ("cold", "c"), ("warm", "c"))
)  # fmt: skip


def figures(found: Measured) -> Figures:
    """Of one command: the table's columns, by name."""
    pages = max(1, found.pages)
    made: Figures = {
        "pages": found.pages,
        "pages/s": found.pages / found.cost.seconds,
        "CPU ms/page": found.cost.cpu_seconds / pages * 1e3,
        "CPU s": found.cost.cpu_seconds,
        "seconds": found.cost.seconds,
        "peak MB": found.cost.peak_mb,
    }
    starts = [p["first_response"] for p in found.processes if p["first_response"] is not None]
    if starts:
        made["pages/s, running"] = found.pages / (found.cost.ended - min(starts))
    own = [process for process in found.processes if process.get("start_up") is not None]
    if own:
        made |= _own(found, own, pages)
    if found.tables:
        made["SQL KB/page"] = sum(found.tables.values()) / pages / 1e3
        for name, size in sizes.by_group(found.tables).items():
            made[f"SQL KB/page, {name}"] = size / pages / 1e3
    return made


def _own(found: Measured, own: Sequence[Mapping[str, Any]], pages: int) -> Figures:
    """Of the processes that fetched: CPU from the first response on, and by kind."""
    running = sum(process["cpu"] - process["start_up"] for process in own)
    staged = sum(sum(process["stages"].values()) for process in own)
    threads = sum(process["other_threads"] for process in own)
    made = {
        "own CPU ms/page": running / pages * 1e3,
        "start-up CPU s": sum(process["start_up"] for process in own),
        # all other processes, and what the own one needs for its exit after its last count
        "workers and exit, CPU ms/page": (found.cost.cpu_seconds - found.total("cpu"))
        / pages
        * 1e3,
        "SQL and other threads, CPU ms/page": threads / pages * 1e3,
        "event loop without stages, CPU ms/page": (running - threads - staged) / pages * 1e3,
        "statements/page": found.count("statements") / pages,
        "commits/page": found.count("commits") / pages,
    }
    for process in own:
        for stage, seconds in process["stages"].items():
            name = f"stage {stage.rpartition('.')[2]}, CPU ms/page"
            made[name] = made.get(name, 0.0) + seconds / pages * 1e3
    return made


def of_round(measured: Round) -> dict[str, Figures]:
    """Figures of each case; `idle` gets what one more site costs."""
    made = {case: figures(found) for case, found in measured.items()}
    for idle in {"idle", "postgresql-idle"} & made.keys():
        few, all_ = measured[f"{idle}-few"], measured[idle]
        more = all_.pages - few.pages
        made[idle]["CPU s/site more"] = (all_.cost.cpu_seconds - few.cost.cpu_seconds) / more
    return made


def summary(rounds: Sequence[Round]) -> dict[str, Any]:
    """Medians and spread of all figures and ratios over the rounds, as JSON takes them."""
    made = [of_round(measured) for measured in rounds]
    cases = {
        case: {name: spread.as_json() for name, spread in _spreads(f[case] for f in made).items()}
        for case in made[0]
    }
    ratios = {}
    for ratio in (*RATIOS, *BY_CPU):
        if all(name in made[0] for name in ratio.needs):
            spread = Spread(tuple(ratio.of(f) for f in made))
            ratios[ratio.name] = spread.as_json() | {
                "required": ratio.required or None,
                "aim": ratio.aim or None,
                "at_least": ratio.at_least,
            }
    last = rounds[-1]
    return {
        "cases": cases,
        "ratios": ratios,
        "outcomes": {case: found.outcomes for case, found in last.items() if found.outcomes},
        "tables": {case: found.tables for case, found in last.items() if found.tables},
    }


def _spreads(rounds: Iterable[Figures]) -> dict[str, Spread]:
    """By figure; one that not every round has (a stage that did nothing) counts 0 there."""
    made = list(rounds)
    names = dict.fromkeys(name for round_ in made for name in round_)
    return {name: Spread(tuple(round_.get(name, 0.0) for round_ in made)) for name in names}


_CPU_OF: Final = ", CPU ms/page"
_SQL_OF: Final = "SQL KB/page, "
_COLUMNS: Final = (
    "pages", "pages/s", "pages/s, running", "CPU ms/page", "own CPU ms/page", "peak MB",
    "statements/page", "commits/page", "SQL KB/page",
)  # fmt: skip


def lines(made: Mapping[str, Any]) -> Iterator[str]:
    """The table for people: medians, the spread of pages/s and CPU; ratios; then parts."""
    yield f"{'':16}" + "".join(f"{name:>20}" for name in _COLUMNS)
    for case, found in made["cases"].items():
        yield f"{case:16}" + "".join(f"{_cell(found.get(name)):>20}" for name in _COLUMNS)
    yield "pages of idle are its sites, those of b, c and d what came\n"
    yield f"{'':44}{'median':>10}{'min':>10}{'max':>10}{'required':>10}{'aim':>10}"
    for name, ratio in made["ratios"].items():
        asked = (ratio["median"], ratio["min"], ratio["max"], ratio["required"], ratio["aim"])
        yield f"{name:44}" + "".join(f"{'' if v is None else f'{v:.3g}':>10}" for v in asked)
    for case, found in made["cases"].items():
        yield f"\n{case}"
        yield from _parts(found)
        if case in made["outcomes"]:
            yield f"  outcomes: {made['outcomes'][case]}"


def _parts(found: Mapping[str, Any]) -> Iterator[str]:
    """The figures that have no column, those of a kind in one line."""
    kinds: dict[str, list[str]] = {"other": []}
    for name, value in found.items():
        kind = next((k for k in (_CPU_OF, _SQL_OF) if k in name), "other")
        if name not in _COLUMNS:
            short = name.replace(kind, "")
            kinds.setdefault(kind, []).append(f"{short} {value['median']:.3g}")
    for kind, parts in kinds.items():
        yield f"  {kind.strip(', ')}: {', '.join(parts)}"


def _cell(value: Mapping[str, Any] | None) -> str:
    if value is None:
        return ""
    if value["min"] == value["max"]:
        return f"{value['median']:.4g}"
    return f"{value['median']:.4g} ({value['min']:.3g}-{value['max']:.3g})"
