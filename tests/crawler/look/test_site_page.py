"""The page of a site."""

import re

from crawler.look.site_page import ARTICLES, REFUSED
from tests.support.look_server import LookServer


def section(text: str, name: str) -> str:
    """The HTML of one section."""
    found = re.search(rf'<section id="{name}">.*?</section>', text, re.DOTALL)
    assert found, name
    return found[0]


def test_a_site_has_its_state_and_alarms(filled: LookServer) -> None:
    text = filled.get("/site/site-1").text
    assert "no new article for 3 days (usual: 3 a day)" in section(text, "alarms")
    assert 'id="alarms"' not in filled.get("/site/site-2").text


def test_its_articles_are_paged_and_lead_to_their_pages(filled: LookServer) -> None:
    newest = section(filled.get("/site/site-1").text, "articles")
    numbers = [int(n) for n in re.findall(r'href="/page/(\d+)"', newest)]
    assert numbers == list(range(239, 239 - 2 * ARTICLES, -2))
    before = re.search(r"before=(\d+)#articles", newest)
    assert before and int(before[1]) == numbers[-1]
    older = section(filled.get(f"/site/site-1?before={before[1]}").text, "articles")
    assert int(re.findall(r'href="/page/(\d+)"', older)[0]) == numbers[-1] - 2
    assert "None that old" in filled.get("/site/site-1?before=1").text
    assert filled.get("/site/site-1?before=x").status == 400


def test_articles_lead_to_their_clusters(filled: LookServer) -> None:
    articles = section(filled.get("/site/site-1?before=60").text, "articles")
    assert '<a href="/cluster/1">copy</a>' in articles


def test_refused_pages_are_listed_with_their_reasons(filled: LookServer) -> None:
    refused = section(filled.get("/site/site-1").text, "refused")
    assert f"the first {REFUSED}" in refused
    assert len(re.findall(r'href="/page/\d+"', refused)) == REFUSED
    assert "it has 1 words" in refused
    assert "unchanged" not in refused


def test_the_memory_names_pages_that_show_it(filled: LookServer) -> None:
    memory = section(filled.get("/site/site-1").text, "memory")
    assert "Our paper, part 10001." in memory
    assert "main&gt;article&gt;div.box-10000&gt;p" in memory
    assert 'href="/page/1">/2026/council-story-of-the-day-1</a>' in memory
    assert "80 %" in memory


def test_a_change_of_template_is_marked_and_leads_to_its_first_page(filled: LookServer) -> None:
    time = section(filled.get("/site/site-1").text, "time")
    assert "the site&#39;s template changed" in time or "the site's template changed" in time
    assert 'href="/page/1"' in time


def test_sources_and_runs(filled: LookServer) -> None:
    text = filled.get("/site/site-2").text
    assert "https://site-2.test/feed.xml" in section(text, "sources")
    assert len(re.findall(r"<tr>\s*<td class=\"n\">\d+</td>", section(text, "runs"))) == 20
