"""Sites of many pages, made of real ones: each page has a real template and a story of its own.

    uv run --group fit python -m benchmarks.sibling_sites

A model page of the sets is copied, and its story replaced by paragraphs of other real pages in its
language, so that the text that each page should give is known. All is drawn with fixed seeds.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from statistics import mean
from typing import Final

from benchmarks.alignment import labels
from benchmarks.pages import Sample, samples
from benchmarks.score import f1
from benchmarks.sibling_changes import CHANGES
from benchmarks.sibling_model import SOUND, Model, Unfit, model_of
from benchmarks.sibling_pages import draft, sibling
from benchmarks.sibling_plans import Plan, plans
from benchmarks.sibling_pool import Lender, Spent, donors, language_of
from models.items import Hint
from pipelines.extraction.tree import parse
from pipelines.extraction.whole_outline import prepared, whole_outline
from pipelines.metadata.page_metadata import read_page_metadata

SETS: Final = ("sites", "news", "zyte")
_TRIED: Final = 4  # pages of a site whose truth is looked for in their blocks


@dataclass(frozen=True)
class SiblingSite:
    """A site: pages of one template. Pages are made when they are first asked for."""

    name: str
    language: str
    model: Model = field(repr=False)
    plans: tuple[Plan, ...] = field(repr=False)
    change: str | None = None

    @cached_property
    def pages(self) -> list[Sample]:
        """The site's pages, in the order in which they were published."""
        return [self.page(n) for n in range(len(self.plans))]

    def page(self, number: int) -> Sample:
        """One of the pages."""
        made = draft(self.model, self.plans[number], self.language)
        if self.change is not None:
            CHANGES[self.change](made)
        return sibling(made, self.model)


def sites(least: int = 24, most_sites: int | None = None) -> Iterator[SiblingSite]:
    """Sites of `least` pages each, those of different publishers first; always the same."""
    found = 0
    for sample in _candidates():
        if found == most_sites:
            return
        site = site_of(sample, least)
        if site is not None:
            found += 1
            yield site


def changed(site: SiblingSite, how: str) -> SiblingSite:
    """The same pages after a change of the site's template: a key of CHANGES."""
    if how not in CHANGES:
        raise ValueError(f"no such change: {how}")
    return SiblingSite(site.name, site.language, site.model, site.plans, how)


def site_of(sample: Sample, least: int) -> SiblingSite | None:
    """The site generated from a page; None if the page cannot serve as a model."""
    language = language_of(sample.text)
    if language not in donors():
        return None
    lender = Lender(donors()[language], random.Random(f"site {sample.id}"))
    try:
        model = model_of(sample)
        planned = tuple(plans(model, lender, least))
    except (Unfit, Spent):
        return None
    site = SiblingSite(f"{sample.set}/{sample.id}", language, model, planned)
    tried = [share_of(site.page(n)) for n in range(0, least, max(1, least // _TRIED))]
    return site if min(tried) >= SOUND else None


def share_of(page: Sample) -> float:
    """F1 of the best subset of a page's blocks, as the pipeline finds them: 0 to 1."""
    tree = parse(page.body, None)
    body = read_page_metadata(tree, page.url, Hint()).article_body
    texts = [piece.text for piece in whole_outline(tree, prepared(tree, body))[0].pieces]
    shares = labels(texts, page.text)
    true = [text for text, share in zip(texts, shares, strict=True) if share >= 0.5]
    return f1("\n".join(true), page.text)


def _candidates() -> list[Sample]:
    """The pages of the sets: first one of each publisher, then another of each, ..."""
    turns: dict[str, int] = {}
    ranked = []
    for sample in (sample for name in SETS for sample in samples(name)):
        turn = turns[sample.site] = turns.get(sample.site, -1) + 1
        ranked.append((turn, random.Random(sample.id).random(), sample))
    return [sample for *_, sample in sorted(ranked, key=lambda entry: entry[:2])]


def main() -> None:
    """Says how many sites there are, and how well their blocks give their truth."""
    shares: list[float] = []
    languages: dict[str, int] = {}
    for site in sites():
        languages[site.language] = languages.get(site.language, 0) + 1
        shares += map(share_of, site.pages)
    print(f"{sum(languages.values())} sites, {len(shares)} pages; sites by language: {languages}")
    print(f"best subset of blocks: F1 {mean(shares):.4f}, lowest {min(shares):.4f}")


if __name__ == "__main__":
    main()
