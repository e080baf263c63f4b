"""Classification by a site's evidence: what counts, what must not, and what it may never do."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.blocks import Classification
from models.evidence import Evidence, Occurrence
from models.items import Extraction, Hint
from models.sites.config import ExtractionRules
from pipelines.boilerplate.classify import _refusal, classify, corrected, decide
from pipelines.boilerplate.evidence import occurrences_of, supports
from pipelines.kept_text import text_of
from pipelines.page_reader import extract
from tests.factories import make_block
from tests.support.plain_evidence import plain_refusal

BOX = "Follow our harbour desk for the latest news and write to us with your story."
VOCABULARY = (
    "harbour boats thaw monday captain ferry council engine pilot channel winter bridge letter "
    "market school river tower garden window signal island journey weather morning"
)
WORDS = VOCABULARY.split()


def story(number: int, length: int = 6) -> list[str]:
    draw = random.Random(number)
    return [
        " ".join(draw.choices(WORDS, k=30)).capitalize() + f", said number {number}."
        for _ in range(length)
    ]


def page(paragraphs: list[str], *extra: str, head: str = "A headline of its own") -> Extraction:
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    more = "".join(f"<p class=box>{text}</p>" for text in extra)
    html = (
        f"<html><head><title>{head}</title></head><body><article><h1>{head}</h1>"
        f"<div class=story>{body}{more}</div></article></body></html>"
    )
    return extract(html.encode(), "utf-8", "https://example.test/a", Hint(), None)


def evidence_of(pages: dict[int, Extraction]) -> Evidence:
    blocks: dict[int, list[Occurrence]] = {}
    places: dict[int, list[Occurrence]] = {}
    for url_id, extraction in pages.items():
        seen = occurrences_of(extraction)
        for key in seen.blocks:
            blocks.setdefault(key, []).append(Occurrence(url_id, seen.fingerprint, url_id))
        for key, (kept, words) in seen.dom_paths.items():
            found = Occurrence(url_id, seen.fingerprint, url_id, kept, words)
            places.setdefault(key, []).append(found)
    return Evidence(
        {key: tuple(found) for key, found in blocks.items()},
        {key: tuple(found) for key, found in places.items()},
    )


def text(extraction: Extraction, evidence: Evidence, url_id: int = 1) -> str:
    return text_of(extraction, classify(extraction, evidence, url_id))


def is_kept(classification: Classification, extraction: Extraction, words: str) -> bool:
    return next(
        found.keep
        for block, found in zip(extraction.blocks, classification.blocks, strict=True)
        if block.text == words
    )


def test_a_text_on_every_page_of_a_site_goes() -> None:
    pages = {n: page(story(n), BOX) for n in range(1, 9)}
    classification = classify(pages[1], evidence_of(pages), 1)
    assert not is_kept(classification, pages[1], BOX)
    assert all(part in text_of(pages[1], classification) for part in story(1))


def test_why_a_repeated_text_went_is_told() -> None:
    pages = {n: page(story(n), BOX) for n in range(1, 9)}
    classification = classify(pages[1], evidence_of(pages), 1)
    told = classification.blocks[-1]
    assert (told.evidence["pages"], told.evidence["share"]) == (7, 1.0)


def test_a_page_alone_is_classified_by_itself() -> None:
    extraction = page(story(1), BOX)
    classification = classify(extraction, Evidence(), 1)
    assert not any(found.changed for found in classification.blocks)


def test_a_page_is_no_evidence_against_itself() -> None:
    extraction = page(story(1))
    assert all(
        not support.pages for support in supports(extraction, evidence_of({1: extraction}), 1)
    )


def test_republished_copies_of_an_article_are_no_evidence_against_it() -> None:
    original = page(story(1), BOX)
    copies = {n: page(story(1), f"{BOX} {n}", head=f"Headline {n}") for n in range(2, 9)}
    evidence = evidence_of({1: original, **copies})
    assert all(not support.pages for support in supports(original, evidence, 1))
    assert all(part in text(original, evidence) for part in story(1))


def test_a_pull_quote_goes_and_the_record_says_where_it_is_said() -> None:
    paragraphs = story(1)
    quote = f"<blockquote>{paragraphs[3]}</blockquote>"
    alone = page([*paragraphs[:2], quote, *paragraphs[2:]])
    found = classify(alone, Evidence(), 1)
    assert text_of(alone, found).count(paragraphs[3]) == 1
    fates = {
        block.kind: fate
        for block, fate in zip(alone.blocks, found.blocks, strict=True)
        if paragraphs[3] in block.text
    }
    assert not fates["quote"].keep
    assert fates["quote"].reason == "repeated"
    assert fates["quote"].evidence["said_at"] == fates["paragraph"].position


def test_a_pull_quote_that_a_rule_keeps_is_there_twice() -> None:
    paragraphs = story(1)
    rules = ExtractionRules(keep=("blockquote",))
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    html = f"<article><div>{body}<blockquote>{paragraphs[3]}</blockquote></div></article>"
    kept = extract(html.encode(), "utf-8", "https://example.test/a", Hint(), rules)
    assert text_of(kept, classify(kept, Evidence(), 1, rules)).count(paragraphs[3]) == 2
    assert text_of(kept, classify(kept, Evidence(), 1)).count(paragraphs[3]) == 1


def test_a_site_where_every_page_is_the_same_page_keeps_it() -> None:
    pages = {n: page(story(1)) for n in range(1, 20)}
    assert all(part in text(pages[1], evidence_of(pages)) for part in story(1))


def test_a_site_that_puts_an_article_into_every_sidebar_does_not_empty_it() -> None:
    others = {n: page(story(n), *story(1)) for n in range(2, 12)}
    original = page(story(1))
    kept = text(original, evidence_of({1: original, **others}))
    assert len(kept.split()) > 0.4 * len(" ".join(story(1)).split())


def test_the_memory_may_not_take_most_of_an_article() -> None:
    extraction = page(story(1))
    other = {n: page([*story(n, 1), *story(1)]) for n in range(2, 12)}
    classification = classify(extraction, evidence_of({1: extraction, **other}), 1)
    assert text_of(extraction, classification)


def test_a_text_that_a_person_revoked_stays_as_the_page_says() -> None:
    pages = {n: page(story(n), BOX) for n in range(1, 9)}
    key = next(block.key for block in pages[1].blocks if block.text == BOX)
    evidence = replace(evidence_of(pages), revoked=frozenset({key}))
    before = next(block.kept for block in pages[1].blocks if block.key == key)
    assert is_kept(classify(pages[1], evidence, 1), pages[1], BOX) == before


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(1, 7)))
def test_any_order_of_the_same_pages_ends_in_the_same_texts(order: list[int]) -> None:
    pages = PAGES
    evidence = evidence_of({n: pages[n] for n in order})
    assert [classify(pages[n], evidence, n) for n in pages] == EXPECTED


PAGES = {n: page(story(n), BOX, *story(n % 2 + 50, 1)) for n in range(1, 7)}
EXPECTED = [classify(PAGES[n], evidence_of(PAGES), n) for n in PAGES]


@pytest.mark.parametrize(("rule", "kept"), [("keep", True), ("remove", False)])
def test_a_sites_own_rules_have_the_last_word(rule: str, kept: bool) -> None:
    rules = ExtractionRules(**{rule: (".box",)})
    body = "".join(f"<p>{part}</p>" for part in story(1))
    html = f"<html><body><article>{body}<p class=box>{BOX}</p></article></body></html>"
    extraction = extract(html.encode(), None, "https://example.test/a", Hint(), rules)
    classification = classify(extraction, Evidence(), 1, rules)
    assert is_kept(classification, extraction, BOX) is kept
    assert classification.blocks[-1].reason == "rule"


def test_a_sites_body_selector_holds_the_article() -> None:
    rules = ExtractionRules(body=(".missing", ".real"))
    html = f"<html><body><div>{story(1)[0]}</div><div class=real>short text</div></body></html>"
    extraction = extract(html.encode(), None, "https://example.test/a", Hint(), rules)
    assert text_of(extraction, classify(extraction, Evidence(), 1, rules)) == "short text"


@given(
    st.lists(
        st.tuples(
            st.integers(0, 20), st.booleans(), st.booleans(), st.sampled_from((None, True, False))
        ),
        max_size=8,
    )
)
def test_a_memory_is_refused_by_the_words_that_it_would_leave(
    found: list[tuple[int, bool, bool, bool | None]],
) -> None:
    blocks = [make_block("word " * count, kept=kept) for count, kept, *_ in found]
    learned, ruled = [stays for _, _, stays, _ in found], [rule for *_, rule in found]
    assert _refusal(blocks, learned, ruled) == plain_refusal(blocks, learned, ruled)


def test_what_is_decided_is_what_is_classified() -> None:
    rules = ExtractionRules(remove=(".box",))
    pages = {n: page(story(n), BOX) for n in range(1, 9)}
    for given_rules in (None, rules):
        whole = classify(pages[1], evidence_of(pages), 1, given_rules)
        decided = decide(pages[1], evidence_of(pages), 1, given_rules)
        assert list(decided.keeps) == [found.keep for found in whole.blocks]
        assert list(decided.reasons) == [found.reason for found in whole.blocks]
        assert decided.refused == whole.refused


def test_a_corrupt_memory_breaks_nothing() -> None:
    extraction = page(story(1), BOX)
    places = {block.dom_path_key: (Occurrence(9, 0, 0, -5, 0),) for block in extraction.blocks}
    classification = classify(extraction, Evidence(dom_paths=places), 1)
    assert len(classification.blocks) == len(extraction.blocks)


@pytest.mark.parametrize(
    ("kept", "doubted"), [((2.0, 1.0, 0.5), True), ((2.0, 1.0, -0.2), False), ((2.0, 1.0), False)]
)
def test_a_story_told_in_captions_loses_none_of_them(
    kept: tuple[float, ...], doubted: bool
) -> None:
    scores = [*kept, -0.3]
    path = "figure>figcaption>p"
    count = len(scores)
    found = corrected(scores, [0] * count, ["caption"] * count, [path] * count)
    assert (found[-1] > 0) is doubted
    prose = corrected(scores, [0] * count, ["paragraph"] * count, [path] * count)
    assert prose[-1] == -0.3
