"""Whole crawls beside what people write themselves: pages/s, CPU, memory, SQL.

    uv run python -m benchmarks.throughput [--cases cold,warm,b,c,d] [--pages 225] [--repeat 3]

Every case runs in turn, `--repeat` times, in an order that rotates; ratios are taken within a
round. Cases: `cold` and `warm` (one site, SQLite), `postgresql` and `postgresql-warm`, `visit` and
`idle` (many small sites), `postgresql-visit` and `postgresql-idle`, and what they are compared
with: `b` (Scrapy, trafilatura in the callback, SQLAlchemy, a commit an item), `c` (trafilatura
alone, two processes), `d` (Scrapy alone).
docs/quality.md says how each figure is measured.
"""

import argparse
import json
import os
import platform
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from benchmarks.newsroom import servers
from benchmarks.throughput import profile
from benchmarks.throughput.bodies import SMALL_PAGES, one_site, small_site, write
from benchmarks.throughput.cases import CASES, Measured, Plan
from benchmarks.throughput.report import lines, summary
from benchmarks.throughput.server import serving
from benchmarks.throughput.tree import stop_on_sigterm
from models.db.database import Database


def main(words: Sequence[str] | None = None) -> int:
    """Prints the table; 2 where a case is not known."""
    options = _options()
    asked = options.parse_args(words)
    cases = asked.cases.split(",")
    unknown = [name for name in cases if name not in CASES]
    if unknown:
        options.error(f"no case {unknown[0]!r}; there are {', '.join(CASES)}")
    if not 0 < asked.few < asked.sites:
        options.error("--few must be less than --sites, and not 0")
    if any(name.startswith("postgresql") for name in cases) and (gone := _away("postgresql")):
        print(f"postgresql is left out, no server answers: {gone}")
        cases = [name for name in cases if not name.startswith("postgresql")]
    with _plan(asked) as (plan, what):
        print(f"{what}; {plan.cold} cold, {plan.warm} warm; {plan.workers} workers", flush=True)
        rounds = [_round(plan, cases, turn) for turn in range(asked.repeat)]
        sampled = _round(replace(plan, sampled=True), cases, 0) if asked.profile else {}
    made = {"pages are": what, "machine": _machine(), "options": vars(asked), **summary(rounds)}
    made["profile"] = {case: found.profile for case, found in sampled.items()}
    print("\n".join(lines(made)))
    for case, found in sampled.items():
        shown = profile.lines(case, found.profile, found.pages, found.cost.cpu_seconds)
        print("\n".join(shown))
    if asked.json:
        Path(asked.json).write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    return 0


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--cases", default=",".join(CASES), help="some of them, with commas")
    options.add_argument("--pages", type=int, default=225, help="of the cold site")
    options.add_argument("--warm", type=int, default=135, help="pages more for the warm site")
    options.add_argument("--sites", type=int, default=24, help="small ones for visit and idle")
    options.add_argument("--few", type=int, default=8, help="sites of the smaller idle visit")
    options.add_argument("--jobs", type=int, default=4, help="of scrapy visit")
    options.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options.add_argument("--repeat", type=int, default=3, help="rounds")
    options.add_argument("--generated", action="store_true", help="even if real pages are here")
    options.add_argument(
        "--profile", action="store_true", help="then one round more, sampled: CPU by module"
    )
    options.add_argument("--json", metavar="FILE", help="also writes the figures there")
    return options


@contextmanager
def _plan(asked: argparse.Namespace) -> Iterator[tuple[Plan, str]]:
    """Serves the pages; in words what they are."""
    what, bodies = one_site(asked.pages + asked.warm, real=False if asked.generated else None)
    small = [small_site(number, SMALL_PAGES) for number in range(asked.sites)]
    with TemporaryDirectory(prefix="winnow-throughput-") as name:
        folder = Path(name)
        write(folder / "bodies", bodies[: asked.pages])
        for part in ("one", "many"):
            (folder / part).mkdir()
        with (
            serving([bodies], folder / "one") as one,
            serving(small, folder / "many") as many,
        ):
            yield Plan(
                one, many, folder / "bodies", asked.pages, asked.warm, asked.few, asked.jobs,
                asked.workers, folder,
            ), what  # fmt: skip


def _round(plan: Plan, cases: Sequence[str], turn: int) -> dict[str, Measured]:
    """Each case once; the order begins with another one each round."""
    todo = list(dict.fromkeys(CASES[name] for name in cases))
    first = turn % len(todo)
    found: dict[str, Measured] = {}
    for case in todo[first:] + todo[:first]:
        for measured in case(plan, cases.__contains__):
            found[measured.case] = measured
            cost, pages = measured.cost, measured.pages
            print(
                f"round {turn + 1}, {measured.case}: {pages} in {cost.seconds:.1f} s,"
                f" {cost.cpu_seconds:.1f} s of CPU, {cost.peak_mb:.0f} MB",
                flush=True,
            )
    return found


def _away(kind: str) -> str | None:
    """Why a server does not answer, or None if it does."""
    opened = Database.open(servers()[kind])
    try:
        with opened.reading() as conn:
            conn.execute(text("SELECT 1"))
    except OperationalError as gone:
        return str(gone.orig).splitlines()[0]
    finally:
        opened.close()
    return None


def _machine() -> dict[str, Any]:
    return {
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "load": os.getloadavg()[0],
    }


if __name__ == "__main__":
    stop_on_sigterm()
    sys.exit(main())
