"""Which blocks are article text: by the page alone, then with what its site has taught."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from models.blocks import Block, BlockClassification, Classification
from models.evidence import Evidence
from models.items import Extraction
from models.sites.config import ExtractionRules
from models.text import count_words
from pipelines.boilerplate import page_model
from pipelines.boilerplate.evidence import Support, supports
from pipelines.boilerplate.recurring import PLAIN
from pipelines.boilerplate.said_again import said_again
from pipelines.boilerplate.site_scores import additions
from pipelines.extraction.selectors import KEEP, REMOVE
from pipelines.extraction.vocabulary import ASKS, CALL, COUNTER, DIALOG, LINE, ROW, STORY, TIP

FAR_OFF: Final = -6.0  # log-odds of blocks that are not scored: menus, far from any text
# Share of an article's words that the memory must leave: what repeats is rarely the longer part.
_LEAST_LEFT: Final = 0.4
RULE: Final = "rule"  # the reason for what a site's rules decide; no page gives it by itself
NONE: Final = CALL | TIP | COUNTER | STORY | ROW | LINE | DIALOG | ASKS
NEVER: Final = 8.0  # log-odds against a call to comment, a tip, a counter, and what is foreign
_DOUBT: Final = 1.0  # log-odds against a subheading that the texts around it outweigh
GIVEN: Final = 0.2  # its log-odds then
_SERIES: Final = 4  # captions under one DOM path that may tell a story
_MOST: Final = 0.75  # of them, if it does
_SURE: Final = 3.0  # log-odds at which a classification is as sure as can be


def page_scores(
    rows: Sequence[Sequence[float] | None],
    word_hints: Sequence[int],
    kinds: Sequence[str],
    dom_paths: Sequence[str],
) -> list[float]:
    """The log-odds that each piece is article text, by its page alone; FAR_OFF without a row."""
    modelled = [None if row is None else page_model.score(row) for row in rows]
    return corrected(modelled, word_hints, kinds, dom_paths)


def corrected(
    modelled: Sequence[float | None],
    word_hints: Sequence[int],
    kinds: Sequence[str],
    dom_paths: Sequence[str],
) -> list[float]:
    """The page model's log-odds, with what it cannot know: what is none, subheadings, series."""
    scores = [
        FAR_OFF if score is None else score - NEVER * (hints & NONE > 0)
        for score, hints in zip(modelled, word_hints, strict=True)
    ]
    around = [path.rpartition(">")[0] for path in dom_paths]
    for i in range(1, len(scores) - 1):
        doubted = kinds[i] == "heading" and -_DOUBT < scores[i] <= 0
        enclosed = around[i - 1] == around[i] == around[i + 1]
        if doubted and enclosed and min(scores[i - 1], scores[i + 1]) > 0:
            # Subheadings are short and alike: their neighbours tell more than they do.
            scores[i] = GIVEN
    told = _told_in_captions(scores, kinds, dom_paths)
    scores = [
        GIVEN if path in told and -_DOUBT < score <= 0 else score
        for path, score in zip(dom_paths, scores, strict=True)
    ]
    return [round(score, 3) for score in scores]


def _told_in_captions(
    scores: Sequence[float], kinds: Sequence[str], dom_paths: Sequence[str]
) -> set[str]:
    """The DOM paths whose captions tell a story: of a series of pictures, most are kept."""
    kept: dict[str, list[bool]] = {}
    for score, kind, path in zip(scores, kinds, dom_paths, strict=True):
        if kind == "caption":
            kept.setdefault(path, []).append(score > 0)
    return {path for path, of in kept.items() if len(of) >= _SERIES and sum(of) >= _MOST * len(of)}


def classify(
    extraction: Extraction, evidence: Evidence, url_id: int, rules: ExtractionRules | None = None
) -> Classification:
    """Classifies a page's blocks with the evidence of its site.

    `url_id` is the page's own: its occurrences, and those of its copies, do not count. The order
    in which the evidence was gathered does not matter. `rules` are the site's, marked in the
    blocks when the page was read; without `rules` the marks are ignored.
    """
    keeps, reasons, refused, scores, found, again = decide(extraction, evidence, url_id, rules)
    classified = tuple(
        BlockClassification(
            block.position,
            keep,
            keep != block.kept,
            reason,
            {} if reason == RULE else _evidence(block, support) | _said_at(extraction, again, i),
        )
        for i, (block, keep, reason, support) in enumerate(
            zip(extraction.blocks, keeps, reasons, found, strict=True)
        )
    )
    return Classification(classified, _certainty(extraction, scores, found), refused)


class Decided(NamedTuple):
    """What `classify` decides, for each block in order, and what it rests on."""

    keeps: Sequence[bool]
    reasons: Sequence[str]  # '' where the block is kept, and no rule says so
    refused: str | None
    scores: Sequence[float]
    found: Sequence[Support]
    again: Mapping[int, int]  # blocks that others say in a better place, by number; which others


def decide(
    extraction: Extraction, evidence: Evidence, url_id: int, rules: ExtractionRules | None = None
) -> Decided:
    """The decisions of `classify` alone, in half its time: for pages that few of them change."""
    blocks = extraction.blocks
    found = supports(extraction, evidence, url_id)
    scores = site_scores(extraction, found)
    ruled = [_ruled(block, rules) for block in blocks]
    learned = [score > 0 for score in scores]
    if evidence.revoked:
        learned = [
            learns if evidence.revoked.isdisjoint((block.key, block.loose_key)) else block.kept
            for block, learns in zip(blocks, learned, strict=True)
        ]
    refused = _refusal(blocks, learned, ruled)
    keeps = [block.kept for block in blocks] if refused else learned
    reasons = [
        RULE if rule is not None else "" if keep else _reason(block, support)
        for block, keep, rule, support in zip(blocks, keeps, ruled, found, strict=True)
    ]
    keeps = [keep if rule is None else rule for keep, rule in zip(keeps, ruled, strict=True)]
    again = {i: at for i, at in said_again(blocks, keeps).items() if ruled[i] is None}
    for i in again:
        keeps[i] = False
        reasons[i] = "caption" if blocks[i].hint == "caption" else "repeated"
    return Decided(keeps, reasons, refused, scores, found, again)


def site_scores(extraction: Extraction, found: Sequence[Support]) -> list[float]:
    """The log-odds of each block: the page's own, and what the site's evidence adds."""
    added = additions(extraction.blocks, found)
    return [block.score + more for block, more in zip(extraction.blocks, added, strict=True)]


def _ruled(block: Block, rules: ExtractionRules | None) -> bool | None:
    """Whether the site's rules keep a block; None if they do not name it."""
    if not rules or block.hint not in {KEEP, REMOVE}:
        return None
    return block.hint == KEEP


def _refusal(
    blocks: Sequence[Block], learned: Sequence[bool], ruled: Sequence[bool | None]
) -> str | None:
    """Why the memory is not followed: it would remove most of the article."""
    kept: list[str] = []
    removed: list[str] = []
    restored: list[str] = []
    for block, stays, rule in zip(blocks, learned, ruled, strict=True):
        if rule is None and (block.kept or stays):
            (restored if not block.kept else kept if stays else removed).append(block.text)
    had, left = sum(map(count_words, removed)), 0
    for text in sorted(kept, key=len, reverse=True):
        if left >= had * _LEAST_LEFT:
            return None  # the more is kept, the more is left: no need to count the rest
        count = count_words(text)
        had, left = had + count, left + count
    left += sum(map(count_words, restored))
    if left >= had * _LEAST_LEFT:
        return None
    return f"the site's memory would leave {left} of {had} words"


def _reason(block: Block, support: Support) -> str:
    """Why a block is removed."""
    repeated = support.pages or support.loose_pages
    if repeated and (block.kept or block.hint in PLAIN):
        return "repeated"
    return block.hint or "other"


def _evidence(block: Block, support: Support) -> dict[str, object]:
    evidence: dict[str, object] = {"score": block.score}
    if support.pages or support.loose_pages:
        evidence |= {
            "pages": max(support.pages, support.loose_pages),
            "share": round(support.rate, 2),
            "seen_on": list(support.seen_on[:5]),
        }
    if support.path_pages:
        evidence |= {"place": block.dom_path, "place_kept": round(support.path_rate, 2)}
    return evidence


def _said_at(extraction: Extraction, again: Mapping[int, int], i: int) -> dict[str, object]:
    """The position of the block that says the same in a better place."""
    return {"said_at": extraction.blocks[again[i]].position} if i in again else {}


def _certainty(extraction: Extraction, scores: Sequence[float], found: Sequence[Support]) -> float:
    """How sure the classification is: mean distance of words from doubt, agreement, evidence."""
    weighed = [
        (count_words(block.text), min(abs(score), _SURE) / _SURE)
        for block, score in zip(extraction.blocks, scores, strict=True)
        if block.kept or score > 0
    ]
    total = sum(count for count, _ in weighed)
    sure = sum(count * weight for count, weight in weighed) / total if total else 0.0
    agreed = extraction.agreement if extraction.agreement is not None else sure
    known = max((support.site_pages for support in found), default=0)
    seen = known / (known + 2)
    return round((1 - 0.3 * seen) * (0.5 * sure + 0.5 * agreed) + 0.3 * seen * sure, 3)
