"""The labelled pairs and the seeds, compared as the crawl compares articles."""

import gzip
import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from pipelines.duplicates.similarity import Kind, Similarity, same_story
from pipelines.duplicates.sketch import sketch

SHARED = 2  # keys that make a candidate, as models.duplicates.index has it


class ComparedPair(NamedTuple):
    """One labelled pair, and what the comparison found."""

    kind: str
    label: str  # dup | different | cut | related | check
    found: Similarity
    candidate: bool  # the index would have offered the pair


class Score(NamedTuple):
    """Dup against different."""

    precision: float
    recall: float
    f1: float


def load(path: Path) -> list[ComparedPair]:
    """All pairs of a file of labelled pairs, compared."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [_compared(json.loads(line)) for line in lines]


def score(pairs: Iterable[ComparedPair]) -> Score:
    """Precision, recall and F1 of dup against different; other labels are left out."""
    counted: Counter[tuple[str, bool]] = Counter((p.label, p.found.same) for p in pairs)
    hit, missed, false = (
        counted["dup", True],
        counted["dup", False],
        counted["different", True],
    )
    precision = hit / (hit + false) if hit + false else 1.0
    recall = hit / (hit + missed) if hit + missed else 1.0
    return Score(precision, recall, 2 * precision * recall / (precision + recall or 1.0))


def figures(pairs: list[ComparedPair]) -> dict[str, float]:
    """Every figure that has a floor, by name."""
    real = score(p for p in pairs if p.kind.startswith("real:"))
    synthetic = score(p for p in pairs if not p.kind.startswith(("real:", "seeds")))
    template = [p.found.same for p in pairs if p.kind.startswith("template:")]
    teasers = [p.found.kind != Kind.DIFFERENT for p in pairs if p.kind.startswith("teaser")]
    edits = recalls(pairs)
    true = [p.candidate for p in pairs if p.label == "dup" and p.found.same]
    return {
        "synthetic_f1": synthetic.f1,
        "edit_recall_least": min(edits.values()),
        "template_merged": sum(template) / len(template),
        "teasers_linked": sum(teasers) / len(teasers),
        "real_precision": real.precision,
        "real_recall": real.recall,
        "real_f1": real.f1,
        "candidate_recall": sum(true) / len(true),
    }


def recalls(pairs: Iterable[ComparedPair]) -> dict[str, float]:
    """Recall of each kind of edit; what other extractors made of one page is one kind."""
    found: dict[str, list[bool]] = defaultdict(list)
    for pair in pairs:
        if pair.label == "dup" and not pair.kind.startswith(("real:", "seeds")):
            found[pair.kind.split(":")[0]].append(pair.found.same)
    return {kind: sum(hits) / len(hits) for kind, hits in sorted(found.items())}


def related(pairs: Iterable[ComparedPair], choose: Callable[[str], bool]) -> tuple[int, int]:
    """Merged and all of the pairs labelled related, of the kinds chosen."""
    hits = [p.found.same for p in pairs if p.label == "related" and choose(p.kind)]
    return sum(hits), len(hits)


def two_stories(path: Path, pages: int) -> dict[str, float]:
    """What becomes of pages that hold two unlike stories of the file, one after the other."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        told = sorted({json.loads(line)[side]["text"] for line in lines for side in "ab"})
    chance = random.Random(5)
    counted: Counter[int] = Counter()
    while counted.total() < pages:
        one, other = (text.split() for text in chance.sample(told, 2))
        first = " ".join(one[: chance.randint(80, 600)])
        second = " ".join(other[: round(len(first.split()) * chance.uniform(0.5, 2))])
        if len(second.split()) < 40 or same_story("", first, None, "", second, None).similar:
            continue
        page = f"{first}\n\n{second}"
        counted[_same(first, page) + _same(second, page)] += 1
    return {"two_stories_joined": counted[2], "two_stories_with_one": counted[1] / pages}


def _same(one: str, other: str) -> bool:
    return same_story("", one, None, "", other, None).same


def _compared(pair: dict[str, Any]) -> ComparedPair:
    a, b = pair["a"], pair["b"]
    found = same_story(a["title"], a["text"], _date(a), b["title"], b["text"], _date(b))
    one, other = sketch(a["text"]), sketch(b["text"])
    shared = len(set(one.keys) & set(other.keys))
    equal = one.body_key is not None and one.body_key == other.body_key
    return ComparedPair(pair["kind"], pair["label"], found, equal or shared >= SHARED)


def _date(side: dict[str, Any]) -> datetime | None:
    told = side.get("date")
    if not told:
        return None
    parsed = datetime.fromisoformat(told if len(told) > 7 else f"{told}-01")
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
