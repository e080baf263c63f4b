"""A stranger's page as a copy that does nothing, with every text marked."""

import re

import lxml.html
from hypothesis import given
from hypothesis import strategies as st

from models.items import Hint
from pipelines.inspection.page_copy import FATE, NUMBER, page_copy
from pipelines.inspection.page_fates import TextFate
from pipelines.inspection.page_texts import page_texts
from tests.factories import NOW

HOSTILE = """<html><head><title>T</title><base href="https://evil.test/">
<meta http-equiv="refresh" content="0; url=https://evil.test/"><link rel="stylesheet" href="//x/y">
<style>@import url(https://evil.test/a.css); p { color: red; background: url(https://evil.test/b) }
</style><script>parent.location = "https://evil.test/"</script></head>
<body onload="alert(1)"><form action="https://evil.test/"><input name=q><button>Go</button></form>
<p id=one onclick="alert(2)" style="background:url('https://evil.test/c'); color: blue">The
<a href="javascript:alert(3)" target=_top>harbour</a> froze.</p>
<iframe src="https://evil.test/frame"></iframe><object data="https://evil.test/o"></object>
<svg><script>alert(4)</script><a xlink:href="https://evil.test/">x</a></svg>
<math><mtext><table><mglyph><style><img src=x onerror="evil.test"></style></mglyph></table></mtext>
</math><img src="https://evil.test/p.png" srcset="https://evil.test/q 2x">
<video poster="https://evil.test/r"></video><template><p>hidden</p></template></body></html>"""


def fates_of(body: bytes) -> list[TextFate]:
    texts = page_texts(body, None, "https://example.test/a", Hint(), NOW).texts
    return [
        TextFate(n, n, one.text, "", "kept", "", {}, 1.0, "", one.element)
        for n, one in enumerate(texts)
    ]


def copy_of(html: str) -> str:
    body = html.encode()
    return page_copy(body, None, fates_of(body))


def test_nothing_runs_loads_submits_or_leads_away() -> None:
    copy = copy_of(HOSTILE)
    outside = re.sub(r"<style>.*?</style>", "", copy, flags=re.DOTALL)
    assert "evil.test" not in outside and "alert" not in outside
    assert not re.search(r"url|@import|<(?!/?style|!|/?html|/?head|/?meta|/?title|/?body)", copy[
        : copy.index("<body>")
    ])  # fmt: skip
    tags = {element.tag for element in lxml.html.document_fromstring(copy).iter()}
    assert tags <= {"html", "head", "meta", "title", "style", "body", "div", "p", "a", "span",
                    "table", "tr", "td", "tbody"}  # fmt: skip
    assert "color: blue" in copy and "color: red" in copy, "its own styles stay"
    assert "The" in copy and "harbour" in copy


def test_folded_texts_are_shown_and_nothing_is_called_important_by_an_element() -> None:
    copy = copy_of(
        '<body><details><summary>More</summary><p style="display: none !important">It froze.</p>'
        "</details></body>"
    )
    assert '<details open="">' in copy and "display: none important" in copy


def test_our_style_is_a_layer_that_the_page_cannot_name() -> None:
    html = "<html><head><style>p { color: red }</style></head><body><p>It froze.</p></body></html>"
    names = {re.search(r"@layer (winnow-\w{16}) ", copy_of(html)) for _ in range(2)}
    assert None not in names and len(names) == 2
    copy = copy_of(html)
    assert copy.index("@layer") < copy.index("color: red")


def marked(html: str) -> list[tuple[str, str]]:
    """The marked texts of a copy, with their tags."""
    tree = lxml.html.document_fromstring(copy_of(html))
    return [
        (element.tag, " ".join(element.text_content().split()))
        for element in tree.iterfind(f".//*[@{NUMBER}]")
    ]


def test_an_element_with_one_text_is_marked_itself() -> None:
    found = marked("<body><h1>Frozen</h1><p>The <b>harbour</b> froze.</p></body>")
    assert found == [("h1", "Frozen"), ("p", "The harbour froze.")]


def test_a_text_in_an_element_that_is_not_shown_as_such_is_marked_too() -> None:
    html = "<body><form>Write to us.</form><paper-box>It froze.<p>It thawed.</p></paper-box></body>"
    assert marked(html) == [("div", "Write to us."), ("span", "It froze."), ("p", "It thawed.")]


def test_texts_parted_by_a_block_inside_something_inline_are_both_marked() -> None:
    html = "<body><div><b>Watch.</b><span><i><p>A player</p></i> It froze.</span></div></body>"
    assert len(marked(html)) == 3


def test_each_text_beside_blocks_gets_a_mark_of_its_own() -> None:
    html = "<body><div>One <i>text</i><p>A box.</p>Two<br><br>Three <b>texts</b></div></body>"
    assert marked(html) == [
        ("span", "One text"), ("p", "A box."), ("span", "Two"), ("span", "Three texts"),
    ]  # fmt: skip


def test_a_line_break_alone_parts_nothing() -> None:
    html = "<body><div>One<br>line<p>A box.</p>Two</div></body>"
    assert marked(html) == [("span", "Oneline"), ("p", "A box."), ("span", "Two")]


def test_a_table_of_data_is_marked_whole() -> None:
    rows = "".join(f"<tr><td>Town {n}</td><td>{n} m</td></tr>" for n in range(4))
    found = marked(f"<body><table><tr><th>Where</th><th>Ice</th></tr>{rows}</table></body>")
    assert [tag for tag, _ in found] == ["table"]


_TAGS = st.sampled_from(["p", "div", "span", "b", "li", "ul", "br", "script", "style", "a", "form"])
_PIECES = st.one_of(
    st.text("ab <>&'\"=;{}()", max_size=12),
    st.tuples(
        _TAGS,
        st.sampled_from(["", " onclick='x(1)'", " href=//e.test", " style='a:url(//e.test)'"]),
    ).map(lambda made: f"<{made[0]}{made[1]}>"),
    _TAGS.map(lambda tag: f"</{tag}>"),
)


@given(st.lists(_PIECES, max_size=40))
def test_any_markup_becomes_a_copy_with_each_mark_once(pieces: list[str]) -> None:
    html = f"<html><body><p>words</p>{''.join(pieces)}</body></html>"
    copy = copy_of(html)
    body = copy[copy.index("<body>") :]
    assert "<script" not in body and not re.search(r"<[^>]*\b(href|onclick)=", body)
    numbers = re.findall(rf'{NUMBER}="(\d+)"', body)
    assert len(numbers) == len(set(numbers)) == len(re.findall(f'{FATE}="kept"', body))
