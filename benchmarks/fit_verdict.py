"""Fits the two verdict models and says, by publishers left out, how well they hold.

    uv run --group fit python -m benchmarks.fit_verdict --write

Two models of small boosted trees, of few enough leaves to read. The page model is fitted on all
pages. The site model starts from the page model's verdict, made without the publisher, and
learns only what to add to it when other pages of the site have been seen; it is fitted on each
page with several samples of its site, and more repetition or a lower share of kept words at a
place can only count against a block. Publishers are parted by name, over all sets.
"""

import argparse
import json
import pickle
import random
import re
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import lightgbm
import numpy as np

from benchmarks.alignment import labels
from benchmarks.pages import SETS, Sample, samples, seeds
from benchmarks.score import f1
from models.items import Evidence, Extraction, Metadata, PlaceSighting, Sighting
from models.text import words
from pipelines.extractors import chain, features, verdict
from pipelines.extractors.blocks import Outline
from pipelines.extractors.evidence import sightings_of, supports
from pipelines.extractors.tree import parse

FOLDS: Final = 5
WORTH: Final = {
    "seeds": 1.0,
    "sites": 2.0,
    "news": 2.0,
    "zyte": 1.0,
    "wcxb": 0.7,
}  # of a page, by its set
PAGE_TREES: Final = {"num_leaves": 16, "rounds": 120, "learning_rate": 0.12}
SITE_TREES: Final = {
    "num_leaves": 5, "rounds": 30, "learning_rate": 0.1, "min_data_in_leaf": 80
}  # fmt: skip
COMMON: Final = {
    "objective": "binary", "verbosity": -1, "min_data_in_leaf": 40, "feature_fraction": 0.5,
    "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l2": 5, "num_threads": 1, "seed": 7,
}  # fmt: skip
NEVER_MORE: Final = {"pages", "loose_pages", "rate", "place_repeated"}
NEVER_LESS: Final = {"place_rate", "place_high"}
HERE: Final = Path(features.__file__).parent


@dataclass(frozen=True, slots=True)
class Measured:
    """A page read, with the truth of each block."""

    sample: Sample = field(repr=False)
    reading: chain.Reading = field(repr=False)
    extraction: Extraction = field(repr=False)
    truth: Any = field(repr=False)
    rows: Any = field(repr=False)  # of the candidates only
    wanted: Any = field(repr=False)
    fold: int = 0


def measure(sample: Sample) -> Measured:
    """Reads one page."""
    reading = chain.read(parse(sample.body, None), sample.url)
    blocks = chain.blocks_of(reading, False)
    texts = [block.text for block in blocks]
    wanted = np.array([row is not None for row in reading.rows], dtype=bool)
    rows = np.array([row for row in reading.rows if row is not None], dtype=np.float32)
    return Measured(
        replace(sample, body=b""),
        reading._replace(rows=[], outline=Outline([], [])),
        Extraction(blocks, Metadata(), "", 0),
        np.array(labels(texts, sample.text)),
        rows.reshape(-1, len(features.NAMES)),
        wanted,
        zlib.crc32(publisher(sample.site).encode()) % FOLDS,
    )


def publisher(site: str) -> str:
    """One name for a publisher in all sets: `www.cnbc.com` and `CNBC` are one."""
    bare = re.sub(r"^www\.|\.(?:com|org|net|de|co\.uk|co|uk|io|in|fr|it|es)$", "", site.lower())
    return re.sub(r"[^a-z0-9]", "", bare)


def weights(page: Measured) -> Any:
    """Words of each block; every page is worth the same within its set."""
    counts = np.array([len(words(block.text)) for block in page.extraction.blocks], dtype=float)
    told = max(30.0, float(counts[page.truth > 0.5].sum()))
    return (np.minimum(counts, 200) + 1) / told * 100 * WORTH[page.sample.set]


def score(page: Measured, keep: Iterable[Any]) -> float:
    """F1 of the blocks kept."""
    blocks = zip(page.extraction.blocks, keep, strict=True)
    return f1("\n".join(block.text for block, said in blocks if said), page.sample.text)


def sound(page: Measured) -> bool:
    """Whether the truth can be had from the page at all; others teach nothing."""
    return score(page, page.truth >= 0.5) > 0.9


def train(
    rows: Sequence[Any], truth: Sequence[Any], weight: Sequence[Any], form: dict[str, Any],
    start: Sequence[Any] | None = None, monotone: list[int] | None = None,
) -> Any:  # fmt: skip
    """A booster; `start` are the log-odds that it adds to."""
    options = {**COMMON, **form}
    rounds = options.pop("rounds")
    if monotone:
        options["monotone_constraints"] = monotone
    data = lightgbm.Dataset(
        np.concatenate(rows),
        (np.concatenate(truth) >= 0.5).astype(float),
        weight=np.concatenate(weight),
        init_score=None if start is None else np.concatenate(start),
    )
    return lightgbm.train(options, data, rounds)


def fit_page(pages: Sequence[Measured], form: dict[str, Any]) -> Any:
    """The page model, on these pages."""
    good = [page for page in pages if sound(page)]
    return train(
        [page.rows for page in good],
        [page.truth[page.wanted] for page in good],
        [weights(page)[page.wanted] for page in good],
        form,
    )


def apply_page(model: Any, page: Measured) -> Measured:
    """The page with the verdict of a page model."""
    scores = np.full(len(page.wanted), verdict.FAR_OFF)
    if len(page.rows):
        scores[page.wanted] = model.predict(page.rows, raw_score=True)
    blocks = tuple(
        replace(block, score=round(float(s), 3), kept=bool(s > 0))
        for block, s in zip(page.extraction.blocks, scores, strict=True)
    )
    return replace(page, extraction=replace(page.extraction, blocks=blocks))


def evidence_for(pages: Sequence[Measured]) -> Evidence:
    """What a memory that saw these pages holds; a page's url_id is the hash of its name."""
    blocks: dict[int, list[Sighting]] = defaultdict(list)
    places: dict[int, list[PlaceSighting]] = defaultdict(list)
    for page in pages:
        seen, url_id = sightings_of(page.extraction), zlib.crc32(page.sample.id.encode())
        for key in seen.blocks:
            blocks[key].append(Sighting(url_id, seen.witness))
        for key, (kept, count) in seen.places.items():
            places[key].append(PlaceSighting(url_id, seen.witness, kept, count))
    return Evidence(
        {key: tuple(found) for key, found in blocks.items()},
        {key: tuple(found) for key, found in places.items()},
    )


def site_rows(page: Measured, others: Sequence[Measured]) -> Any:
    """The site model's measures of a page, its site's other pages given."""
    url_id = zlib.crc32(page.sample.id.encode())
    found = supports(page.extraction, evidence_for([page, *others]), url_id)
    return np.array(verdict.site_rows(page.extraction.blocks, found), dtype=np.float32)


def sites(pages: Sequence[Measured]) -> dict[str, list[Measured]]:
    """Pages by site, of the sets where sites have several pages."""
    found: dict[str, list[Measured]] = defaultdict(list)
    for page in pages:
        if page.sample.set in {"news", "sites"} and len(page.extraction.blocks):
            found[f"{page.sample.set} {page.sample.site}"].append(page)
    return found


def site_data(pages: Sequence[Measured], variants: int) -> list[tuple[Measured, Any]]:
    """Each page with all others of its site, and with some of them, drawn by chance."""
    draw = random.Random(7)
    data = []
    for group in sites(pages).values():
        for page in group:
            others = [other for other in group if other is not page]
            if not others:
                continue
            data.append((page, site_rows(page, others)))
            for _ in range(variants if len(others) > 1 else 0):
                some = draw.sample(others, draw.randint(1, len(others) - 1))
                data.append((page, site_rows(page, some)))
    return data


def fit_site(data: Sequence[tuple[Measured, Any]], form: dict[str, Any]) -> Any:
    """The site model, on pages that carry the verdict of a page model that never saw them."""
    good = [(page, rows) for page, rows in data if sound(page)]
    share = {id(page): 0 for page, _ in good}
    for page, _ in good:
        share[id(page)] += 1
    use = [page.wanted for page, _ in good]
    signs = [
        -1 if name in NEVER_MORE else 1 if name in NEVER_LESS else 0
        for name in verdict.SITE_FEATURES
    ]
    scores = [np.array([block.score for block in page.extraction.blocks]) for page, _ in good]
    return train(
        [rows[some] for (_, rows), some in zip(good, use, strict=True)],
        [page.truth[some] for (page, _), some in zip(good, use, strict=True)],
        [weights(p)[some] / share[id(p)] for (p, _), some in zip(good, use, strict=True)],
        form,
        start=[score[some] for score, some in zip(scores, use, strict=True)],
        monotone=signs,
    )


def judged(model: Any, page: Measured, rows: Any) -> Any:
    """Which blocks are kept, with the site model's addition."""
    scores = np.array([block.score for block in page.extraction.blocks])
    added = model.predict(rows, raw_score=True)
    trust = np.array([verdict.trust(row[-1]) for row in rows])
    return scores + np.where(page.wanted, trust * added, 0.0) > 0


def table(
    name: str, pages: Sequence[Measured], keeps: Callable[[Measured], Iterable[Any]]
) -> dict[str, float]:
    """Mean F1 of each set."""
    means = {}
    for chosen in ("seeds", *SETS):
        found = [score(page, keeps(page)) for page in pages if page.sample.set == chosen]
        if found:
            means[chosen] = round(float(np.mean(found)), 4)
    print(f"{name:28}", *(f"{key} {value:.4f}" for key, value in means.items()), flush=True)
    return means


def cross_validate(
    pages: Sequence[Measured], page_form: dict[str, Any], site_form: dict[str, Any]
) -> dict[str, Any]:
    """Both models, on publishers that they have not seen."""
    table("best subset of blocks", pages, lambda page: page.truth >= 0.5)
    alone: dict[str, Measured] = {}
    for fold in range(FOLDS):
        model = fit_page([page for page in pages if page.fold != fold], page_form)
        for page in pages:
            if page.fold == fold:
                alone[page.sample.set + page.sample.id] = apply_page(model, page)
    out = list(alone.values())
    by_page = table("page model", out, lambda page: [b.kept for b in page.extraction.blocks])
    data = site_data(out, 1)
    whole = {p.sample.set + p.sample.id: rows for p, rows in site_data(out, 0)}
    keep: dict[str, Any] = {}
    for fold in range(FOLDS):
        model = fit_site([(p, rows) for p, rows in data if p.fold != fold], site_form)
        for page in out:
            name = page.sample.set + page.sample.id
            if page.fold == fold and name in whole:
                keep[name] = judged(model, page, whole[name])
    by_site = table(
        "page and site model",
        out,
        lambda p: keep.get(p.sample.set + p.sample.id, [b.kept for b in p.extraction.blocks]),
    )
    return {"page": by_page, "site": by_site, "out": out, "keep": keep, "data": data}


def export(model: Any, names: Sequence[str], provenance: dict[str, Any], path: Path) -> None:
    """The trees as nested lists: [feature, threshold, where at most, where more] or a leaf."""
    trees = [_nested(tree["tree_structure"]) for tree in model.dump_model()["tree_info"]]
    lines = ",\n".join(json.dumps(tree, separators=(",", ":")) for tree in trees)
    head = json.dumps({"provenance": provenance, "features": list(names)}, indent=1)
    path.write_text(f'{head[:-2]},\n "trees": [\n{lines}\n]}}\n', encoding="utf-8")


def _nested(node: dict[str, Any]) -> Any:
    if "leaf_value" in node:
        return round(node["leaf_value"], 4)
    if node["decision_type"] != "<=":
        raise ValueError(node["decision_type"])
    threshold = float(f"{node['threshold']:.5g}")
    return [
        node["split_feature"],
        threshold,
        _nested(node["left_child"]),
        _nested(node["right_child"]),
    ]


def main() -> None:
    """Cross-validates, and with --write fits both models on all pages and keeps them."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--write", action="store_true")
    options.add_argument("--cache", type=Path)
    given = options.parse_args()
    if given.cache and given.cache.exists():
        pages = pickle.loads(given.cache.read_bytes())
    else:
        with ProcessPoolExecutor(2) as pool:
            every = [*seeds(), *(sample for name in SETS for sample in samples(name))]
            pages = list(pool.map(measure, every, chunksize=8))
        if given.cache:
            given.cache.write_bytes(pickle.dumps(pages))
    result = cross_validate(pages, PAGE_TREES, SITE_TREES)
    if not given.write:
        return
    provenance = {
        "fitted by": "benchmarks/fit_verdict.py",
        "pages": len(pages),
        "F1 on publishers left out": {"page": result["page"], "page and site": result["site"]},
    }
    page_model = fit_page(pages, PAGE_TREES)
    export(page_model, features.NAMES, provenance, HERE / verdict.PAGE_MODEL)
    site_model = fit_site(result["data"], SITE_TREES)
    export(site_model, verdict.SITE_FEATURES, provenance, HERE / verdict.SITE_MODEL)


if __name__ == "__main__":
    main()
