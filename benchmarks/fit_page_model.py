"""Fits the page model, and measures it and the site's evidence on publishers left out.

    uv run --group fit python -m benchmarks.fit_page_model --write

The page model is a sum of small boosted trees, fitted on all pages. A site adds a handful of terms
(`pipelines/boilerplate/site_scores.py`), which are not fitted here but measured: on pages scored by
a page model that never saw the publisher, with the rest of the publisher's pages as its site.
Publishers are separated by name, over all sets.
"""

import argparse
import pickle
import re
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import lightgbm
import numpy as np

from benchmarks.alignment import labels
from benchmarks.evidence import evidence_of
from benchmarks.pages import SETS, Sample, samples, seeds
from benchmarks.score import f1
from benchmarks.tree_module import source
from models.evidence import Evidence
from models.items import Extraction, Hint, Metadata
from models.text import words
from pipelines import page_blocks, page_reader
from pipelines.boilerplate import classify, data_tables, features, link_lists, page_model
from pipelines.extraction.tree import parse
from pipelines.metadata.page_metadata import read_page_metadata

FOLDS: Final = 5
WORTH: Final = {
    "seeds": 1.0,
    "sites": 2.0,
    "news": 2.0,
    "zyte": 1.0,
    "wcxb": 0.7,
}  # of a page, by its set
PAGE_TREES: Final = {"num_leaves": 16, "rounds": 120, "learning_rate": 0.12}
COMMON: Final = {
    "objective": "binary", "verbosity": -1, "min_data_in_leaf": 40, "feature_fraction": 0.6,
    "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l2": 5, "num_threads": 1, "seed": 9,
}  # fmt: skip
COMMAND: Final = "uv run --group fit python -m benchmarks.fit_page_model --write"
PAGE_MODEL: Final = Path(page_model.__file__)


@dataclass(frozen=True, slots=True)
class Measured:
    """A page read, with the truth of each block."""

    sample: Sample = field(repr=False)
    measured: page_blocks.MeasuredPage = field(repr=False)
    extraction: Extraction = field(repr=False)
    truth: Any = field(repr=False)
    rows: Any = field(repr=False)  # of the candidates only
    wanted: Any = field(repr=False)
    fold: int = 0


def measure(sample: Sample) -> Measured:
    """Reads one page."""
    tree = parse(sample.body, None)
    page = read_page_metadata(tree, sample.url, Hint())
    measured = page_reader.measured(tree, page.article_body, sample.url)
    # The features may be others than those of the present model, whose scores nothing here reads.
    with patch.object(page_model, "score", return_value=0.0):
        blocks = page_blocks.blocks_of(measured, page_blocks.scored(measured), ruled=False)
    texts = [block.text for block in blocks]
    wanted = np.array([row is not None for row in measured.rows], dtype=bool)
    rows = np.array([row for row in measured.rows if row is not None], dtype=np.float32)
    return Measured(
        replace(sample, body=b""),
        measured._replace(rows=[]),
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
    total = max(30.0, float(counts[page.truth > 0.5].sum()))
    return (np.minimum(counts, 200) + 1) / total * 100 * WORTH[page.sample.set]


def score(page: Measured, keep: Iterable[Any]) -> float:
    """F1 of the blocks kept."""
    blocks = zip(page.extraction.blocks, keep, strict=True)
    return f1("\n".join(block.text for block, kept in blocks if kept), page.sample.text)


def sound(page: Measured) -> bool:
    """Whether the page's blocks can give the truth at all; others are no use."""
    return score(page, page.truth >= 0.5) > 0.9


def fit_page(pages: Sequence[Measured], form: dict[str, Any]) -> Any:
    """The page model, on these pages: a booster."""
    good = [page for page in pages if sound(page)]
    options = {**COMMON, **form}
    rounds = options.pop("rounds")
    truth = np.concatenate([page.truth[page.wanted] for page in good])
    data = lightgbm.Dataset(
        np.concatenate([page.rows for page in good]),
        (truth >= 0.5).astype(float),
        weight=np.concatenate([weights(page)[page.wanted] for page in good]),
    )
    return lightgbm.train(options, data, rounds)


def apply_page(model: Any, page: Measured) -> Measured:
    """The page as a page model classifies it."""
    modelled: list[float | None] = [None] * len(page.wanted)
    if len(page.rows):
        found = model.predict(page.rows, raw_score=True)
        for i, score in zip(np.flatnonzero(page.wanted), found, strict=True):
            modelled[i] = float(score)
    read = page.measured
    scores = classify.corrected(modelled, read.word_hints, read.kinds, read.dom_paths)
    scores = link_lists.with_lists(read.outline, read.lists, scores, read.word_hints)
    scores = data_tables.with_tables(read.outline, scores)
    blocks = tuple(
        replace(block, score=s, kept=s > 0)
        for block, s in zip(page.extraction.blocks, scores, strict=True)
    )
    return replace(page, extraction=replace(page.extraction, blocks=blocks))


def sites(pages: Sequence[Measured]) -> dict[str, list[Measured]]:
    """Pages by site, of the sets whose pages are classified as sites."""
    found: dict[str, list[Measured]] = defaultdict(list)
    for page in pages:
        if page.sample.set in {"seeds", "news", "sites"} and len(page.extraction.blocks):
            found[f"{page.sample.set} {page.sample.site}"].append(page)
    return found


def kept(page: Measured, group: Sequence[Measured]) -> list[bool]:
    """Which blocks are kept, with the evidence of the site's pages, if there are others."""
    pages = [(other.sample, other.extraction) for other in group]
    evidence = evidence_of(pages) if len(pages) > 1 else Evidence()
    found = classify.classify(page.extraction, evidence, page.sample.url_id)
    return [block.keep for block in found.blocks]


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


def cross_validate(pages: Sequence[Measured], form: dict[str, Any]) -> dict[str, Any]:
    """Scores by page and by site, on publishers that the page model has not seen."""
    table("best subset of blocks", pages, lambda page: page.truth >= 0.5)
    out: list[Measured] = []
    for fold in range(FOLDS):
        model = fit_page([page for page in pages if page.fold != fold], form)
        out += [apply_page(model, page) for page in pages if page.fold == fold]
    groups = {id(page): group for group in sites(out).values() for page in group}
    by_page = table("page", out, lambda page: kept(page, ()))
    by_site = table("page and site", out, lambda page: kept(page, groups.get(id(page), ())))
    return {"page": by_page, "page and site": by_site}


def _nested(node: dict[str, Any]) -> Any:
    """A tree of lightgbm as `tree_module` has it."""
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
    """Cross-validates, and with --write fits the page model on all pages and keeps it."""
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
    held_out = cross_validate(pages, PAGE_TREES)
    if not given.write:
        return
    provenance = {
        "fitted by": "benchmarks/fit_page_model.py",
        "pages": len(pages),
        "F1 on publishers left out": held_out,
    }
    model = fit_page(pages, PAGE_TREES)
    trees = [_nested(tree["tree_structure"]) for tree in model.dump_model()["tree_info"]]
    PAGE_MODEL.write_text(source(trees, features.NAMES, COMMAND, provenance), encoding="utf-8")


if __name__ == "__main__":
    main()
