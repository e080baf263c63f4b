"""Outlines without closed boxes: all else is as if they were read."""

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extraction.blocks import Outline, walk
from pipelines.extraction.open_boxes import PassedBox, open_outline
from pipelines.extraction.paths import box_steps, path_of
from pipelines.extraction.tree import parse

WORDS = st.sampled_from(["", " ", "one", "two words", "المكتبة", "図書館", "नाव", "a\u200bb", "7"])
TAGS = st.sampled_from(
    ["div", "p", "section", "aside", "ul", "li", "h2", "table", "span", "b", "a"]
)
NAMES = st.sampled_from(["", " class=story", " class=more", " id=more", " role=note", " hidden"])


def boxed(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    element = st.tuples(TAGS, NAMES, WORDS, inner, WORDS)
    return st.one_of(
        element.map(lambda made: "<{0}{1}>{2}{3}</{0}>{4}".format(*made)),
        st.tuples(inner, inner).map("".join),
        inner.map(lambda text: f"<table><tr><td>1<td>{text}<tr><td>2<td>x</table>"),
        inner.map(lambda text: f"{text}<br>line<br>"),
    )


MARKUP = st.recursive(WORDS, boxed, max_leaves=25).map(lambda inner: f"<body><main>{inner}</main>")


def paths_of(outline: Outline) -> list[str]:
    return list(map(path_of, box_steps(outline.containers)))


def inside(outline: Outline, numbers: set[int]) -> list[bool]:
    """Which containers are one of these, or inside one."""
    found: list[bool] = []
    for number, container in enumerate(outline.containers):
        found.append(number in numbers or (container.parent >= 0 and found[container.parent]))
    return found


@given(MARKUP)
def test_where_nothing_is_closed_it_is_a_walk(html: str) -> None:
    tree = parse(html.encode(), "utf-8")
    outline, elements = walk(tree)
    assert open_outline(tree, frozenset()) == (outline, elements, [])


@given(MARKUP, st.data())
def test_what_stands_in_closed_boxes_is_left_out_and_nothing_else(
    html: str, data: st.DataObject
) -> None:
    tree = parse(html.encode(), "utf-8")
    whole, elements = walk(tree)
    paths = paths_of(whole)
    closed = data.draw(st.sets(st.sampled_from(paths), max_size=3))
    outline, _, passed = open_outline(tree, closed)
    boxes = {box.element for box in passed}
    gone = inside(whole, {n for n, element in enumerate(elements) if element in boxes})
    left = [piece for piece in whole.pieces if not gone[piece.container]]
    assert [piece.text for piece in outline.pieces] == [piece.text for piece in left]
    for piece, other in zip(outline.pieces, left, strict=True):
        mine, its = outline.containers[piece.container], whole.containers[other.container]
        assert mine._replace(parent=0) == its._replace(parent=0)
    for number, container in enumerate(whole.containers):
        shut = paths[number] in closed and number > 0 and not gone[container.parent]
        # a table of data is one text, and not entered
        assert (elements[number] in boxes) == shut or container.tag == "table" or gone[number]
    for box in passed:
        assert box.path in closed
        assert outline.containers[box.container].step == box.path.split(">")[-1]
        within = inside(whole, {elements.index(box.element)})
        first = next((i for i, one in enumerate(whole.pieces) if within[one.container]), None)
        if first is not None:
            assert box.before == sum(not gone[one.container] for one in whole.pieces[:first])


PAGE = (
    "<body><main><article class=story><h1>The ferry sails</h1><p>One <b>two</b> three.</p>"
    "</article><aside class=more><h2>Read  also</h2><script>var x</script>"
    "<ul><li>A mill<li>A bridge</ul>"
    "</aside>tail</main><footer class=foot>© Paper</footer>"
)


def passed(html: str, *closed: str) -> tuple[list[str], list[PassedBox]]:
    outline, _, boxes = open_outline(parse(html.encode(), "utf-8"), frozenset(closed))
    return [piece.text for piece in outline.pieces], boxes


def test_a_closed_box_is_told_with_its_first_words_and_its_length() -> None:
    texts, (box,) = passed(PAGE, "main>aside.more")
    assert texts == ["The ferry sails", "One two three.", "tail", "© Paper"]
    assert (box.path, box.before) == ("main>aside.more", 2)
    assert box.excerpt == "Read also A mill A bridge"
    length = len("Read alsoA millA bridge")
    assert (box.exceeds(length - 1), box.exceeds(length)) == (True, False)


def test_the_text_behind_a_closed_box_is_its_parents() -> None:
    texts, boxes = passed(PAGE, "main>article.story", "main>aside.more", "footer.foot")
    assert texts == ["tail"]
    assert [box.before for box in boxes] == [0, 0, 1]


def test_a_box_inside_a_closed_one_is_not_told_again() -> None:
    _, boxes = passed(PAGE, "main>aside.more", "main>aside.more>ul", "main>aside.more>ul>li")
    assert [box.path for box in boxes] == ["main>aside.more"]


def test_the_page_itself_is_never_closed() -> None:
    texts, boxes = passed(PAGE, "body")
    assert ("tail" in texts, boxes) == (True, [])


@pytest.mark.parametrize("many", [1, 50, 5_000])
def test_an_excerpt_is_short_and_a_length_is_whole(many: int) -> None:
    lines = "".join(f"<p>line  number {n}</p>" for n in range(many))
    _, (box,) = passed(f"<body><div class=box>{lines}</div>", "div.box")
    assert box.excerpt.startswith("line number 0 line" if many > 1 else "line number 0")
    assert len(box.excerpt) <= 200
    length = sum(len(f"line number {n}") for n in range(many))
    assert (box.exceeds(length - 1), box.exceeds(length)) == (True, False)


def test_what_a_box_holds_for_machines_is_no_text_of_it() -> None:
    script = f"<script>{'x = 1; ' * 500}</script>"
    _, (box,) = passed(f"<body><div class=box>{script}A mill{' ' * 500}</div>x", "div.box")
    assert (box.exceeds(5), box.exceeds(6)) == (True, False)


def test_a_box_without_text_has_no_excerpt() -> None:
    _, (box,) = passed("<body><div class=box> <img src=a><style>p {}</style></div>x", "div.box")
    assert box.excerpt == ""


def test_hidden_signs_are_no_part_of_an_excerpt() -> None:
    _, (box,) = passed("<body><div class=box>sh\u00ady</div>", "div.box")
    assert box.excerpt == "shy"


def test_a_table_of_data_is_no_box() -> None:
    html = "<body><table class=rates><tr><td>1<td>2<tr><td>3<td>4</table>"
    texts, boxes = passed(html, "table.rates")
    assert (texts, boxes) == (["1\t2\n3\t4"], [])


def test_paths_behind_a_table_of_data_are_right() -> None:
    table = "<table class=rates><tr><td>1<td>2<tr><td>3<td>4</table>"
    html = f"<body><main>{table}<div class=a><div class=b><p>shut</p></div><p>open</p></div></main>"
    texts, _ = passed(html, "main>div.a>div.b")
    assert texts == ["1\t2\n3\t4", "open"]


def test_a_tree_is_left_as_it_was() -> None:
    tree = parse(PAGE.encode(), "utf-8")
    before = lxml.html.tostring(tree)
    open_outline(tree, {"main>aside.more"})
    assert lxml.html.tostring(tree) == before
