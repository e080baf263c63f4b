"""How well duplicates are found, and at what cost: `python -m benchmarks.dedup [--check]`.

Without options: the labelled pairs, made-up items of templates, the seeds, shuffled arrival and
the CPU of keys. `--race N` lets four writers store N groups on each database, with and without
kills; `--articles N` fills databases with N articles. `--check` fails where a figure is worse
than its floor.
"""

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from benchmarks import duplicate_cost, duplicate_pairs, template_pairs, writers
from benchmarks.newsroom import NOW, SERVERS, Told, database, made_up, place, store
from models.db.database import Database

ROOT: Final = Path(__file__).parents[1]
PAIRS: Final = ROOT / "../shared/bench/duplicates/pairs.jsonl.gz"
SEEDS: Final = ROOT / "../shared/seeds/truth.json"
FLOORS: Final = ROOT / "benchmarks/floors.json"
ORDERS: Final = 20
PAGES: Final = 400  # of two stories
ITEMS: Final = 500  # pairs of items of one template
# these are better when small; all else is better when large
COSTS: Final = (
    "template_merged",
    "templates_merged_made_up",
    "two_stories_joined",
    "two_stories_with_one",
    "keys_cpu_ms",
    "split_groups",
    "changed_orders",
    "seeds_wrong",
)


def main() -> int:
    """0 where every figure reaches its floor or none is asked for; 1 otherwise."""
    asked = _arguments()
    found: dict[str, float] = {}
    for figures in _measured(asked):
        for name, value in figures.items():
            print(f"{name:40} {value:.4f}")
        found |= figures
    return _check(found) if asked.check else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare with floors.json")
    parser.add_argument("--race", type=int, default=0, metavar="GROUPS")
    parser.add_argument("--kills", type=int, default=8)
    parser.add_argument("--articles", type=int, default=0, metavar="N")
    parser.add_argument("--databases", default="sqlite,postgresql,mariadb")
    return parser.parse_args()


def _measured(asked: argparse.Namespace) -> Iterator[dict[str, float]]:
    kinds = asked.databases.split(",")
    with tempfile.TemporaryDirectory() as folder:
        if asked.race or asked.articles:
            for kind in kinds:
                yield from _on(kind, Path(folder), asked)
            return
        pairs = duplicate_pairs.load(PAIRS)
        yield duplicate_pairs.figures(pairs)
        yield {f"recall_{kind}": value for kind, value in duplicate_pairs.recalls(pairs).items()}
        merged, all_ = duplicate_pairs.related(pairs, lambda _kind: True)
        print(f"{'related pairs merged':40} {merged} of {all_}")
        items = template_pairs.made_up(ITEMS)
        yield {"templates_merged_made_up": sum(pair.found.same for pair in items)}
        yield duplicate_pairs.two_stories(PAIRS, PAGES)
        yield {"keys_cpu_ms": duplicate_cost.keys_cpu_ms([made_up(n, 495) for n in range(400)])}
        yield {"seeds_wrong": _seeds_wrong(Path(folder))}
        yield {"changed_orders": _changed_orders(Path(folder))}


def _on(kind: str, folder: Path, asked: argparse.Namespace) -> Iterator[dict[str, float]]:
    for kills in (0, asked.kills) if asked.race else ():
        with database(kind, folder, SERVERS) as url:
            came = writers.race(url, asked.race, kills=kills)
        print(f"{kind}, {came.kills} writers killed: {came}")
        yield {"split_groups": came.split + came.mixed}
    if asked.articles:
        with database(kind, folder, SERVERS) as url:
            opened = Database.open(url)
            for sizes in duplicate_cost.grow(opened, (asked.articles // 10, asked.articles)):
                print(f"{kind}: {sizes}")
            opened.close()


def _seeds_wrong(folder: Path) -> int:
    """Clusters of the seeds' articles that are not the one of seed 0 and seed 1."""
    truth = json.loads(SEEDS.read_text(encoding="utf-8"))
    with database("sqlite", folder, SERVERS) as url:
        opened = Database.open(url)
        seeds: dict[int, int] = {}
        for page, said in truth.items():
            told = Told(page.split("/")[2], page, said["title"], "\n\n".join(said["text"]), None)
            with opened.transaction() as conn:
                article_id = store(conn, told)
            place(opened, [article_id])
            if said["seed"] is not None:
                seeds[article_id] = said["seed"]
        with opened.reading() as conn:
            found = writers.clusters(conn)
        opened.close()
    named = [{seeds.get(article_id) for article_id in members} for members in found]
    return sum(name != {0, 1} for name in named) + ({0, 1} not in named)


def _changed_orders(folder: Path) -> int:
    """Of so many orders of arrival, those whose clusters or originals are not the first's."""
    told = [(group, writer) for group in range(8) for writer in range(4)]
    seen = []
    for order in range(ORDERS):
        random.Random(order).shuffle(told)
        with database("sqlite", folder, SERVERS) as url:
            opened = Database.open(url)
            names = {}
            for group, writer in told:
                site, title = f"paper{writer}.test", f"Story {group}"
                copy = writers.copy_of(group, writer)
                with opened.transaction() as conn:
                    article_id = store(
                        conn, Told(site, f"https://{site}/{group}", title, copy, NOW)
                    )
                place(opened, [article_id])
                names[article_id] = group, writer
            with opened.reading() as conn:
                found, originals = writers.clusters(conn), writers.originals(conn)
            opened.close()
        members = {frozenset(names[a] for a in cluster) for cluster in found}
        seen.append((members, {names[a] for a in originals}))
    return sum(told != seen[0] for told in seen)


def _check(found: dict[str, float]) -> int:
    floors: dict[str, float] = json.loads(FLOORS.read_text(encoding="utf-8"))["dedup"]
    worse = 0
    for name, floor in floors.items():
        if name not in found:
            continue
        if found[name] > floor if name in COSTS else found[name] < floor:
            print(f"{name}: {found[name]:.4f} is worse than its floor, {floor}", file=sys.stderr)
            worse += 1
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
