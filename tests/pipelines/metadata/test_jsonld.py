"""JSON-LD is read past its faults, and the node that tells of this page is chosen."""

import json
from typing import Any

import pytest

from pipelines.metadata.jsonld import bare_url, flat, page_nodes, texts

URLS = frozenset({bare_url("https://www.paper.example/storm/?a=1#top")})
TITLES = ("Storm hits the coast | The Paper",)


def headlines(*scripts: str) -> list[str]:
    return [
        text
        for value in page_nodes(scripts, URLS, TITLES).values("headline")
        for text in texts(value)
    ]


def article(headline: str, **more: Any) -> dict[str, Any]:
    return {"@type": "NewsArticle", "headline": headline, **more}


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([article("Storm")]),
        json.dumps({"@graph": [{"@type": "WebSite", "name": "x"}, article("Storm")]}),
        json.dumps({"@type": "WebPage", "mainEntity": article("Storm")}),
        json.dumps({"@type": ["https://schema.org/ReportageNewsArticle"], "headline": "Storm"}),
        '{"@type":"NewsArticle","headline":"Storm",}',
        '<!-- {"@type":"NewsArticle","headline":"Storm"} -->',
        '//<![CDATA[\n{"@type":"NewsArticle","headline":"Storm"}\n//]]>',
        "{&quot;@type&quot;:&quot;NewsArticle&quot;,&quot;headline&quot;:&quot;Storm&quot;}",
        '{"@type":"NewsArticle","headline":"Storm","x":"a\nb\tc"};',
        '{"@type":"WebSite"}{"@type":"NewsArticle","headline":"Storm"}',
        '\ufeff{"@type":"NewsArticle","headline":"Storm"}',
        '{"@type":"NewsArticle","description":"he said "no" to it","headline":"Storm"}',
    ],
)
def test_a_headline_is_found_in_every_shape_and_past_every_fault(text: str):
    assert headlines(text) == ["Storm"]


def test_of_several_articles_the_one_of_this_url_is_chosen():
    other = article("Sun", url="https://paper.example/sun")
    own = article("Rain", mainEntityOfPage={"@id": "https://paper.example/storm"})
    assert headlines(json.dumps([other, own])) == ["Rain"]


def test_of_several_articles_the_one_with_this_headline_is_chosen():
    scripts = [
        json.dumps(article("Sun shines on hills")),
        json.dumps(article("Storm hits the coast")),
    ]
    assert headlines(*scripts)[0] == "Storm hits the coast"


def test_a_lone_article_is_taken_though_its_url_differs():
    assert headlines(json.dumps(article("Storm", url="https://cdn.example/x"))) == ["Storm"]


def test_posts_of_a_live_blog_and_lists_of_others_are_not_the_page():
    blog = {
        "@type": "LiveBlogPosting",
        "headline": "Storm, live",
        "liveBlogUpdate": [article("08:15 rain")],
    }
    listed = {"@type": "ItemList", "itemListElement": [article("Other")]}
    assert headlines(json.dumps([listed, blog])) == ["Storm, live"]


def test_a_video_beside_an_article_adds_nothing():
    video = {"@type": "VideoObject", "headline": "Clip", "uploadDate": "2020-01-01"}
    nodes = page_nodes([json.dumps([video, article("Storm")])], URLS, TITLES)
    assert list(nodes.values("uploadDate")) == []


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000 + "]" * 100_000,
        '{"@graph":' * 100_000 + "1" + "}" * 100_000,
        '{"headline":' + "[" * 200_000,
        '{"a":[' + "," * 2_000_000,
        '{"a":"' + '\\"' * 1_000_000,
        "1" * 5_000,
        "",
        "null",
        "oops",
    ],
    ids=["lists", "graphs", "rescue", "commas", "quotes", "digits", "empty", "null", "words"],
)
def test_hostile_json_ld_yields_nothing_and_raises_nothing(text: str):
    assert headlines(text) == []


def test_five_megabytes_are_read():
    other = [
        article(f"Other {number}", url=f"https://x.example/{number}") for number in range(60_000)
    ]
    text = json.dumps({**article("Storm"), "hasPart": other})
    assert len(text) > 5_000_000
    assert headlines(text) == ["Storm"]


def test_lists_in_lists_are_flat() -> None:
    value = [[{"name": "Ada"}], [], {"@list": [["Bo", {"@set": ["Cy"]}]]}]
    assert list(flat(value)) == [{"name": "Ada"}, "Bo", "Cy"]
    assert list(texts(value)) == ["Ada", "Bo", "Cy"]
    deep: object = "x"
    for _ in range(10_000):
        deep = [deep]
    assert list(flat(deep)) == [], "deeper than any page means"
