"""Tables of data are one text each; tables that lay out a page are not."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import HtmlElement

from models.text import one_line
from pipelines.extraction.blocks import outline, walk
from pipelines.extraction.kinds import kind
from pipelines.extraction.tables import Table, read_table
from pipelines.extraction.tree import parse

LONG = (
    "The council met on Monday night in the hall by the harbour and sat until after midnight. " * 3
)


def table(rows: str) -> HtmlElement:
    return parse(f"<table>{rows}</table>".encode(), "utf-8").find(".//table")


def row(*cells: str) -> str:
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


@pytest.mark.parametrize(
    "rows",
    [
        [("Ward", "Votes"), ("North", "1,204"), ("South", "988")],
        [("Округ", "Голоса"), ("Северный", "1 204"), ("Южный", "988")],
        [("区", "得票"), ("北", "1204"), ("南", "988")],
        [("الدائرة", "الأصوات"), ("الشمال", "١٢٠٤"), ("الجنوب", "٩٨٨")],
    ],
)
def test_rows_are_lines_and_cells_are_parted(rows: list[tuple[str, ...]]) -> None:
    html = "".join(row(*cells) for cells in rows)
    text = "\n".join("\t".join(cells) for cells in rows)
    assert read_table(table(html)) == Table(text, 0)
    page, elements = walk(parse(f"<p>Before.</p><table>{html}</table>after".encode(), "utf-8"))
    assert [piece.text for piece in page.pieces] == ["Before.", text, "after"]
    assert kind(page.containers, page.pieces[1].container) == "table"
    assert elements[page.pieces[1].container].tag == "table"


def test_lists_in_cells_are_parted_and_the_caption_comes_first() -> None:
    html = (
        "<caption>Results</caption>"
        + row("Ward", "Result")
        + row("North ward", "<ul><li>Ferrow <b>1,204</b> votes</li><li>Lang 988 votes</li></ul>")
    )
    found = read_table(table(html))
    assert found is not None
    assert found.text == "Results\nWard\tResult\nNorth ward\tFerrow 1,204 votes; Lang 988 votes"


def test_links_are_counted() -> None:
    found = read_table(table(row("<a href=/a>Ada</a>", "1") + row("Ben", "2")))
    assert found == Table("Ada\t1\nBen\t2", 3)


@pytest.mark.parametrize(
    "html",
    [
        row(f"<p>{LONG}</p>") + row(f"<p>{LONG}</p>"),  # paragraphs in rows
        row("<ul><li>Menu</li></ul>", LONG),  # a page in cells
        row("a", "b"),  # one row
        row("a") + row("b") + row("c"),  # one column
        row("a", "<table><tr><td>b</td></tr></table>") + row("c", "d"),
        row("a", "<h2>b</h2>") + row("c", "d"),
        row("a", "<form>b</form>") + row("c", "d"),
        row("a", "<b data-winnow-rule=rule-remove>b</b>") + row("c", "d"),  # a rule parts it
        row(*[LONG[:200]] * 2) * 3,
    ],
)
def test_other_tables_are_read_cell_by_cell(html: str) -> None:
    assert read_table(table(html)) is None


@pytest.mark.slow
def test_time_grows_with_the_page_alone() -> None:
    for html in (
        row("a", "b") * 20_000,
        "<table><tr><td>" * 500,
        row("<b>" * 200 + "a", "b") * 100,
    ):
        tree = parse(f"<table>{html}</table>".encode(), None)
        start = time.process_time()
        outline(tree)
        assert time.process_time() - start < 5


_CELL = st.text("abc <&1東", min_size=1, max_size=12).filter(lambda text: one_line(text) != "")


@given(st.lists(st.lists(_CELL, min_size=2, max_size=2), min_size=2, max_size=6))
def test_no_cell_is_lost_and_none_moves(rows: list[list[str]]) -> None:
    escaped = [
        [cell.replace("&", "&amp;").replace("<", "&lt;") for cell in cells] for cells in rows
    ]
    found = read_table(table("".join(row(*cells) for cells in escaped)))
    assert found is not None
    assert [line.split("\t") for line in found.text.split("\n")] == [
        [one_line(cell) for cell in cells] for cells in rows
    ]
