"""Which pieces an element holds, and how much prose stands before each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import fromstring

from pipelines.extraction.blocks import Outline, outline
from pipelines.extraction.spans import above, apart, sentence_ends, size, spans, text_words


def read(body: str) -> Outline:
    return outline(fromstring(f"<html><body>{body}</body></html>"))


def test_an_element_spans_all_inside() -> None:
    page = read("<p>One.</p><div><p>Two two.</p><div><p>Three</p></div></div><hr>")
    found = spans(page)
    div = [container.tag for container in page.containers].index("div")
    assert (found.starts[0], found.stops[0]) == (0, 3)
    assert (found.starts[div], found.stops[div]) == (1, 3)
    assert found.prose == [0, 1, 3, 3]
    assert (found.inside(0), found.inside(div), found.told(1, 3)) == (3, 2, 2)
    assert found.inside(len(page.containers) - 1) == 0  # the rule is empty
    assert above(page, div) == [div, 0]


def test_links_are_no_prose() -> None:
    assert spans(read("<p><a href='/x'>Read all of it.</a></p>")).prose == [0, 0]


def test_sentences_end_in_many_scripts() -> None:
    texts = ("So it is.", "Ist es so?“", "そうだ。", "ऐसा है।", "هل هو؟", "Menu", "12 May 2026")
    page = read("".join(f"<p>{text}</p>" for text in texts))
    assert sentence_ends(page.pieces) == [True, True, True, True, True, False, False]


@pytest.mark.parametrize(
    ("text", "words"),
    [("One two three.", 3), ("रात की नाव जून में", 5), ("夜行フェリーは六月に再び運航する。", 8),
     ("老水夫 昨日14:20", 2), ("Donaudampfschifffahrtsgesellschaft", 1), ("العبارة الليلية", 2)],
)  # fmt: skip
def test_words_are_of_like_length_in_all_scripts(text: str, words: int) -> None:
    assert size(read(f"<p>{text}</p>").pieces[0]) == words


def test_rows_are_siblings_of_one_tag_with_two_pieces_or_more() -> None:
    rows = "<div><b>a</b><p>b</p></div>" * 3
    found = spans(read(f"<section>{rows}</section>")).rows
    assert [ranges for _, ranges in found] == [[(0, 2), (2, 4), (4, 6)]]
    assert spans(read(f"<section>{rows}{'<div>c</div>' * 4}</section>")).rows == []
    assert spans(read("<div><p>a</p><p>b</p></div>")).rows == []


_NESTED = st.recursive(
    st.sampled_from(["<p>One two three.</p>", "<p>Menu</p>", "<hr>"]),
    lambda inner: st.lists(inner, max_size=4).map(lambda parts: f"<div>{''.join(parts)}</div>"),
    max_leaves=12,
)


@given(_NESTED)
def test_a_span_holds_its_children_and_no_piece_of_others(body: str) -> None:
    page = read(body)
    found = spans(page)
    for i, piece in enumerate(page.pieces):
        around = set(above(page, piece.container))
        for number in range(len(page.containers)):
            inside = found.starts[number] <= i < found.stops[number]
            assert inside == (number in around)


def test_thai_and_lao_end_no_sentence_with_a_sign() -> None:
    thai, lao = "คนทำขนมปังบนถนนโรงสีจะยังทำงานตอนกลางคืนต่อไป", "ຄົນເຮັດເຂົ້າຈີ່ຈະເຮັດວຽກໃນຕອນກາງຄືນຕໍ່ໄປອີກສາມປີ"
    read = outline(fromstring(f"<body><p>{thai}</p><p>{lao}</p><p>{thai[:20]}</p></body>"))
    assert sentence_ends(read.pieces) == [True, True, False]


def test_words_of_text_are_neither_labels_nor_links() -> None:
    read = outline(fromstring("<body><p>One two three</p><p>One two three four</p>"
                              "<p><a href='/'>One two three four</a></p></body>"))  # fmt: skip
    assert text_words(read, spans(read)) == [0, 0, 4, 4]


def test_a_name_and_a_number_that_touch_are_apart() -> None:
    assert apart("Owen Castle14 March 2024") == "Owen Castle 14 March 2024"
    assert apart("Касталин14 марта") == "Касталин 14 марта"
    assert apart("2024年3月14日") == "2024年3月14日"
