"""Accordions made of buttons: their questions and answers are read."""

import time

import pytest
from lxml.html import HtmlElement

from pipelines.extraction.blocks import Outline, outline
from pipelines.extraction.folded import unfold
from pipelines.extraction.kinds import kind
from pipelines.extraction.tree import parse, strip_unread
from pipelines.extraction.vocabulary import HIDDEN

ANSWERS = (
    "The county pays for the new line until the end of next year.",
    "The first buses leave the harbour at six on Monday morning.",
)


def unfolded(html: str) -> HtmlElement:
    tree = parse(html.encode(), "utf-8")
    unfold(tree)
    strip_unread(tree)
    return tree


def read(html: str) -> tuple[Outline, list[str]]:
    page = outline(unfolded(html))
    return page, [piece.text for piece in page.pieces]


@pytest.mark.parametrize(
    "item",
    [
        "<div class=i><h3><button>{q}</button></h3><div style='display: none' aria-hidden=true>"
        "<p>{a}</p></div></div>",
        "<div class=i><button aria-expanded=false>{q}</button><div hidden><p>{a}</p></div></div>",
        "<button class=accordion>{q}</button><div style='display:none'><p>{a}</p></div>",
        "<div class=i><div class=h><button>{q}</button></div><section hidden>{a}</section></div>",
    ],
)
@pytest.mark.parametrize(
    ("questions", "answers"),
    [
        (("Who pays for it?", "When do they run?"), ANSWERS),
        (("Кто платит?", "Когда пойдут автобусы?"),
         ("Округ платит за новую линию до конца будущего года.",
          "Первые автобусы отходят от гавани в шесть утра в понедельник.")),
        (("誰が払うのか", "いつ走るのか"),
         ("来年の末まで郡が費用を払う。", "最初のバスは月曜の朝六時に港を出る。")),
        (("من يدفع؟", "متى تسير الحافلات؟"),
         ("تدفع المقاطعة تكاليف الخط الجديد حتى نهاية العام القادم.",
          "تغادر الحافلات الأولى الميناء في السادسة صباح يوم الاثنين.")),
    ],
)  # fmt: skip
def test_questions_and_answers_are_read_and_are_not_hidden(
    item: str, questions: tuple[str, ...], answers: tuple[str, ...]
) -> None:
    items = "".join(item.format(q=q, a=a) for q, a in zip(questions, answers, strict=True))
    page, texts = read(f"<article>{items}</article>")
    assert texts == [text for pair in zip(questions, answers, strict=True) for text in pair]
    assert not any(page.containers[piece.container].mask & HIDDEN for piece in page.pieces)
    kinds = [kind(page.containers, piece.container) for piece in page.pieces]
    assert kinds[0] == kinds[2] == "heading"


@pytest.mark.parametrize(
    "html",
    [
        f"<button>Menu</button><div hidden>{ANSWERS[0]}</div>",  # one alone
        "".join(f"<button>Full screen</button><div>{a}</div>" for a in ANSWERS),  # the same title
        "<button>News</button><ul><li><a href=/>A long list of links</a></ul>"
        "<button>Sport</button><ul><li><a href=/>Another long list of many links</a></ul>",
    ],
)
def test_other_buttons_before_other_things_stay_buttons(html: str) -> None:
    tree = parse(html.encode(), None)
    count = sum(1 for _ in tree.iter("button"))
    unfold(tree)
    assert sum(1 for _ in tree.iter("button")) == count


@pytest.mark.parametrize("question", ["Who pays?", "من يدفع؟", "誰が払うのか"])
def test_a_single_heading_that_says_that_it_unfolds_something_is_enough(question: str) -> None:
    item = "<h3><button{}>{}</button></h3><div hidden><p>{}</p></div>"
    page, texts = read(item.format(" aria-expanded=false", question, ANSWERS[0]))
    assert texts == [question, ANSWERS[0]]
    assert not any(box.mask & HIDDEN for box in page.containers)
    page, _ = read(item.format("", question, ANSWERS[0]))
    assert any(box.mask & HIDDEN for box in page.containers)


def test_what_is_folded_outside_of_an_accordion_stays_hidden() -> None:
    page, _ = read(f"<button>Terms</button><div hidden><p>{ANSWERS[0]}</p></div>")
    assert all(page.containers[piece.container].mask & HIDDEN for piece in page.pieces)


@pytest.mark.parametrize(
    "html",
    ["<div><button>a</button>" * 1_500 + "text " * 20, "<button>b</button><div>c d</div>" * 20_000,
     "<h2>" + "<button>b</button>" * 20_000 + "</h2><p>one two three four five six seven 8</p>"],
)  # fmt: skip
def test_time_grows_with_the_page_alone(html: str) -> None:
    tree = parse(html.encode(), None)
    start = time.process_time()
    unfold(tree)
    assert time.process_time() - start < 5
