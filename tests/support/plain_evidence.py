"""Support and refusal, plainly as they are defined: what the fast ones are compared with."""

from collections.abc import Iterable, Sequence

from models.blocks import Block
from models.evidence import SAMPLE, Evidence, Occurrence
from models.items import Extraction
from models.text import words
from pipelines.boilerplate.evidence import Support, fingerprint_of

Samples = dict[int, list[Occurrence]]


def plain_supports(extraction: Extraction, evidence: Evidence, url_id: int) -> list[Support]:
    """What `supports` returns."""
    texts, paths = _of_others(evidence.blocks, url_id), _of_others(evidence.dom_paths, url_id)
    left_out = _copies(extraction.blocks, texts) | {url_id}
    own = fingerprint_of(extraction)
    shown = {key: _independent(sample, left_out, own) for key, sample in texts.items()}
    used = {key: _independent(sample, left_out, own) for key, sample in paths.items()}
    pages = max((len(found) for found in (*shown.values(), *used.values())), default=0)
    full = [
        {key: max(one.order for one in sample)}
        for key, sample in (*texts.items(), *paths.items())
        if len(sample) >= SAMPLE - 1
    ]
    ends = {key: end for one in full for key, end in one.items()}
    return [_support(block, shown, used, pages, ends) for block in extraction.blocks]


def plain_refusal(
    blocks: Sequence[Block], learned: Sequence[bool], ruled: Sequence[bool | None]
) -> str | None:
    """Why the memory is not followed."""
    free = [
        (b, stays) for b, stays, rule in zip(blocks, learned, ruled, strict=True) if rule is None
    ]
    had = sum(len(words(block.text)) for block, _ in free if block.kept)
    left = sum(len(words(block.text)) for block, stays in free if stays)
    return f"the site's memory would leave {left} of {had} words" if left < had * 0.4 else None


def _of_others(samples: object, url_id: int) -> Samples:
    assert isinstance(samples, dict)
    return {key: [one for one in sample if one.page != url_id] for key, sample in samples.items()}


def _copies(blocks: Iterable[Block], texts: Samples) -> set[int]:
    kept = {block.key: block for block in reversed([block for block in blocks if block.kept])}
    total = sum(len(words(block.text)) for block in kept.values())
    found = set()
    for page in {one.page for sample in texts.values() for one in sample}:
        both = [
            block for key, block in kept.items() if page in [one.page for one in texts.get(key, [])]
        ]
        titled = any(block.kind == "heading" and block.hint == "headline" for block in both)
        share = sum(len(words(block.text)) for block in both)
        if both and share >= total * (0.5 if titled else 0.8):
            found.add(page)
    return found


def _independent(sample: list[Occurrence], left_out: set[int], own: int) -> dict[int, Occurrence]:
    return {
        one.fingerprint: one
        for one in sorted(sample, reverse=True)  # so that the least url_id comes last
        if one.page not in left_out and one.fingerprint != own
    }


def _support(
    block: Block,
    shown: dict[int, dict[int, Occurrence]],
    used: dict[int, dict[int, Occurrence]],
    pages: int,
    ends: dict[int, int],
) -> Support:
    here, path = shown.get(block.key, {}), used.get(block.dom_path_key, {})
    limits = [ends[key] for key in (block.key, block.dom_path_key) if key in ends]
    compared = {own for own, one in path.items() if all(one.order <= end for end in limits)}
    both = {own for own, one in here.items() if all(one.order <= end for end in limits)} & compared
    loose = shown.get(block.loose_key, {})
    loose_limits = [ends[key] for key in (block.loose_key, block.dom_path_key) if key in ends]
    near = _up_to(path, loose_limits)
    like = _up_to(loose, loose_limits) & near
    loose_rate = len(like) / len(near) if near else min(len(loose) / pages, 1.0) if loose else 0.0
    first = sorted(ends.values())[:1]
    site = set().union(*(_up_to(found, first) for found in (*shown.values(), *used.values())))
    there = [(one.kept_words or 0, one.words) for one in path.values() if one.words]
    rate = len(both) / len(compared) if compared else min(len(here) / pages, 1.0) if here else 0.0
    return Support(
        pages=len(here),
        loose_pages=len(loose),
        rate=rate,
        path_pages=len(path),
        path_rate=sum(kept for kept, _ in there) / sum(n for _, n in there) if there else -1.0,
        path_most=max((n for _, n in there), default=0),
        site_pages=pages,
        seen_on=tuple(sorted(one.page for one in here.values())),
        loose_rate=loose_rate,
        site_rate=max(len(_up_to(found, first)) for found in (here, loose)) / len(site)
        if site and (here or loose)
        else 0.0,
    )


def _up_to(found: dict[int, Occurrence], limits: list[int]) -> set[int]:
    return {own for own, one in found.items() if all(one.order <= end for end in limits)}
