"""What is known of a URL, laid out for a terminal."""

from datetime import timedelta
from typing import Any

import pytest

from crawler.reports.why_text import differences, lines, unknown_lines
from tests.factories import NOW

URL = "https://example.test/a"


def story(**parts: Any) -> dict[str, Any]:
    return {
        "url": URL, "site": "example", "state": "found", "found_at": NOW, "found_by": "feed",
        "found_in": None, "hint_title": None, "hint_published_at": None, "hint_precision": None,
        "hint_modified_at": None, "outcome": None, "attempts": 0, "not_before": None,
        "owner": None, "leased_until": None, "canonical_url": None, "captures": [],
        "outcomes": [], "article": None, "moved_to": None, "refused_at": None, "erased": None,
        "queue": None, **parts,
    }  # fmt: skip


def article(**parts: Any) -> dict[str, Any]:
    return {
        "article_id": 3, "revision": 1, "title": "T", "authors": [], "published_at": None,
        "published_precision": None, "word_count": 9, "first_seen_at": NOW, "fetched_at": NOW,
        "withdrawn_at": None, "cluster": [], "removed": [], "restored": [], "template": None,
        "template_forgotten": False, **parts,
    }  # fmt: skip


def shown(**parts: Any) -> list[str]:
    return list(lines(story(**parts), diff=False))


def test_a_page_that_waits_says_so() -> None:
    assert shown() == [
        f"{URL}  (times are UTC)",
        "  site       example",
        "  found      2026-11-22 05:30:00 by a feed",
        "  now        waits to be fetched",
        "",
        "What happened, in order; fetched and archived: never",
        "",
        "No article of it is stored.",
    ]


@pytest.mark.parametrize(
    ("parts", "line"),
    [
        ({"found_by": "urls_file", "found_in": "f.txt"}, "by a file of URLs, f.txt"),
        ({"found_by": "link"}, "by link"),
        ({"hint_title": "T"}, "  hint       title: T"),
        (
            {"hint_published_at": NOW, "hint_precision": "day"},
            "  hint       published: 2026-11-22",
        ),
        ({"canonical_url": "https://c.test/"}, "  canonical  https://c.test/"),
        ({"state": "done", "outcome": "gone"}, "  now        done, last outcome gone"),
        (
            {"queue": {"shape": "/tag/{word}", "tries": 34, "rarely": False}},
            "fetched after all others: 34 pages like it (/tag/{word}) brought no article",
        ),
        (
            {"queue": {"shape": "/tag/{word}", "tries": 200, "rarely": True}},
            "fetched, rarely asked for: 200 pages like it (/tag/{word}) brought no article",
        ),
        ({"attempts": 2}, "fetched, failed 2 times in a row"),
        ({"not_before": NOW}, ", asked for again from 2026-11-22 05:30:00"),
        ({"state": "dead", "not_before": NOW}, "given up, tried once more a week after that"),
        (
            {"owner": "host:1:ab", "leased_until": NOW},
            "held by host:1:ab until 2026-11-22 05:30:00",
        ),
    ],
)
def test_what_is_known_is_told(parts: dict[str, Any], line: str) -> None:
    assert line in "\n".join(shown(**parts))


def test_an_erased_page_says_when_and_why_and_nothing_of_itself() -> None:
    erased = {"at": NOW, "why": "a letter", "done": True}
    said = list(lines(story(erased=erased), ["  title"], ["Texts"], diff=False))
    assert said[-1] == "It was erased on 2026-11-22 05:30:00: a letter"
    assert any("no copy is left" in line for line in said) and "Texts" not in said


def test_its_own_url_is_no_other_name() -> None:
    assert "canonical" not in "\n".join(shown(canonical_url=URL))


def test_outcomes_have_their_status_and_reason() -> None:
    one = {"at": NOW, "kind": "visit", "run_id": 3, "outcome": "gone", "http_status": 404}
    text = "\n".join(shown(outcomes=[{**one, "reason": "HTTP 404"}]))
    said = "  2026-11-22 05:30:00  outcome   gone, HTTP 404, visit run 3\n"
    assert f"{said}                       HTTP 404" in text
    assert "HTTP" not in "\n".join(shown(outcomes=[{**one, "http_status": None, "reason": None}]))


def test_fetches_outcomes_and_revisions_come_in_the_order_of_time() -> None:
    at = [NOW + timedelta(hours=n) for n in range(5)]
    capture = {
        "capture_id": 1, "run_id": 1, "http_status": 200, "body_size": 9, "warc_file": "w",
        "warc_offset": 0, "truncated": None, "warc_store": None, "warc_host": None,
    }  # fmt: skip
    outcome = {"kind": "visit", "run_id": 1, "reason": None, "http_status": None}
    revision = {"change": "first", "title": "T", "extractor": "winnow/3 x", "fetched_at": at[0]}
    told = shown(
        captures=[{**capture, "fetched_at": at[0]}, {**capture, "fetched_at": at[3]}],
        outcomes=[
            {**outcome, "at": at[1], "outcome": "stored"},
            {**outcome, "at": at[4], "outcome": "unchanged"},
        ],
        article=article(revisions=[{**revision, "revision": 1, "extracted_at": at[2]}]),
    )
    events = [line.split()[2] for line in told if line.startswith("  2026-")]
    assert events == ["fetched", "outcome", "revision", "fetched", "outcome"]
    assert any(line.endswith("revision  1 (current), first: T") for line in told)


def test_the_lines_of_the_page_stand_where_they_belong() -> None:
    made = article(revisions=[])
    told = list(lines(story(article=made), ["  title"], ["Texts"], diff=False))
    assert told.index("Article 3, revision 1") < told.index("  title") < told.index("Texts")
    refused = list(lines(story(), ["  title"], ["Texts"], diff=False))
    assert refused[-3:] == ["No article of it is stored.", "  title", "Texts"]


def test_where_nobody_knows_a_url_sites_say_whether_they_would_take_it() -> None:
    sites = [{"site": "a", "refusal": None}, {"site": "b", "refusal": "host"}]
    told = list(unknown_lines(URL, sites))
    assert told[2:4] == [
        "  a would take it, if a source named it",
        "  b leaves it out: host",
    ]
    assert told[-1].endswith("-a urls=FILE")
    assert not any("urls=FILE" in line for line in unknown_lines(URL, sites[1:]))
    assert "scrapy sites add" in "\n".join(unknown_lines(URL, []))
    many = list(unknown_lines(URL, [sites[0], *sites[1:] * 200]))
    assert len(many) < 10 and "  and 197 more sites leave it out" in many


def test_a_sitemap_s_page_that_looks_like_a_list_is_said_to_be_left_out() -> None:
    told = "\n".join(unknown_lines("https://example.test/tag/ferries", []))
    assert "A sitemap's pages of that kind are left out" in told
    assert "sitemap" not in "\n".join(unknown_lines("https://example.test/2026/the-ferry", []))


def test_revisions_are_compared_paragraph_by_paragraph() -> None:
    texts = ["One\n\nTwo", "One\n\nThree", "One\n\nThree"]
    revisions = [
        {"revision": n, "fetched_at": NOW + timedelta(hours=n), "title": "T", "text": text}
        for n, text in enumerate(texts, 1)
    ]
    told = list(differences(revisions))
    assert "-Two" in told and "+Three" in told and " One" in told
    assert sum(line == "" for line in told) == 2
    assert sum(line.startswith("--- revision") for line in told) == 1


@pytest.mark.parametrize(
    ("extractor", "template", "forgotten", "said"),
    [
        ("winnow/3 template", 12, False, "winnow/3 template: read off its site's template 12"),
        (
            "winnow/3 template",
            12,
            True,
            "winnow/3 template: read off its site's template 12 (forgotten since)",
        ),
        ("winnow/4 template", None, False, "winnow/4 template: read off its site's template"),
        ("winnow/3 trafilatura/2.3.1", 12, True, "winnow/3 trafilatura/2.3.1: searched"),
    ],
)
def test_an_article_says_how_its_current_revision_was_read(
    extractor: str, template: int | None, forgotten: bool, said: str
) -> None:
    revision = {
        "fetched_at": NOW, "extracted_at": NOW, "change": "first", "title": "T",
        "extractor": "winnow/2 x",
    }  # fmt: skip
    told = shown(
        article=article(
            revision=2, template=template, template_forgotten=forgotten,
            revisions=[
                {**revision, "revision": 1}, {**revision, "revision": 2, "extractor": extractor},
            ],
        )
    )  # fmt: skip
    assert [line for line in told if "extractor" in line] == [f"  extractor  {said}"]
