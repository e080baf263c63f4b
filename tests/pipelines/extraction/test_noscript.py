"""What stands inside `noscript` swallows no page."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extraction.noscript import as_text
from pipelines.extraction.tree import parse


@pytest.mark.parametrize(
    "inner",
    ["<div>", "<div id=a><p>", "<a href='x", "<style>", "<!--", "<table><tr>", "<textarea>"],
)
def test_what_is_not_closed_in_it_ends_with_it(inner: str) -> None:
    page = f"<body><noscript>{inner}</noscript><main><p>Совет собрался.</p></main></body>"
    paragraph = parse(page.encode(), "utf-8").find(".//p")
    assert paragraph.text == "Совет собрался."
    assert [above.tag for above in paragraph.iterancestors()] == ["main", "body", "html"]


def test_its_markup_is_its_text() -> None:
    tree = parse("<body><p>a</p><noscript><p>é &amp; b</p></noscript>".encode(), "utf-8")
    assert tree.findtext(".//noscript") == "<p>é &amp; b</p>"


@pytest.mark.parametrize(
    "source",
    [
        "<script>write('<noscript>')</script><p>text</p><noscript>x</noscript>",
        "<!-- <noscript> --><p>text</p><noscript>x</noscript>",
        "<script>a='<noscript>'</script><p>text</p>",
        "<noscript><p>text</p>",
    ],
)
def test_a_start_inside_a_script_or_comment_hides_nothing(source: str) -> None:
    assert parse(as_text(source.encode()), None).findtext(".//p") == "text"


def test_upper_case_is_read_too() -> None:
    assert as_text(b"<NOSCRIPT><b></NOSCRIPT><b>") == b"<NOSCRIPT>&lt;b&gt;</NOSCRIPT><b>"


@pytest.mark.parametrize(
    "source", ["<noscript>" * 100_000, "</noscript>" * 100_000, "<noscript ></noscript" * 50_000,
               "<noscript>" * 50_000 + "</noscript>" * 50_000, "<noscript " * 100_000],
)  # fmt: skip
def test_time_grows_with_the_page_alone(source: str) -> None:
    start = time.process_time()
    as_text(source.encode())
    assert time.process_time() - start < 3


@given(
    st.lists(st.sampled_from(["<noscript>", "</noscript>", "<p>", "<script>", "</script>", "x"]))
)
def test_text_without_a_pair_stays(parts: list[str]) -> None:
    source = "".join(parts).encode()
    assert as_text(source).replace(b"&lt;", b"<").replace(b"&gt;", b">") == source
