"""Tables between two paragraphs of an article stay whole."""

import pytest

from models.items import Hint
from pipelines.boilerplate.data_tables import tables, with_tables
from pipelines.extraction.blocks import outline
from pipelines.extraction.tree import parse
from pipelines.page_reader import extract

ROWS = (
    "<tr><th>{0}</th><th>{1}</th></tr>"
    "<tr><td>A</td><td>1,204</td></tr><tr><td>B</td><td>988</td></tr>"
)
TEXTS = {
    "en": ("The votes of both wards were counted until after midnight.", "Ward", "Votes"),
    "ru": ("Голоса обоих округов считали в понедельник до глубокой ночи.", "Округ", "Голоса"),
    "ar": ("استمر فرز أصوات الدائرتين حتى ما بعد منتصف ليل الاثنين.", "الدائرة", "الأصوات"),
    "hi": ("दोनों वार्डों के मतों की गिनती सोमवार को आधी रात के बाद तक चली।", "वार्ड", "मत"),
    "ja": ("両区の票は月曜日の深夜まで数えられ、結果は次の通りだった。", "区", "得票"),
}


@pytest.mark.parametrize("language", TEXTS)
def test_a_table_of_results_stays_with_rows_as_lines(language: str) -> None:
    text, *head = TEXTS[language]
    around = "".join(f"<p>{text} {number}.</p>" for number in range(4))
    table = f"<table>{ROWS.format(*head)}</table>"
    page = f"<main><article><h1>Title</h1><div>{around}{table}{around}</div></article></main>"
    extraction = extract(page.encode(), "utf-8", "https://paper.test/a", Hint(), None)
    found = [block.text for block in extraction.blocks if block.kept and block.kind == "table"]
    assert found == ["\t".join(head) + "\nA\t1,204\nB\t988"]


@pytest.mark.parametrize(
    "html",
    [
        "<p>One.</p><table class=related>{}</table><p>Two.</p>",
        "<p>One.</p><table>{}</table>",
        "<table>{}</table><p>Two.</p>",
        "<div><p>One.</p></div><table>{}</table><p>Two.</p>",
        "<p>One.</p><table><tr><td><p>a</p><h2>b</h2></td></tr></table><p>Two.</p>",
    ],
)
def test_other_tables_keep_their_scores(html: str) -> None:
    page = outline(parse(html.format(ROWS.format("a", "b")).encode(), None))
    scores = [1.0 if piece.text in {"One.", "Two."} else -1.0 for piece in page.pieces]
    assert not any(tables(page))
    assert with_tables(page, scores) == scores


def test_texts_that_are_not_kept_keep_no_table() -> None:
    html = f"<p>One.</p><table>{ROWS.format('a', 'b')}</table><p>Two.</p>"
    page = outline(parse(html.encode(), None))
    assert tables(page) == [False, True, False]
    assert with_tables(page, [1.0, -1.0, -1.0]) == [1.0, -1.0, -1.0]
    assert with_tables(page, [1.0, -1.0, 1.0]) == [1.0, 0.2, 1.0]
