import random
from dataclasses import replace

import pytest

from benchmarks.sibling_changes import CHANGES
from benchmarks.sibling_drafts import Draft
from benchmarks.sibling_model import model_of
from benchmarks.sibling_pages import draft
from benchmarks.sibling_plans import call_of, paywall_of, plans
from benchmarks.sibling_pool import Lender
from tests.benchmarks.pages import DONORS, SAMPLE


@pytest.fixture
def page() -> Draft:
    model = model_of(SAMPLE)
    (plan,) = plans(model, Lender(DONORS, random.Random(3)), 1)
    return draft(model, replace(plan, kind="ordinary", paragraphs=DONORS[0].paragraphs[:6]), "en")


def test_renamed_containers_have_no_name_of_before(page: Draft) -> None:
    CHANGES["renamed"](page)
    names = {element.get("class") for element in page.body.iterancestors("div", "article", "main")}
    assert not names & {"page", "story", "text"}
    assert page.body.get("class") not in {None, "text"}
    assert page.root.find(".//aside").get("class") == "more"


def test_a_moved_story_is_in_the_sidebar(page: Draft) -> None:
    CHANGES["moved"](page)
    assert page.body.getparent().tag == "aside"
    assert all(page.body in told.element.iterancestors() for told in page.paragraphs)


def test_a_swapped_container_has_other_stories(page: Draft) -> None:
    CHANGES["swapped"](page)
    former = page.root.find(".//div[@class='text']").text_content()
    assert all(title in former and said in former for title, said in page.plan.others)
    assert not any(told.text in former for told in page.paragraphs)
    assert all(page.body in told.element.iterancestors() for told in page.paragraphs)


def test_a_call_stands_amid_the_story(page: Draft) -> None:
    CHANGES["call"](page)
    lines = [element.text_content() for element in page.body.iter("p")]
    assert 0 < lines.index(call_of("en")) < len(lines) - 1
    assert call_of("en") not in [told.text for told in page.told]


def test_wrapped_paragraphs_are_each_in_an_element_of_their_own(page: Draft) -> None:
    CHANGES["wrapped"](page)
    around = [told.element.getparent() for told in page.paragraphs]
    assert {element.get("class") for element in around} == {"text-block"}
    assert len(set(around)) == 6


def test_a_cut_story_ends_after_its_first_paragraph(page: Draft) -> None:
    CHANGES["cut"](page)
    lines = [element.text_content() for element in page.body.iter("p")]
    assert lines == [DONORS[0].paragraphs[0], paywall_of("en")]
    assert [told.text for told in page.paragraphs] == lines[:1]


def test_a_list_of_names_stands_behind_the_first_paragraph(page: Draft) -> None:
    CHANGES["listed"](page)
    first, made = page.paragraphs[0].element, page.body.find(".//ul[@class='results']")
    assert made.getprevious() is first
    items = [told.text for told in page.told if told.unit is made]
    assert items == [item.text for item in made]
    assert len(set(items)) == 12


def test_a_standfirst_stands_behind_the_headline(page: Draft) -> None:
    said = page.paragraphs[0].text
    CHANGES["headed"](page)
    (made,) = page.root.findall(".//p[@class='standfirst']")
    assert (made.text, made.getprevious().tag) == (said, "h1")
    assert made not in page.body.iter()
    assert [told.text for told in page.told].count(said) == 1
