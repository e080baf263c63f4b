"""All titles, authors and dates that a page gives, with their sources."""

from datetime import timedelta

from models.items import Hint
from pipelines.extraction.tree import parse
from pipelines.metadata.alternatives import Alternative, alternatives
from tests.factories import NOW

PAGE = b"""<html lang="en"><head><title>Ferry returns | The Post</title>
<meta property="og:title" content="Ferry returns"><meta name="author" content="Staff">
<meta property="article:published_time" content="2026-11-20T08:00:00Z">
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Night ferry returns",
"author": {"name": "Imogen Vance"}, "datePublished": "2026-11-21T09:30:00+01:00"}</script></head>
<body><h1>Night ferry returns</h1><p>It sails.</p></body></html>"""

_NO_HINT = Hint()


def given(hint: Hint = _NO_HINT) -> list[Alternative]:
    tree = parse(PAGE, None)
    return list(alternatives(tree, "https://example.test/ferry", hint, newest=NOW))


def of(field: str, hint: Hint = _NO_HINT) -> list[tuple[str, str]]:
    return [(one.source, one.value) for one in given(hint) if one.field == field]


def test_each_field_names_all_values_in_the_order_of_trust() -> None:
    assert of("title") == [
        ("meta", "Ferry returns"),
        ("jsonld", "Night ferry returns"),
        ("heading", "Night ferry returns"),
        ("title", "Ferry returns | The Post"),
    ]
    assert of("authors") == [("jsonld", "Imogen Vance"), ("meta", "Staff")]
    assert of("published_at") == [
        ("jsonld", "2026-11-21 08:30 UTC"),
        ("meta", "2026-11-20 08:00 UTC"),
    ]


def test_what_the_source_said_counts_too() -> None:
    hint = Hint(title="Ferry!", published_at=NOW - timedelta(days=1), source="feed")
    assert ("feed", "Ferry!") in of("title", hint)


def test_a_value_given_twice_by_one_source_is_named_once() -> None:
    assert len(given()) == len(set(given()))
