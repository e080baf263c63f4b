"""The evidence that a site's memory would hold of a set of pages."""

from collections import defaultdict
from collections.abc import Iterable

from benchmarks.pages import Sample
from models.evidence import Evidence, Occurrence
from models.items import Extraction
from pipelines.boilerplate.evidence import occurrences_of


def evidence_of(pages: Iterable[tuple[Sample, Extraction]]) -> Evidence:
    """The evidence of a site with these pages."""
    blocks: dict[int, list[Occurrence]] = defaultdict(list)
    paths: dict[int, list[Occurrence]] = defaultdict(list)
    for sample, extraction in pages:
        seen = occurrences_of(extraction)
        for key in seen.blocks:
            blocks[key].append(Occurrence(sample.url_id, seen.fingerprint))
        for key, (kept, count) in seen.dom_paths.items():
            paths[key].append(Occurrence(sample.url_id, seen.fingerprint, 0, kept, count))
    return Evidence(
        {key: tuple(found) for key, found in blocks.items()},
        {key: tuple(found) for key, found in paths.items()},
    )
