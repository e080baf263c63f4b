"""Whether a copy ends early, where a page wants money for the rest."""

from dataclasses import replace

import pytest

from models.blocks import RemovedRun
from models.items import Article
from pipelines.acceptance import refusal
from pipelines.cuts import is_beginning, was_cut
from pipelines.drops import Paywalled
from tests.factories import (
    make_article,
    make_block_classification,
    make_blocks,
    make_classification,
    make_extraction,
    make_known,
    make_metadata,
)
from tests.support.copies import CALL, copy, text_of


@pytest.mark.parametrize(("words", "cut"), [(84, True), (85, False)])
def test_a_copy_of_some_paragraphs_and_a_call_was_cut_if_much_is_missing(
    words: int, cut: bool
) -> None:
    before = text_of(100)
    part = "\n\n".join(before.split("\n\n")[1:9])
    extra = text_of(words - 80, start=500)
    assert was_cut(before, copy(f"{part}\n\n{extra}", CALL)) is cut


# how papers ask for money, and how they go on under a whole article
CALLS = {
    "en": ("Read on with a pass: one pound a week, cancel when you like.", "Tides and timetables"),
    "de": ("Weiter geht es mit dem Monatspass für 1 Euro.", "Gezeiten und Fahrpläne"),
    "pl": ("Dalsza część dostępna z karnetem za złotówkę.", "Pływy i rozkłady"),
    "ru": ("Продолжение доступно по абонементу за рубль.", "Приливы и расписания"),
    "ar": ("بقية النص متاحة مع بطاقة القارئ.", "المد والجزر والمواعيد"),
    "ja": ("続きは会員の方だけにお届けしています。", "潮汐と時刻表"),
    "hi": ("आगे का भाग पाठक पास के साथ मिलेगा।", "ज्वार और समय सारिणी"),
}


@pytest.mark.parametrize("language", CALLS)
@pytest.mark.parametrize("left", [5, 8, 9])
def test_a_copy_that_ends_early_at_something_new_was_cut_whatever_is_left(
    language: str, left: int
) -> None:
    call, foot = CALLS[language]
    whole = text_of(100)
    part = "\n\n".join(whole.split("\n\n")[:left])
    before = copy(whole, foot).extraction
    assert was_cut(whole, copy(part, call, foot), before)
    assert isinstance(
        refusal(replace(copy(part, call, foot), known=make_known(whole)), (), before), (Paywalled)
    )


KEPT_CALLS = (
    "Dieser Artikel ist nur für Abonnenten. Jetzt 4 Wochen gratis testen.",
    "Sie möchten weiterlesen? Jetzt Abo abschließen.",
    "This story is for subscribers only. Subscribe now for £1 a month.",
    "Este artículo es solo para suscriptores. Suscríbete desde 1 euro al mes.",
    "Cet article est réservé aux abonnés. Abonnez-vous à partir de 1 euro par mois.",
)


def parted(new: Article, lines: int) -> Article:
    """The copy, its last lines kept in an element of another kind."""
    blocks = new.extraction.blocks
    apart = [replace(block, dom_path="div.x>div.plus>p") for block in blocks[-lines:]]
    extraction = replace(new.extraction, blocks=(*blocks[:-lines], *apart))
    return replace(new, extraction=extraction)


@pytest.mark.parametrize("call", [*KEPT_CALLS, *(call for call, _ in CALLS.values())])
@pytest.mark.parametrize("left", [1, 5, 8])
def test_a_call_that_was_kept_as_the_last_line_is_no_new_ending(call: str, left: int) -> None:
    whole = text_of(100)
    part = "\n\n".join([*whole.split("\n\n")[:left], call])
    assert was_cut(whole, parted(copy(part), 1), copy(whole).extraction)
    assert was_cut(whole, copy(part), copy(whole).extraction) is (call in KEPT_CALLS)


def test_another_ending_is_an_edit() -> None:
    whole = text_of(100)
    for ending in (
        "The road is open again, the police say.",
        "Дорога снова открыта.",
        "道は再び通れる。",
    ):
        part = "\n\n".join([*whole.split("\n\n")[:6], ending])
        assert not was_cut(whole, copy(part), copy(whole).extraction)
    longer = "\n\n".join([*whole.split("\n\n")[:4], text_of(41, start=500)])
    assert not was_cut(whole, parted(copy(longer), 5), copy(whole).extraction)


@pytest.mark.parametrize("language", CALLS)
def test_a_copy_that_ends_early_and_then_as_the_stored_one_did_is_an_edit(language: str) -> None:
    call, foot = CALLS[language]
    whole = text_of(100)
    part = "\n\n".join(whole.split("\n\n")[:9])
    for behind in ([foot], [call, foot]):  # the call stood under the whole text as well
        before = copy(whole, *behind).extraction
        assert not was_cut(whole, copy(part, *behind), before)
        assert refusal(replace(copy(part, *behind), known=make_known(whole)), (), before) is None


@pytest.mark.parametrize("hint", ["related", "navigation", "comment"])
def test_other_teasers_behind_an_edit_are_no_call(hint: str) -> None:
    whole = text_of(100)
    part = "\n\n".join(whole.split("\n\n")[:9])
    new = copy(part, "East shore loses its last bakery")
    blocks = (*new.extraction.blocks[:-1], replace(new.extraction.blocks[-1], hint=hint))
    new = replace(new, extraction=replace(new.extraction, blocks=blocks))
    assert not was_cut(whole, new, copy(whole, "Three winters in a hut").extraction)


def test_a_call_in_a_run_of_removed_blocks_is_seen_and_figures_are_not() -> None:
    whole = text_of(100)
    part = "\n\n".join(whole.split("\n\n")[:9])
    before = copy(whole, "Read by 31 people").extraction
    assert not was_cut(whole, copy(part, "Read by 4,812 people"), before)
    new = copy(part)
    run = RemovedRun(9, 3, "promo", -4.0, "One euro a month")
    cut = replace(new, extraction=replace(new.extraction, removed=(run,)))
    assert was_cut(whole, cut, before)
    assert not was_cut(whole, cut, replace(before, removed=(run,)))


@pytest.mark.parametrize(
    ("end", "cut"),
    [("w90 w91 w92", True), ("w90 w91 …", True), ("w90 w91...", True), ("w90 w91 w92.", False)],
)
def test_a_copy_that_breaks_off_within_a_sentence_was_cut(end: str, cut: bool) -> None:
    whole = text_of(90) + "\n\nw90 w91 w92. w93 w94 w95."
    new = "\n\n".join([*whole.split("\n\n")[:9], end])
    assert was_cut(whole, copy(new), copy(whole).extraction) is cut


def test_nothing_is_the_beginning_of_itself_and_the_last_paragraphs_are_none() -> None:
    whole = text_of(100)
    assert not is_beginning(whole, whole)
    assert not is_beginning(whole, "\n\n".join(whole.split("\n\n")[1:]))
    assert not is_beginning(whole, "")
    assert is_beginning(whole, "\n\n".join(whole.split("\n\n")[:1]))


@pytest.mark.parametrize(("new_words", "cut"), [(7, True), (8, False)])
def test_a_copy_with_more_than_a_tenth_of_new_words_is_an_edit(new_words: int, cut: bool) -> None:
    before = text_of(100)
    part = "\n\n".join(before.split("\n\n")[1:8])
    assert was_cut(before, copy(f"{part}\n\n{text_of(new_words, start=500)}", CALL)) is cut


@pytest.mark.parametrize(("between", "cut"), [(5, True), (6, False)])
def test_the_call_stands_right_behind_the_text(between: int, cut: bool) -> None:
    behind = [*(f"Other {n}" for n in range(between)), CALL]
    assert was_cut(text_of(100), copy(text_of(50), *behind)) is cut


def test_a_page_that_says_it_is_paywalled_needs_no_call() -> None:
    metadata = make_metadata(paywalled=True)
    assert was_cut(text_of(100), copy(text_of(50), metadata=metadata))
    assert not was_cut(text_of(100), copy(text_of(50)))
    assert not was_cut(text_of(100), replace(copy(text_of(50), CALL), classification=None))


def test_a_copy_of_which_nothing_is_kept_may_begin_with_the_call() -> None:
    nothing = make_article(
        "",
        extraction=make_extraction(blocks=make_blocks([CALL])),
        classification=make_classification([make_block_classification(0)]),
    )
    assert was_cut(text_of(100), nothing)
