"""Pages of strangers with their metadata: an extraction, or that there is none to be had."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.articles.extraction_codec import pack, unpack
from models.errors import ExtractionFailed
from models.items import Hint
from pipelines.extraction.tree import parse
from pipelines.metadata.page_metadata import read_metadata
from pipelines.page_reader import extract
from tests.factories import NOW
from tests.faults.fuzz.mutated import CHARSETS, damaged
from tests.support.site_server import article
from tests.support.small_site import html, sentence

URL = "https://example.test/2026/05/01/the-harbour-froze"
LINKED = {
    "@context": "https://schema.org",
    "@graph": [
        {"@id": "#a", "@type": "Person", "name": "Ada Lind"},
        {
            "@type": "NewsArticle",
            "headline": "The harbour froze",
            "author": {"@id": "#a"},
            "datePublished": "2026-05-01T10:00:00+02:00",
            "dateModified": "2026-05-02",
            "image": ["/i.jpg"],
            "keywords": ["ice", "sea"],
            "isAccessibleForFree": "False",
            "url": URL,
            "inLanguage": "en",
        },
    ],
}
SCRIPT = '<script type="application/ld+json">{}</script>'
META = (
    '<meta property="og:title" content="The harbour froze"><meta name="author" content="Ada Lind">'
    '<meta property="article:published_time" content="2026-05-01T10:00:00Z"><link rel="canonical"'
    f' href="{URL}"><meta property="og:image" content="/i.jpg"><base href="/x/">'
)
LINES = [sentence(1, n) for n in range(6)]
STORY = article("The harbour froze", LINES, more=SCRIPT.format(json.dumps(LINKED)) + META).encode()
LEAVES = st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20)
NAMES = st.sampled_from(
    (
        "@type",
        "@id",
        "@graph",
        "headline",
        "author",
        "name",
        "image",
        "url",
        "keywords",
        "datePublished",
        "dateModified",
        "isAccessibleForFree",
        "inLanguage",
        "mainEntityOfPage",
        "articleBody",
        "description",
        "publisher",
        "alternateName",
    )
)
WORDS = st.sampled_from(
    ("NewsArticle", "Person", "#a", URL, "http://[x", "2026-05-01", "False", "Ada Lind")
)
NODES = st.recursive(
    LEAVES | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=6),
    max_leaves=25,
)


@pytest.mark.slow
@given(damaged(STORY, html(1)), CHARSETS)
def test_a_page(body: bytes, charset: str | None) -> None:
    def read() -> object:
        try:
            return extract(body, charset, URL, Hint(), None, NOW)
        except ExtractionFailed as none:
            return str(none)

    made = read()
    assert made == read()
    if not isinstance(made, str):
        assert unpack(pack(made)).blocks == made.blocks


@given(NODES)
def test_linked_data(nodes: object) -> None:
    tree = parse(article("", LINES, more=SCRIPT.format(json.dumps(nodes))).encode(), "utf-8")
    found = read_metadata(tree, URL, Hint(), newest=NOW)
    assert found == read_metadata(tree, URL, Hint(), newest=NOW)
