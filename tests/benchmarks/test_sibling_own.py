import random
from dataclasses import replace

import pytest

from benchmarks.sibling_drafts import Draft
from benchmarks.sibling_model import model_of
from benchmarks.sibling_own import add_own
from benchmarks.sibling_pages import draft
from benchmarks.sibling_plans import plans
from benchmarks.sibling_pool import Lender
from tests.benchmarks.pages import DONORS, SAMPLE


def _page(kind: str, seed: int) -> Draft:
    model = model_of(SAMPLE)
    (plan,) = plans(model, Lender(DONORS, random.Random(3)), 1)
    lines = DONORS[1].paragraphs[:8]
    page = draft(model, replace(plan, kind="ordinary", items=lines), "en")
    page.plan = replace(page.plan, kind=kind)
    add_own(page, random.Random(seed))
    return page


@pytest.mark.parametrize("seed", range(4))
def test_a_story_s_own_list_or_table_stands_between_its_paragraphs(seed: int) -> None:
    page = _page("list", seed)
    (made,) = {told.unit for told in page.told if told.kind in {"item", "table"}}
    assert made.tag in {"ul", "table"}
    assert made.getparent() is page.body
    told = [line for one in page.told if one.kind in {"item", "table"} for line in [one.text]]
    assert "".join("".join(told).split()) == "".join(made.text_content().split())


def test_every_other_line_of_an_interview_is_bold() -> None:
    page = _page("interview", 1)
    bold = [bool(told.element.findall("strong")) for told in page.paragraphs]
    assert bold == [n % 2 == 0 for n in range(len(bold))]


@pytest.mark.parametrize("seed", range(4))
def test_a_box_is_none_of_what_is_told(seed: int) -> None:
    page = _page("box", seed)
    before = [told.text for told in page.told]
    text = page.body.text_content()
    assert "Related stories:" in text or "Newsletter" in text
    assert not any("Newsletter" in line or "Related" in line for line in before)
