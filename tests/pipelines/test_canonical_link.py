"""The address that a page names as its own, in the spellings that servers send."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.canonical_link import canonical_links
from tests.factories import make_page

OWN = "https://example.test/print/1"
PAGE = "https://example.test/news/1"


def links(body: bytes, *headers: tuple[str, str]) -> list[str]:
    return list(canonical_links(make_page(final_url=OWN, body=body, headers=headers)))


@pytest.mark.parametrize(
    "tag",
    [
        '<link rel="canonical" href="https://example.test/news/1">',
        "<LINK HREF='/news/1' REL=canonical />",
        '<link rel="shortlink canonical"\n  data-x="y" href=/news/1>',
        '<link rel=canonical href="../news/&#49;">',
    ],
)
def test_a_link_in_any_spelling_is_read(tag: str) -> None:
    assert links(f"<html><head>{tag}</head>".encode()) == [PAGE]


def test_a_header_names_it_too() -> None:
    header = '<https://example.test/style.css>; rel="preload", </news/1>; rel="canonical"'
    assert links(b"", ("Link", header)) == [PAGE]
    titled = '</news/1>; title="one, two"; REL="shortlink Canonical"; data-rel=x'
    assert links(b"", ("Link", titled)) == [PAGE]


def test_other_links_name_nothing() -> None:
    body = b'<link rel="alternate" href="/a"><link rel="canonical"><a rel="canonical" href="/b">'
    assert links(body, ("Link", "<https://example.test/x>; rel=next")) == []


@given(st.binary(max_size=500), st.text(max_size=100))
def test_no_bytes_make_it_fail(body: bytes, header: str) -> None:
    links(b"<link rel=canonical href=" + body + b">", ("Link", header))


def test_hostile_pages_and_headers_cost_no_more_than_their_length() -> None:
    parts = (b"rel=", b"href ='")
    tags = b"".join(b"<link " + part * (3_990 // len(part)) + b">" for part in parts)
    began = time.process_time()
    assert links(tags * 32) == []
    for part in ("<a>;", "rel=", 'rel="', "<"):
        assert links(b"", ("Link", "<a>;" + part * (16_000 // len(part)))) == []
    assert time.process_time() - began < 1  # with a search from each place anew it takes a minute
