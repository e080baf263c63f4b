"""A page that leads its readers elsewhere says where; one that reloads itself does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extraction.meta_refresh import Refresh, leads_to
from pipelines.extraction.tree import parse_text

URL = "https://example.test/old/1"
STORY = "https://example.test/2026/story.html"


def led(markup: str) -> Refresh | None:
    return leads_to(parse_text(markup), URL)


@pytest.mark.parametrize(
    "meta",
    [
        '<meta http-equiv="refresh" content="0;url=/2026/story.html">',
        "<META CONTENT=\"0; URL='/2026/story.html'\" HTTP-EQUIV=Refresh>",
        '<meta http-equiv=refresh content="3 ; url = https://example.test/2026/story.html ">',
        '<meta http-equiv=refresh content="0, /2026/story.html">',
        "<meta http-equiv=refresh content='.5;url=\"/2026/story.html\"'>",
        '<base href="/2026/"><meta http-equiv=refresh content="1;URL=story.html">',
    ],
)
def test_every_way_to_write_it_is_read(meta: str) -> None:
    for around in ("<html><head>{}</head><body></body></html>", "{}", "<p>Σας μεταφέρουμε{}"):
        assert led(around.format(meta)) == Refresh(STORY, at_once=True)


@pytest.mark.parametrize(
    "markup",
    [
        '<noscript><meta http-equiv="refresh" content="0;url=/2026/story.html"></noscript>',
        '<meta http-equiv="refresh" content="10;url=/2026/story.html">',
    ],
)
def test_not_every_reader_follows_at_once(markup: str) -> None:
    assert led(f"<html><head>{markup}</head><body></body></html>") == Refresh(STORY, at_once=False)


@pytest.mark.parametrize(
    "meta",
    [
        '<meta http-equiv="refresh" content="300">',
        '<meta http-equiv="refresh" content="0">',
        '<meta http-equiv="refresh" content="60;url=/2026/story.html">',
        '<meta http-equiv="refresh" content="0;url=/old/1">',
        '<meta http-equiv="refresh" content="0;url=https://EXAMPLE.test/old/1#top">',
        '<meta http-equiv="refresh" content="0;url=javascript:alert(1)">',
        '<meta http-equiv="refresh" content="0;url=http://[x">',
        '<meta http-equiv="refresh" content="">',
        '<meta name="refresh" content="0;url=/2026/story.html">',
        '<!-- <meta http-equiv="refresh" content="0;url=/2026/story.html"> -->',
    ],
)
def test_all_else_leads_nowhere(meta: str) -> None:
    assert led(f"<html><head>{meta}</head><body></body></html>") is None


@given(st.text(max_size=80))
def test_no_content_does_more_than_lead_nowhere_or_to_the_web(content: str) -> None:
    tree = parse_text("<html><head><meta http-equiv='refresh'></head><body></body></html>")
    next(tree.iter("meta")).set("content", "".join(c for c in content if c.isprintable()))
    found = leads_to(tree, URL)
    assert found is None or found.url.startswith(("http://", "https://"))
