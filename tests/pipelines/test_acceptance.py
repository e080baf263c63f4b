"""Whether a copy may replace what is stored of its page: a decision on values."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from models.items import (
    Article,
    CaptureRef,
    KnownPage,
    Refresh,
    SameText,
    Signs,
    Sketch,
    WarcLocation,
)
from pipelines.acceptance import refusal, worse_than
from pipelines.drops import Blocked, Paywalled, Repeated, Worse
from tests.factories import (
    NOW,
    make_classification,
    make_extraction,
    make_known,
    make_metadata,
    make_page,
)
from tests.support.copies import CALL, copy, text_of


def decide(stored: KnownPage | None, new: Article, others: Sequence[SameText] = ()) -> Any:
    """What acceptance says of a copy of a page of which this is stored."""
    return refusal(replace(new, known=stored), others)


@pytest.mark.parametrize(
    ("before", "after", "worse"),
    [(100, 40, False), (100, 39, True), (60, 23, True), (60, 24, False), (59, 0, False)],
)
def test_a_text_cut_below_two_fifths_is_worse(before: int, after: int, worse: bool) -> None:
    said = worse_than(text_of(before), text_of(after))
    assert (said is not None) is worse
    if worse:
        assert said == f"{after} words, where the stored copy has {before}; --accept takes it"
        assert isinstance(decide(make_known(text_of(before)), copy(text_of(after))), Worse)


def test_a_copy_is_compared_with_what_the_stored_one_says_today() -> None:
    today = Refresh(
        "Harbour frozen", text_of(60), "", make_extraction(), make_classification(),
        Sketch(None, 60, ()), reread=False,
    )  # fmt: skip
    assert isinstance(decide(make_known(text_of(100)), copy(text_of(30))), Worse)
    assert decide(make_known(text_of(100)), copy(text_of(30), refresh=today)) is None
    assert isinstance(decide(make_known(text_of(10)), copy(text_of(23), refresh=today)), Worse)


def test_a_cut_copy_is_refused_unless_it_came_from_the_archive() -> None:
    before, cut = text_of(100), copy(text_of(50), CALL)
    found = decide(make_known(before), cut)
    assert isinstance(found, Paywalled)
    assert "50 words, where the stored copy has 100" in found.reason
    ref = CaptureRef(1, 1, 1, "u", 200, NOW, WarcLocation("f", 0, 1), b"", 1)
    archived = replace(cut, page=make_page(archived=ref))
    assert decide(make_known(before), archived) is None
    assert decide(None, cut) is None


@pytest.mark.parametrize(("titles", "blocked"), [("AB", False), ("ABB", False), ("ABC", True)])
def test_one_text_under_three_other_titles_is_a_wall(titles: str, blocked: bool) -> None:
    others = [SameText(f"https://example.test/{n}", title) for n, title in enumerate(titles)]
    found = decide(None, copy(text_of(50)), others)
    assert isinstance(found, Blocked) is blocked
    assert not blocked or "under 3 other titles of the site" in str(found)
    own = [SameText("https://example.test/9", "Harbour frozen")]
    named = copy(text_of(50), signs=Signs(unlike=False))
    assert isinstance(decide(None, named, [*others, *own]), Blocked) is blocked


@pytest.mark.parametrize(
    ("signs", "pages", "blocked"),
    [
        (Signs(unlike=True), 1, True),
        (Signs(unlike=True), 0, False),
        (Signs(story=False), 1, False),
        (Signs(story=False), 2, True),
        (Signs(), 2, False),
        (Signs(), 3, True),
        (Signs(unlike=False), 9, False),
    ],
)
def test_one_text_under_other_addresses_is_no_article(
    signs: Signs, pages: int, blocked: bool
) -> None:
    others = [SameText(f"https://example.test/nn-{n}", "Harbour frozen") for n in range(pages)]
    found = decide(None, copy(text_of(50), signs=signs), others)
    assert isinstance(found, Repeated) is blocked
    assert not blocked or f"under {pages} other addresses" in str(found)


@pytest.mark.parametrize(
    ("ours", "theirs", "blocked"), [(None, NOW, True), (NOW, None, True), (NOW, NOW, True),
                                    (NOW, NOW - timedelta(days=7), False)],
)  # fmt: skip
def test_a_text_near_others_is_no_article_but_where_each_has_its_own_day(
    ours: datetime | None, theirs: datetime | None, blocked: bool
) -> None:
    others = [
        SameText(f"https://example.test/nn-{n}", "Harbour frozen", near=True, published_at=theirs)
        for n in range(3)
    ]
    sources = {"published_at": "meta"} if ours else {}
    new = copy(text_of(50), metadata=make_metadata(published_at=ours, sources=sources))
    found = decide(None, new, others)
    assert (isinstance(found, Repeated) and found.near) is blocked
    assert not blocked or "nearly the same text stands under 3 other addresses" in str(found)
    guessed = make_metadata(published_at=ours, sources={"published_at": "url"})
    assert isinstance(decide(None, copy(text_of(50), metadata=guessed), others), Repeated)


def test_addresses_of_one_page_and_the_canonical_one_are_no_others() -> None:
    same = [
        SameText(f"https://example.test/{path}", "Harbour frozen")
        for path in ("1?print=1", "1/amp", "1?utm_source=x")
    ]
    assert decide(None, copy(text_of(50), signs=Signs(unlike=True)), same) is None
    metadata = make_metadata(canonical_url="https://example.test/main")
    named = copy(text_of(50), signs=Signs(unlike=True), metadata=metadata)
    assert decide(None, named, [SameText("https://example.test/main", "Harbour frozen")]) is None


def test_a_text_that_was_refused_before_is_refused_at_one_other_address() -> None:
    other = SameText("https://example.test/nn", "Harbour frozen", refused=True)
    assert isinstance(decide(None, copy(text_of(50)), [other]), Repeated)
    assert decide(None, copy(text_of(50), signs=Signs(unlike=False)), [other]) is None


def test_a_refused_article_protects_nothing_against_a_shorter_text() -> None:
    refused = make_known(text_of(100), refused_at=NOW)
    assert decide(refused, copy(text_of(30))) is None
    assert decide(refused, copy(text_of(50), CALL)) is None
    assert isinstance(decide(make_known(text_of(100)), copy(text_of(30))), Worse)


def test_another_text_altogether_that_another_page_has_is_a_wall() -> None:
    others = [SameText("https://example.test/9", "Other")]
    found = decide(make_known(text_of(100)), copy(text_of(100, start=500)), others)
    assert isinstance(found, Blocked)
    assert "which https://example.test/9 has too" in found.reason
    assert decide(make_known(text_of(100)), copy(text_of(100, start=500))) is None
    assert decide(make_known(text_of(100)), copy(text_of(100)), others) is None
    assert decide(None, copy(text_of(100)), others) is None
