"""The five seed sites, each on an address of its own, from `sites add` to the truth."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from models.text import words
from tests.support.desk import Desk
from tests.support.site_server import HTML, XML, Reply, SiteServer

SEEDS = Path(__file__).parents[1] / "../shared/seeds"
SITES = [f"seed{number:03}" for number in range(5)]
AT_ONCE = ("-s", "DOWNLOAD_DELAY=0.01")
STORY = "coree-du-nord"  # in the URL of what seed 001 copied from seed 000

pytestmark = pytest.mark.skipif(
    not (SEEDS / "truth.json").is_file(), reason="the seed sites are not beside the project"
)


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, dict[str, str]]]:
    """A desk with all five sites crawled, and where each site's origin was served."""
    desk = Desk(tmp_path_factory.mktemp("seeds"), workers=1)
    desk.upgrade()
    with ExitStack() as stack:
        origins = {}
        for number, name in enumerate(SITES):
            server = stack.enter_context(SiteServer(f"127.0.0.1{number}"))
            _serve(server, name)
            origins[f"http://{name}.test"] = server.url
            desk.type("sites", "add", server.url + "/", "--name", name, "--private", *AT_ONCE)
            desk.hurry(name)
            desk.crawl(name)
        yield desk, origins


@pytest.fixture(scope="module")
def truth(crawled: tuple[Desk, dict[str, str]]) -> dict[str, dict[str, Any]]:
    """What each page says, by the URL that it was served at."""
    said = json.loads((SEEDS / "truth.json").read_text("utf-8"))
    return {_served(url, crawled[1]): page for url, page in said.items()}


@pytest.fixture(scope="module")
def articles(crawled: tuple[Desk, dict[str, str]]) -> dict[str, dict[str, Any]]:
    """What was stored, by URL."""
    return {row["url"]: row for row in crawled[0].rows("SELECT * FROM v1_articles")}


def test_every_article_is_stored_and_no_index_page(
    articles: dict[str, Any], truth: dict[str, Any]
) -> None:
    assert sorted(articles) == sorted(truth)


def test_every_page_is_close_to_the_truth(articles: dict[str, Any], truth: dict[str, Any]) -> None:
    scores = {url: _f1(articles[url]["text"], "\n".join(truth[url]["text"])) for url in truth}
    assert {url: score for url, score in scores.items() if score < 0.98} == {}


def test_every_paragraph_of_the_truth_is_there(
    articles: dict[str, Any], truth: dict[str, Any]
) -> None:
    missing = [
        (url, paragraph)
        for url, page in truth.items()
        for paragraph in page["text"]
        if " ".join(words(paragraph)) not in " ".join(words(articles[url]["text"]))
    ]
    assert missing == []


def test_no_line_of_forms_adverts_and_related_headlines_is_left(
    articles: dict[str, Any], truth: dict[str, Any]
) -> None:
    left = [
        (url, line)
        for url, page in truth.items()
        for line in page["without"]
        if line in articles[url]["text"] and line not in "\n".join(page["text"])
    ]
    assert left == []


def test_titles_and_days_are_the_pages_own(articles: dict[str, Any], truth: dict[str, Any]) -> None:
    wrong = [
        (url, articles[url]["title"], articles[url]["published_at"])
        for url, page in truth.items()
        if words(articles[url]["title"] or "") != words(page["title"])
        or (articles[url]["published_at"] or "")[:10] != page["date"]
    ]
    assert wrong == []


def test_the_copied_story_is_one_cluster_and_all_others_are_apart(
    crawled: tuple[Desk, dict[str, str]], articles: dict[str, Any]
) -> None:
    _desk, origins = crawled
    clusters = Counter(row["cluster_id"] for row in articles.values())
    together = sorted(url for url, row in articles.items() if clusters[row["cluster_id"]] > 1)
    pair = [origins["http://seed000.test"], origins["http://seed001.test"]]
    assert [url.split("/2022/")[0] for url in together] == pair
    assert all(STORY in url for url in together)
    assert len(clusters) == len(articles) - 1


def _serve(server: SiteServer, name: str) -> None:
    folder = SEEDS / f"{name}.test"
    for file in folder.rglob("*"):
        if not file.is_file():
            continue
        path = "/" + file.relative_to(folder).as_posix()
        kind = {".html": HTML, ".xml": XML}.get(file.suffix, "text/plain")
        body = file.read_bytes()
        if file.suffix != ".html":
            body = body.replace(f"http://{name}.test".encode(), server.url.encode())
        server.pages[path.removesuffix("index.html")] = Reply(body, content_type=kind)


def _served(url: str, origins: dict[str, str]) -> str:
    parts = urlsplit(url)
    return origins[f"{parts.scheme}://{parts.netloc}"] + parts.path


def _f1(got: str, wanted: str) -> float:
    mine, true = Counter(words(got)), Counter(words(wanted))
    shared = (mine & true).total()
    return 2 * shared / (mine.total() + true.total()) if shared else 0.0
