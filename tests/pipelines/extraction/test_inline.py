"""Sentences stay whole, whatever stands in them; what is hidden in them moves out."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import HtmlElement

from pipelines.extraction.blocks import outline, walk
from pipelines.extraction.inline import is_hidden, join_sentences
from pipelines.extraction.tree import parse
from pipelines.extraction.vocabulary import TIP


def prepared(html: str) -> HtmlElement:
    tree = parse(html.encode(), "utf-8")
    join_sentences(tree)
    return tree


def pieces(html: str) -> list[str]:
    return [piece.text for piece in outline(prepared(html)).pieces]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Rose by <button>106</button> percent in March.</p>", "Rose by 106 percent in March."),
        ("<p><button type=button>ВВП</button> вырос на 3 %.</p>", "ВВП вырос на 3 %."),
        ("<p>ارتفع <b><button>التضخم</button></b> إلى 3 %.</p>", "ارتفع التضخم إلى 3 %."),
        ("<p>議会は<button>補正予算</button>を可決した。</p>", "議会は補正予算を可決した。"),
        ("<div>परिषद ने <button>बजट</button> को मंज़ूरी दी।</div>", "परिषद ने बजट को मंज़ूरी दी।"),
    ],
)  # fmt: skip
def test_a_term_that_is_a_button_is_a_word_of_its_sentence(html: str, text: str) -> None:
    assert pieces(html) == [text]


@pytest.mark.parametrize(
    "html",
    [
        "<div><p>The council met.</p><button>Full screen</button></div>",
        "<p>The council met on Monday night. <button>Read more</button></p>",
        "<div><p>The council met.</p>Share: <button>Mail</button> <button>Print</button></div>",
        "<h2>More of the council <button>See all</button></h2><p>The council met.</p>",
    ],
)
def test_other_buttons_are_no_text(html: str) -> None:
    labels = ("Full screen", "Read more", "Mail", "Print", "See all")
    assert not any(label in piece for piece in pieces(html) for label in labels)


@pytest.mark.parametrize(
    "html",
    ["<h3><button>Who pays?</button></h3>", "<h3><span><button>Who pays?</button></span></h3>",
     "<dl><dt><button><svg></svg>Who pays?</button></dt></dl>",
     "<button><h3>Who pays?</h3></button>"],
)  # fmt: skip
def test_a_heading_that_is_a_button_stays(html: str) -> None:
    assert pieces(html) == ["Who pays?"]


@pytest.mark.parametrize(
    "tip",
    ["<span hidden>TIP</span>", '<span role="tooltip">TIP</span>',
     '<span style="display: none">TIP</span>', '<em style="VISIBILITY:hidden">TIP</em>',
     '<span aria-hidden="true">TIP</span>'],
)  # fmt: skip
@pytest.mark.parametrize(
    ("before", "after"),
    [("Engineers measured ", " centimetres there."), ("Инженеры измерили ", " сантиметров."),
     ("技師は", "センチを測った。")],
)  # fmt: skip
def test_a_hidden_tip_leaves_its_sentence_and_is_kept_apart(
    before: str, after: str, tip: str
) -> None:
    html = f"<p>{before}<button aria-expanded=false>318</button>{tip}{after}</p><p>Next.</p>"
    page, _ = walk(prepared(html))
    assert [piece.text for piece in page.pieces] == [f"{before}318{after}", "TIP", "Next."]
    masks = [page.containers[piece.container].mask & TIP for piece in page.pieces]
    assert masks == [0, TIP, 0]


def test_what_is_only_folded_at_the_end_of_a_paragraph_stays_in_it() -> None:
    html = (
        "<p>The first part. <span class=dots></span><span style='display:none'>The rest.</span></p>"
    )
    assert pieces(html) == ["The first part. The rest."]


@pytest.mark.parametrize(
    ("html", "texts"),
    [
        ("<p>Sales for the <x-term>library</x-term> rose.</p>", ["Sales for the library rose."]),
        ("<div>El <gloss>pleno</gloss> aprobó.</div>", ["El pleno aprobó."]),
        ("<p>市は<amp-x>予算</amp-x>を<y-y>可決</y-y>した。</p>", ["市は予算を可決した。"]),
        ("<h2><x-kicker>Fähre</x-kicker> <x-head>fährt</x-head></h2>", ["Fähre fährt"]),
        ("<p><x-a><x-b>قال</x-b></x-a> المجلس.</p>", ["قال المجلس."]),
        ("<x-body><x-par>One.</x-par><x-par>Two.</x-par></x-body>", ["One.", "Two."]),
        ("<div>Lead <x-card><p>1.</p><p>2.</p></x-card> tail</div>", ["Lead", "1.", "2.", "tail"]),
        ("<p>the same plan <wbr>was au<wbr>dited</p><p>b</p>", ["the same plan was audited", "b"]),
        ("<p>a <nobr>b</nobr> <bdi>c</bdi> <u>d</u> <ins>e</ins></p>", ["a b c d e"]),
    ],
)  # fmt: skip
def test_unknown_elements_are_inline_in_a_sentence_and_blocks_elsewhere(
    html: str, texts: list[str]
) -> None:
    assert pieces(html) == texts


def test_hidden_is_what_its_own_attributes_hide() -> None:
    tree = parse(b"<p><b hidden>a</b><b style='color:red'>b</b><b class=hidden>c</b></p>", None)
    assert [is_hidden(element) for element in tree.iter("b")] == [True, False, False]


@pytest.mark.parametrize(
    "html",
    [
        "<x-a>" * 20_000 + "text",
        "<p>text " + "<x-a>b</x-a> and " * 20_000,
        "<p>some words of text <button>b</button>" * 1 + "<button>c</button> and more " * 10_000,
        "<p>text " + "<button>b</button><span hidden>c</span> and " * 10_000,
        "<div>" * 1_000 + "<button>b</button>" * 10_000,
    ],
)
def test_time_grows_with_the_page_alone(html: str) -> None:
    tree = parse(html.encode(), None)
    start = time.process_time()
    join_sentences(tree)
    assert time.process_time() - start < 5


_PARTS = st.sampled_from(
    [
        "one ",
        "two ",
        "<b>three</b> ",
        "<x-y>four</x-y> ",
        "<wbr>",
        "<u>five</u> ",
        "<nobr>six</nobr> ",
    ]
)


@given(st.lists(_PARTS, min_size=1, max_size=12))
def test_inline_elements_never_part_a_paragraph(parts: list[str]) -> None:
    words = ["one", "two", "three", "four", "five", "six"]
    expected = [word for part in parts for word in words if word in part]
    assert pieces(f"<p>start {''.join(parts)} end.</p>") == [" ".join(["start", *expected, "end."])]
