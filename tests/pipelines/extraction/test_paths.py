"""DOM paths: of texts and of boxes the same, and short enough to recur."""

from hypothesis import given
from hypothesis import strategies as st

from pipelines.extraction.blocks import Outline, outline
from pipelines.extraction.paths import PATH, box_steps, dom_paths, learned_path, named_from, path_of
from pipelines.extraction.tree import parse
from tests.pipelines.extraction.test_open_boxes import MARKUP


def read(html: str) -> Outline:
    return outline(parse(html.encode(), "utf-8"))


DEEP = (
    "<body><main class=a><div><section class=b><div class=c><div><article class=d>"
    "<div class=e><p>deep</p></div></article></div></div></section></div></main>"
)


@given(MARKUP)
def test_a_text_has_the_path_of_the_box_that_holds_it(html: str) -> None:
    page = read(html)
    boxes = list(map(path_of, box_steps(page.containers)))
    assert dom_paths(page) == [boxes[piece.container] for piece in page.pieces]
    assert all(len(path.split(">")) <= PATH for path in boxes)


def test_wrappers_without_a_name_are_left_out_and_far_ones_too() -> None:
    assert dom_paths(read(DEEP)) == ["div.c>article.d>div.e>p"]
    assert dom_paths(read("<div><section><p>one</p></section></div>")) == ["p"]


def test_a_text_right_in_a_wrapper_has_the_wrapper_at_its_end() -> None:
    assert dom_paths(read("<main class=a><div>one</div></main>")) == ["main.a>div"]


def test_pages_are_compared_by_the_end_of_a_path() -> None:
    assert learned_path("div.c>article.d>div.e>p") == "article.d>div.e>p"
    assert learned_path("p") == "p"


def test_named_steps_go_up_from_the_nearest() -> None:
    assert named_from("div", ("a", "b")) == ("a", "b")
    assert named_from("div.x", ("a", "b", "c")) == ("div.x", "a", "b")


@given(st.lists(st.sampled_from(["p", "div.المتن", "ul.x"]), min_size=1, max_size=PATH))
def test_a_path_is_written_from_the_outside_in(steps: list[str]) -> None:
    assert path_of(tuple(steps)).split(">") == steps[::-1]


def test_a_path_can_be_stored() -> None:
    assert path_of(("div.\ud800x", "main")).encode()
