"""Recurring texts that are the story's own, and those that are not, in several languages."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.blocks import Block
from pipelines.boilerplate.recurring import form_of, own_texts, unspoken
from tests.factories import make_block, make_key

PATH = "article>div.body>p"
STRONG = {"features": (0.0, 1.0, 0.0, 0.0)}
LINKED = {"features": (0.6, 0.0, 0.0, 0.0)}
IN_A_FORM = {"features": (0.0, 0.0, 1.0, 0.0)}
HEADING = {"kind": "heading", "dom_path": "article>div.body>h3"}


class Page:
    """A page in the making: its blocks, and which of them other pages show."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.repeated: list[bool] = []

    def add(self, text: str, *, again: bool = False, **parts: Any) -> int:
        """The number of the new block."""
        path = str(parts.pop("dom_path", PATH))
        position = len(self.blocks) + int(parts.pop("after_gap", 0))
        values = {"features": (0.0,) * 4, "dom_path": path, "dom_path_key": make_key(path)}
        self.blocks.append(make_block(text, **values | {"position": position} | parts))
        self.repeated.append(again)
        return len(self.blocks) - 1

    def prose(self) -> int:
        """A paragraph that no other page shows."""
        return self.add(f"The council met, and paragraph {len(self.blocks)} says what it decided.")

    @property
    def own(self) -> frozenset[int]:
        return own_texts(self.blocks, self.repeated)


def series(labels: list[str], **parts: Any) -> tuple[Page, set[int]]:
    page, asked = Page(), set()
    page.prose()
    for label in labels:
        asked.add(page.add(label, again=True, **parts))
        page.prose()
    return page, asked


@pytest.mark.parametrize("labels", [
    ["What did you repair first?", "Who taught you to disagree?"],
    ["Was haben Sie zuerst repariert?", "Wer hat Sie überzeugt?"],
    ["Что вы починили первым?", "Кто научил вас спорить?"],
    ["ما أول شيء أصلحته؟", "من علمك أن تخالف؟"],
    ["最初に直した物は？", "誰に教わりましたか？"],
], ids=["en", "de", "ru", "ar", "ja"])  # fmt: skip
@pytest.mark.parametrize("parts", [{}, STRONG, HEADING], ids=["plain", "bold", "heading"])
def test_the_questions_of_a_series_are_its_own(labels: list[str], parts: dict[str, Any]) -> None:
    page, asked = series(labels, **parts)
    assert page.own == asked


@pytest.mark.parametrize("labels", [
    ["Aries", "Taurus", "Gemini"], ["Овен", "Телец", "Близнецы"], ["الحمل", "الثور", "الجوزاء"],
    ["牡羊座", "牡牛座", "双子座"], ["मेष", "वृषभ", "मिथुन"],
], ids=["en", "ru", "ar", "ja", "hi"])  # fmt: skip
def test_labels_without_any_markup_are_when_there_are_three(labels: list[str]) -> None:
    page, signs = series(labels)
    assert page.own == signs
    assert series(labels[:2])[0].own == frozenset()


@pytest.mark.parametrize("label", ["What we know so far", "Что известно", "目前已知的情况"])
@pytest.mark.parametrize("parts", [HEADING, STRONG], ids=["heading", "bold"])
def test_one_heading_that_leads_into_text_is_the_pages_own(
    label: str, parts: dict[str, Any]
) -> None:
    page, found = series([label], **parts)
    assert page.own == found
    assert series([label])[0].own == frozenset()


def test_a_heading_leads_into_a_list_of_its_element_too() -> None:
    page = Page()
    page.prose()
    heading = page.add("Zutaten", again=True, **HEADING)
    page.add("zwei Eier und ein halbes Pfund Mehl", kind="list", dom_path="div.body>ul>li")
    assert page.own == {heading}


@pytest.mark.parametrize("call", [
    "Sign up for our newsletter and never miss a story.",
    "Подпишитесь на нашу рассылку.", "اشترك في نشرتنا الصباحية.", "購読をお願いします。",
    "हमारा न्यूजलेटर पाएं।", "© 2026 Hafenblatt. Alle Rechte vorbehalten.",
])  # fmt: skip
@pytest.mark.parametrize("parts", [{}, STRONG], ids=["plain", "bold"])
def test_sentences_amid_the_body_are_not(call: str, parts: dict[str, Any]) -> None:
    page, _ = series([call, f"2 {call}", f"3 {call}"], **parts)
    assert page.own == frozenset()


@pytest.mark.parametrize("parts", [
    LINKED, IN_A_FORM, {"hint": "promo"}, {"hint": "related"}, {"kept": False},
], ids=["link", "form", "its words", "its names", "removed by the page"])  # fmt: skip
def test_labels_against_which_something_speaks_are_not(parts: dict[str, Any]) -> None:
    page, _ = series(["Mehr dazu", "Weiterlesen", "Newsletter"], **HEADING | parts)
    assert page.own == frozenset()
    assert parts == {"kept": False} or not any(map(unspoken, page.blocks[1::2]))


def test_a_heading_that_leads_into_what_other_pages_show_is_not() -> None:
    page = Page()
    page.prose()
    page.add("Our morning letter", again=True, **HEADING)
    page.add("Get the best of the paper by mail.", again=True)
    page.prose()
    assert page.own == frozenset()


def test_nor_one_behind_which_a_box_was_removed() -> None:
    page = Page()
    page.prose()
    page.add("Read also", again=True, **HEADING)
    page.add("The story goes on after the box of links.", after_gap=3)
    assert page.own == frozenset()


def test_nor_one_in_a_box_of_its_own() -> None:
    page, _ = series(["Read also"], kind="heading", dom_path="div.body>div.box>h3")
    assert page.own == frozenset()


def test_questions_and_answers_may_have_boxes_of_their_own() -> None:
    page, asked = Page(), set()
    page.prose()
    for question in ("من أنت؟", "ماذا تفعل؟"):
        asked.add(page.add(question, again=True, dom_path="div.body>div.question>p"))
        page.add(f"{question} Eine Antwort, die nur hier steht.", dom_path="div.body>div.answer>p")
    assert page.own == asked


def test_a_label_may_lead_into_text_by_another() -> None:
    page, found = Page(), set()
    page.prose()
    for sign, days in (("Овен", "21 марта – 19 апреля"), ("Телец", "20 апреля – 20 мая"),
                       ("Рак", "21 июня – 22 июля")):  # fmt: skip
        found.add(page.add(sign, again=True, **HEADING))
        found.add(page.add(days, again=True))
        page.prose()
    assert page.own == found


def test_a_call_between_one_of_several_labels_and_its_text_changes_nothing() -> None:
    page = Page()
    page.prose()
    first = page.add("Ingredients", again=True, **STRONG)
    page.add("Sign up for our newsletter.", again=True)
    page.prose()
    second = page.add("Method", again=True, **STRONG)
    page.prose()
    assert page.own == {first, second}


@pytest.mark.parametrize("kind", ["list", "table"])
def test_rows_among_rows_of_their_page_stay(kind: str) -> None:
    page = Page()
    page.prose()
    page.add("Eggs from the farm on the hill", kind=kind)
    salt = page.add("Salt", kind=kind, again=True)
    page.add("Flour, ground this autumn", kind=kind)
    assert page.own == {salt}


def test_a_list_that_every_page_shows_is_not() -> None:
    page = Page()
    page.prose()
    for text in ("Mission", "Jobs", "Contact"):
        page.add(text, kind="list", again=True)
    assert page.own == frozenset()


def test_rows_of_numbers_amid_the_text_stay_though_others_have_the_same_names() -> None:
    page = Page()
    page.prose()
    rows = {page.add(f"{name} {n} votes", again=True) for name, n in
            (("Quill", 640), ("Ferrow", 12), ("Quill", 31))}  # fmt: skip
    page.prose()
    assert page.own == rows


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.sampled_from(
    ["Aries", "Who?", "A sentence.", "12 votes"])), max_size=12))  # fmt: skip
def test_only_kept_repeated_texts_are_ever_named(made: list[tuple[bool, bool, str]]) -> None:
    page = Page()
    for again, kept, text in made:
        page.add(text, again=again, kept=kept)
    assert all(page.repeated[i] and page.blocks[i].kept for i in page.own)


@pytest.mark.parametrize(("one", "other"), [
    ("What did you repair first?", "من علمك أن تخالف؟"), ("Aries", "牡羊座"),
    ("The trial continues.", "裁判は続いている。"), ("“Who taught you?”", "Wer war das?"),
])  # fmt: skip
def test_texts_of_one_role_have_one_form(one: str, other: str) -> None:
    page = Page()
    page.add(one)
    page.add(other)
    assert form_of(page.blocks[0]) == form_of(page.blocks[1])


@pytest.mark.parametrize("parts", [
    HEADING, STRONG, LINKED, {"dom_path": "aside>p"}, {"text": "What did you repair first."},
    {"text": "Repairs"},
])  # fmt: skip
def test_a_text_of_another_role_has_another(parts: dict[str, Any]) -> None:
    page = Page()
    page.add("What did you repair first?")
    page.add(**{"text": "Who taught you to disagree?"} | parts)
    assert form_of(page.blocks[0]) != form_of(page.blocks[1])
