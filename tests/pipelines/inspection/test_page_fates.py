"""The stored blocks and decisions of a page, laid over what its archived copy shows."""

from dataclasses import replace

import pytest

from models.articles.classifications import summary
from models.blocks import Block, RemovedRun
from models.evidence import Evidence
from models.items import Extraction, Hint
from pipelines.boilerplate.classify import classify
from pipelines.inspection.page_fates import Decision, TextFate, page_fates
from pipelines.inspection.page_texts import PageText, page_texts
from tests.factories import NOW, make_blocks, make_extraction
from tests.support.template_site import read, story, taught_by

SAID = ["Home", "News", "Harbour frozen", "It froze.", "It thawed.", "Share this", "Imprint"]
SHOWN = [PageText(text, number) for number, text in enumerate(SAID)]


def blocks(**positions: str) -> tuple[Block, ...]:
    """Blocks of these texts, by position: `_3="It froze."`."""
    made = make_blocks(list(positions.values()))
    return tuple(
        replace(block, position=int(name[1:])) for block, name in zip(made, positions, strict=True)
    )


STORED = make_extraction(
    blocks=blocks(_2="Harbour frozen", _3="It froze.", _4="It thawed.", _5="Share this"),
    removed=(
        RemovedRun(0, 2, "navigation", -6.0, "Home"),
        RemovedRun(6, 1, "navigation", -6.0, "Imprint"),
    ),
)
DECIDED = [
    Decision(0, "removed", "navigation", {"blocks": 2, "score": -6.0}),
    Decision(2, "removed", "headline", {"blocks": 1, "score": 1.0}),
    Decision(4, "restored", "", {"blocks": 1, "pages": 3}),
    Decision(5, "removed", "promo", {"blocks": 2, "score": -1.0}),
]


def told(fates: list[TextFate]) -> list[tuple[str, str, str]]:
    return [(one.text, one.fate, one.reason) for one in fates]


def found(
    extraction: Extraction = STORED,
    decisions: list[Decision] | None = None,
    texts: list[PageText] | None = None,
) -> list[TextFate]:
    return page_fates(
        extraction, DECIDED if decisions is None else decisions, SHOWN if texts is None else texts
    )


WHOLE = [
    ("Home", "removed", "navigation"),
    ("News", "removed", "navigation"),
    ("Harbour frozen", "removed", "headline"),
    ("It froze.", "kept", ""),
    ("It thawed.", "restored", ""),
    ("Share this", "removed", "promo"),
    ("Imprint", "removed", "promo"),
]


def test_every_text_has_the_fate_of_its_run() -> None:
    fates = found()
    assert told(fates) == WHOLE
    assert [one.number for one in fates] == [one.element for one in fates] == list(range(7))
    assert fates[4].evidence == {"blocks": 1, "pages": 3}


def test_the_evidence_of_a_run_is_that_of_its_first_text() -> None:
    fates = found()
    assert fates[5].evidence == {"blocks": 2, "score": -1.0}
    assert fates[6].evidence == {"score": -6.0}


def test_a_run_ends_where_its_texts_are_counted_up() -> None:
    stored = make_extraction(
        blocks=blocks(_3="It froze.", _4="It thawed."),
        removed=(RemovedRun(0, 3, "navigation", -6.0, "Home"),),
    )
    texts = [PageText(text, n) for n, text in enumerate(["Home", "News", "Sport", *SAID[3:5]])]
    decided = [Decision(0, "removed", "navigation", {"blocks": 3})]
    assert [one.fate for one in found(stored, decided, texts)] == ["removed"] * 3 + ["kept"] * 2


def test_without_the_page_a_removed_run_is_one_text() -> None:
    fates = found(texts=[])
    assert told(fates) == [one for one in WHOLE if one[0] != "News"]
    assert {one.element for one in fates} == {None}


def test_a_box_that_was_skipped_covers_all_that_is_in_it() -> None:
    """A page read off its template counts a box that was not entered as one."""
    stored = replace(
        STORED,
        blocks=blocks(_1="Harbour frozen", _2="It froze.", _3="It thawed."),
        removed=(
            RemovedRun(0, 1, "navigation", -6.0, "Home"),
            RemovedRun(4, 1, "promo", -6.0, "Share this"),
        ),
    )
    decided = [
        Decision(0, "removed", "navigation", {"blocks": 1}),
        Decision(1, "removed", "headline", {"blocks": 1}),
        Decision(3, "restored", "", {"blocks": 1}),
        Decision(4, "removed", "promo", {"blocks": 1}),
    ]
    fates = found(stored, decided)
    assert told(fates) == WHOLE
    assert [one.position for one in fates] == [0, 0, 1, 2, 3, 4, 4]


def test_what_the_page_shows_and_nothing_stored_has_is_unread() -> None:
    texts = [*SHOWN[:4], PageText("A new line", 9), *SHOWN[4:]]
    fates = found(texts=texts)
    assert told(fates)[4] == ("A new line", "unread", "")
    assert told(fates[:4] + fates[5:]) == WHOLE
    assert fates[4].element == 9 and fates[4].position is None


def test_the_text_of_further_pages_has_no_element_here() -> None:
    more = replace(STORED.blocks[1], position=9, text="On the next page.")
    fates = found(replace(STORED, blocks=(*STORED.blocks, more)))
    assert told(fates) == [*WHOLE, ("On the next page.", "kept", "")]
    assert fates[-1].element is None


def test_a_text_that_a_rule_keeps_says_so() -> None:
    kept = replace(STORED.blocks[1], hint="rule-keep")
    fates = found(replace(STORED, blocks=(STORED.blocks[0], kept, *STORED.blocks[2:])))
    assert (fates[3].fate, fates[3].reason, fates[3].ruled) == ("kept", "rule", True)
    assert [one.tint for one in fates[2:5]] == ["removed", "rule-kept", "restored"]
    assert fates[3].is_kept and not fates[2].is_kept and fates[4].is_kept


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_page_read_off_its_template_has_a_place_for_every_text(language: str) -> None:
    """Its positions are not those of a search, and whole boxes count as one."""
    templates = taught_by(language)
    for number in range(50, 60):
        page = story(number, language)
        found = read(page, templates)
        assert found.searched is None, "it is read off"
        classified = classify(found.extraction, Evidence(), 1)
        decisions = [
            Decision(row["position"], row["action"], row["reason"], row["evidence"])
            for row in summary(found.extraction, classified.blocks)
        ]
        texts = page_texts(page.html, "utf-8", page.url, Hint(), NOW).texts
        fates = page_fates(found.extraction, decisions, texts)
        assert [one.text for one in fates if one.is_kept] == list(page.paragraphs)
        assert [one.text for one in fates] == [one.text for one in texts]
        assert all(one.element is not None and one.fate != "unread" for one in fates)
