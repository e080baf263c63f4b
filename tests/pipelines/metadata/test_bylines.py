"""Bylines that stand in a page's text."""

import pytest
from lxml.html import fromstring

from pipelines.metadata.bylines import bylines, head_bylines, signed_lines
from pipelines.metadata.head import article_head


def found(body: str) -> list[tuple[str, ...]]:
    return list(bylines(fromstring(f"<html><body>{body}</body></html>")))


@pytest.mark.parametrize(
    "element",
    [
        "<span class=byline>Ada Lind</span>",
        "<span class=c-Author>Ada Lind</span>",
        "<a rel=author href=/x>Ada Lind</a>",
        "<a href=/authors/ada>Ada Lind</a>",
        "<span itemprop=author>Ada Lind</span>",
        "<span itemprop=author content='Ada Lind'></span>",
        "<div class=autor><p>Ada Lind</p></div>",
    ],
)
def test_an_element_that_is_named_for_it_holds_a_byline(element: str) -> None:
    assert found(f"<p>{element}</p>") == [("Ada Lind",)]


@pytest.mark.parametrize(
    "element",
    [
        "<span class=author-bio>Ada Lind</span>",
        "<div class=related><span class=byline>Ada Lind</span></div>",
        "<nav><span class=byline>Ada Lind</span></nav>",
        "<footer><span class=byline>Ada Lind</span></footer>",
        "<span class=authorised>Ada Lind</span>",
        "<a href=/authors/>All authors</a>",
        f"<span class=byline>{'x' * 121}</span>",
        "<span class=byline></span>",
    ],
)
def test_what_is_about_authors_or_elsewhere_is_none(element: str) -> None:
    assert found(f"<p>{element}</p>") == []


def in_head(body: str) -> list[tuple[str, ...]]:
    tree = fromstring(f"<html><body><h1>The ferry stays</h1>{body}</body></html>")
    return list(head_bylines(article_head(tree, ["The ferry stays"])))


PERSON = "<a href=https://e.test/author/ada rel=author><img alt='Ada Lind'></a>"


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("<span class='author vcard'><a class='url fn' rel=author>Ada Lind</a></span>", "Ada Lind"),
        (f"<p>{PERSON}</p><p class='author vcard'><a rel=author>Ada Lind</a> <a>@ada</a></p>",
         "Ada Lind"),
        ("<div class=author>Written by <a href=//a.test>Ada Lind</a> in <a href=/f>Old Ferries</a> "
         "on 3 May 2024. <a href=/c>14 Comments</a></div>", "Ada Lind"),
        ("<div class=author>Von <a>Ada Lind</a> und <a>Bo Ek</a> am 3. Mai</div>",
         "Ada Lind|Bo Ek"),
        ("<div class=byline>Written by Ada Lind in Ferries on 3 May 2024</div>", "Ada Lind"),
        ("<cite>Ada Lind</cite>", "Ada Lind"),
        ("<address>Ada Lind</address>", "Ada Lind"),
        ("<div class=card><span class=byline>Ada Lind</span></div>", "Ada Lind"),
        ("<a href=/people/ada-lind>Ada Lind</a>", "Ada Lind"),
        ("<span property='author'>Ada Lind</span>", "Ada Lind"),
        ("<div itemprop=author><a><span itemprop=name>Ada Lind</span></a> Reporter</div>",
         "Ada Lind"),
        ("<div class=forfatter>Ada Lind</div>", "Ada Lind"),
        ("<div class=c-Forfatter>Ada Lind</div>", "Ada Lind"),
        ("<div class=yazar-adi>Ayşe Yılmaz</div>", "Ayşe Yılmaz"),
        ("<div class=penulis>Naufal Zuhdi</div>", "Naufal Zuhdi"),
        ("<p class=reporter>김영희 기자</p>", "김영희 기자"),
        ("<p class=author>بقلم: أحمد علي</p>", "أحمد علي"),
    ],
)  # fmt: skip
def test_near_the_heading_more_is_a_byline(body: str, names: str) -> None:
    (found,) = in_head(body)
    assert found == tuple(names.split("|"))


@pytest.mark.parametrize(
    "body",
    [
        "<p class=authorised>Ada Lind</p>",
        "<p class=author-bio>Ada Lind</p>",
        "<li class=author><a href=/x>Mayor opens the new winter harbour</a></li>",
        "<nav><a rel=author>Ada Lind</a></nav>",
        f"<p class=author>{'Ada Lind writes on ferries. ' * 10}</p>",
        "<p>Ada Lind</p>",
    ],
)
def test_what_is_about_others_or_long_is_none_near_the_heading_either(body: str) -> None:
    assert in_head(body) in ([], [()])


def test_an_author_that_markup_names_may_stand_in_a_menu() -> None:
    assert found("<nav><span itemprop=author>Ada Lind</span></nav>") == [("Ada Lind",)]


def test_the_innermost_counts_and_neighbours_are_one_byline() -> None:
    links = "<a href=/author/a>Ada Lind</a> <a href=/author/b>Bo Ek</a>"
    assert found(f"<div class=byline>{links}</div>") == [("Ada Lind", "Bo Ek")]
    listed = "<ul><li><a rel=author>Ada Lind</a></li><li><a rel=author>Bo Ek</a></li></ul>"
    assert found(listed) == [("Ada Lind", "Bo Ek")]
    apart = "<div><p class=byline>Ada Lind</p></div><div><p class=byline>Bo Ek</p></div>"
    assert found(apart) == [("Ada Lind",), ("Bo Ek",)]


def signed(body: str) -> list[str]:
    return list(signed_lines(fromstring(f"<html><body>{body}</body></html>")))


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Ada Lind", "Ada Lind"),
        ("By ADA LIND, Harbour", "ADA LIND, Harbour"),
        ("Von Ada Lind und Bo Ek", "Ada Lind und Bo Ek"),
        ("Written by <a>Ada Lind</a> in <a>Ferries</a> on 3 May", "Ada Lind"),
        ("Par <b>Ada Lind</b>, le 3 mai", "Ada Lind,"),
        ("Por Ada de la Lind", "Ada de la Lind"),
        ("Scritto da Ada Lind", "Ada Lind"),
        ("Door Ada van der Lind op 3 mei", "Ada van der Lind"),
        ("Av Ada Lind", "Ada Lind"),
        ("Napisała Ada Lind", "Ada Lind"),
        ("Scris de Ada Lind", "Ada Lind"),
        ("Автор: Ада Линд", "Ада Линд"),
        ("Yazan: Ada Lind", "Ada Lind"),
        ("Penulis: Ada Lind", "Ada Lind"),
        ("Tác giả: Lê Phương", "Lê Phương"),
        ("بقلم: أحمد علي", "أحمد علي"),
        ("מאת: עדה לינד", "עדה לינד"),
        ("作者：张小明 2024年5月3日", "张小明"),
        ("文/王小明", "王小明"),
        ("本报记者 张小明", "张小明"),
        ("โดย อดา ลินด์", "อดา ลินด์"),
        ("By TPN, in <a>News</a>, <a>Portugal</a>" + ", <a>Place</a>" * 20, "TPN,"),
    ],
)
def test_a_line_soon_after_the_heading_may_be_signed(line: str, names: str) -> None:
    assert signed(f"<h1>Ferry</h1><p>{line}</p>") == [names]
    assert signed(f"<p>{line}</p><h1>Ferry</h1>") == []


@pytest.mark.parametrize(
    "line", ["Bystanders saw the ferry", "Vonnie Lind", "Parking is free", "Ada Lind", "Авторы"]
)
def test_a_word_that_begins_so_is_no_signature(line: str) -> None:
    assert signed(f"<h1>Ferry</h1><p>{line}</p>") == []


def test_a_long_sentence_that_begins_with_by_is_none() -> None:
    text = "By Prime Minister standards this was a speech of few words, " * 3
    assert signed(f"<h1>F</h1><p>{text}and short.</p>") == []


def test_a_long_line_or_a_late_one_is_not() -> None:
    assert signed(f"<h1>F</h1><p>By {'x' * 76}.</p>") == [f"{'x' * 76}."]
    assert signed(f"<h1>F</h1><p>By {'x' * 77}.</p>") == []
    assert signed("<h1>F</h1>" + "<p>x</p>" * 119 + "<p>By Ada</p>") == ["Ada"]
    assert signed("<h1>F</h1>" + "<p>x</p>" * 120 + "<p>By Ada</p>") == []


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("<dl><dt>Autore</dt><dd>Anna Solei</dd></dl>", ["Anna Solei"]),
        ("<p><b>Von</b> <a href=/x>Ada Lind</a></p>", ["Ada Lind"]),
        ("<div><span>Автор:</span><span>Анна Соль</span></div>", ["Анна Соль"]),
        ("<div><span>Yazar</span>: <span>Ayşe Deniz</span></div>", ["Ayşe Deniz"]),
        ("<p><b>執筆：</b><b>佐藤花子</b></p>", ["佐藤花子"]),
        ("<p><b>Share</b> <a href=/x>Ada Lind</a></p>", []),
        ("<p><b></b><a href=/x>Ada Lind</a></p>", []),
        ("<p><b>By</b> the way <a href=/x>Ada Lind</a></p>", []),
        ("<p>文・山田太郎</p><p>2026年11月26日</p>", []),
        ("<a href=/toimittaja/aino-laine>Aino Laine</a>", ["Aino Laine"]),
    ],
)
def test_what_stands_beside_a_label_in_the_head_is_a_byline(body: str, names: list[str]) -> None:
    tree = fromstring(f"<html><body><h1>Ferry</h1>{body}</body></html>")
    assert [
        name for texts in head_bylines(article_head(tree, ["Ferry"])) for name in texts
    ] == names
