from dataclasses import replace

import pytest

from benchmarks.sibling_model import Unfit, model_of
from tests.benchmarks.pages import LINES, SAMPLE


def test_the_story_s_places_are_found() -> None:
    model = model_of(SAMPLE)
    nodes = list(model.root.iter())
    assert nodes[model.body].get("class") == "text"
    kinds = [(slot.kind, slot.inside, slot.true) for slot in model.slots]
    paragraph = ("paragraph", True, True)
    heading = ("heading", True, True)
    assert kinds == [
        ("title", False, False), paragraph, paragraph, heading, paragraph, paragraph,
    ]  # fmt: skip
    assert nodes[model.slots[4].element].tag == "p"
    assert nodes[model.slots[4].unit].get("class") == "wrap"


def test_teasers_and_captions_are_found() -> None:
    model = model_of(SAMPLE)
    nodes = list(model.root.iter())
    assert [nodes[number].tag for number, is_title in model.teasers if is_title] == ["li", "li"]
    assert [nodes[number].tag for number in model.captions] == ["figcaption"]


def test_scripts_that_hold_the_story_go() -> None:
    scripts = ["".join(script.itertext()) for script in model_of(SAMPLE).root.iter("script")]
    assert len(scripts) == 1
    assert "NewsArticle" in scripts[0]


def test_a_page_without_its_truth_is_no_model() -> None:
    with pytest.raises(Unfit, match="do not give the truth"):
        model_of(
            replace(SAMPLE, text="\n".join([*LINES, "Something that the page does not say"] * 3))
        )


def test_a_page_whose_text_is_in_one_element_is_no_model() -> None:
    body = f"<html><body><div>{'<br><br>'.join(LINES)}</div></body></html>"
    with pytest.raises(Unfit, match="no paragraphs of their own"):
        model_of(replace(SAMPLE, text="\n".join(LINES), body=body.encode()))
