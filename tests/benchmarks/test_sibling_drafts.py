import random

import lxml.html
import pytest

from benchmarks.sibling_drafts import Told, between, copies, holds, set_text


def test_a_text_is_put_where_the_old_one_was() -> None:
    element = lxml.html.fragment_fromstring("<p><span><b>Old <i>text</i></b></span></p>")
    set_text(element, "New text", None)
    assert lxml.html.tostring(element) == b"<p><span><b>New text</b></span></p>"


def test_a_link_stays_a_link_amid_the_new_text() -> None:
    element = lxml.html.fragment_fromstring("<p>Old <a class='x' href='/'>text</a> here</p>")
    text = "One two three four five six seven eight nine ten eleven twelve"
    made = set()
    for seed in range(12):
        set_text(element, text, random.Random(seed))
        assert element.text_content() == text
        made.add(len(element))
        if not len(element):
            element.append(lxml.html.Element("a", {"class": "x"}))
    assert made == {0, 1}


def test_copies_stand_behind_in_order() -> None:
    root = lxml.html.fragment_fromstring("<div><div><p>a</p></div><hr></div>")
    told = Told("paragraph", root[0][0], root[0], "a", True)
    for number, (_, element) in enumerate(copies(told, 2)):
        set_text(element, str(number), None)
    expected = b"<div><div><p>a</p></div><div><p>0</p></div><div><p>1</p></div><hr></div>"
    assert lxml.html.tostring(root) == expected
    assert holds(root[0], [told])
    assert not holds(root[1], [told])


def test_a_unit_that_holds_no_such_element_is_a_mistake() -> None:
    root = lxml.html.fragment_fromstring("<div><p>a</p><p>b</p></div>")
    with pytest.raises(ValueError, match="does not hold"):
        list(between(root[0], root[1]))
