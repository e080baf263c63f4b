import random
from dataclasses import replace

import pytest

from benchmarks.score import f1
from benchmarks.sibling_changes import CHANGES
from benchmarks.sibling_model import Model, model_of
from benchmarks.sibling_pages import draft, sibling
from benchmarks.sibling_plans import KINDS, Plan, plans
from benchmarks.sibling_pool import Lender
from benchmarks.sibling_sites import share_of
from models.items import Hint
from models.text import one_line
from pipelines.extraction.tree import parse
from pipelines.metadata.page_metadata import read_page_metadata
from tests.benchmarks.pages import DONORS, LINES, SAMPLE


@pytest.fixture(scope="module")
def model() -> Model:
    return model_of(SAMPLE)


def _plan(model: Model, kind: str, count: int = 6) -> Plan:
    (plan,) = plans(model, Lender(DONORS, random.Random(3)), 1)
    told = DONORS[0].paragraphs[:count]
    return replace(plan, kind=kind, paragraphs=told, items=plan.paragraphs or DONORS[1].paragraphs)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("count", [1, 2, 4, 9])
def test_a_page_says_what_was_planned(model: Model, kind: str, count: int) -> None:
    plan = _plan(model, kind, count)
    page = sibling(draft(model, plan, "en"), model)
    assert [line for line in page.text.split("\n") if line in plan.paragraphs] == list(
        plan.paragraphs
    )
    assert share_of(page) == pytest.approx(1, abs=0.01)
    text = one_line(parse(page.body, None).text_content())
    assert not any(line in text for line in LINES)
    assert "Harbour counts" not in text


def test_a_page_has_its_own_metadata(model: Model) -> None:
    plan = _plan(model, "ordinary")
    page = sibling(draft(model, plan, "en"), model)
    found = read_page_metadata(parse(page.body, None), page.url, Hint()).metadata
    assert (found.title, found.authors) == (plan.title, (plan.author,))
    assert found.published_at is not None
    assert f"{found.published_at:%d %H:%M}" == f"{plan.day:02} {plan.clock}"
    assert page.url == plan.url != SAMPLE.url


def test_a_box_is_on_the_page_and_not_in_its_truth(model: Model) -> None:
    plain = sibling(draft(model, _plan(model, "ordinary"), "en"), model)
    boxed = sibling(draft(model, _plan(model, "box"), "en"), model)
    assert plain.text == boxed.text
    assert len(boxed.body) > len(plain.body)


def test_a_list_of_the_story_is_part_of_the_truth(model: Model) -> None:
    page = draft(model, _plan(model, "list"), "en")
    assert {told.kind for told in page.told if told.true} >= {"paragraph"}
    assert any(told.kind in {"item", "table"} for told in page.told)


def test_a_page_leaves_its_model_as_it_was(model: Model) -> None:
    before = model.root.text_content()
    draft(model, _plan(model, "ordinary"), "en")
    assert model.root.text_content() == before


@pytest.mark.parametrize("how", CHANGES)
def test_a_change_keeps_what_the_story_says(model: Model, how: str) -> None:
    plan = _plan(model, "ordinary")
    page, other = draft(model, plan, "en"), draft(model, plan, "en")
    CHANGES[how](other)
    before, after = sibling(page, model), sibling(other, model)
    assert before.body != after.body
    assert share_of(after) == pytest.approx(1, abs=0.05)  # made-up stories are alike
    assert (f1(after.text, before.text) == 1) == (how not in {"cut", "listed"})
