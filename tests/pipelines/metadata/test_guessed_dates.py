"""Dates that no field declares: those of the head's text, and htmldate's."""

from datetime import UTC, datetime

import pytest
from lxml.html import HtmlElement, fromstring

from pipelines.metadata.guessed_dates import guess, written_in
from pipelines.metadata.head import article_head

NEWEST = datetime(2026, 11, 26, tzinfo=UTC)


def page(body: str) -> HtmlElement:
    return fromstring(f"<html><body><h1>Ferry</h1>{body}</body></html>")


def written(body: str, language: str | None = None) -> list[tuple[list[str], bool]]:
    head = article_head(page(body), ["Ferry"])
    return [
        ([str(moment.wall.date()) for moment in moments], marked)
        for moments, marked in written_in(head, language)
    ]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("<p class=meta>Posted in Ferries on 3 May 2024</p>", [(["2024-05-03"], True)]),
        ("<p>3 May 2024</p>", [(["2024-05-03"], False)]),
        ("<p><i>3</i> <b>mai</b> 2024</p>", [(["2024-05-03"], False)]),
        ("<div>Обновлено 3 мая 2024</div>", [(["2024-05-03"], False)]),
        ("<p>03/05/2024</p>", [(["2024-05-03", "2024-03-05"], False)]),
        ("<p>The ferry that was built on 3 May 2024 in the yard of the town</p>", []),
        ("<p>1,2,3</p>", []),
        (f"<p class=date>3 May 2024 {'x' * 160}</p>", []),
        ("<li><a href=/x>Mayor opens the winter harbour at last</a> 3 May 2024</li>", []),
    ],
)
def test_a_short_or_marked_text_of_the_head_may_be_a_date(
    body: str, found: list[tuple[list[str], bool]]
) -> None:
    assert written(body) == found


def guessed(body: str, url: str = "https://example.test/x") -> str | None:
    tree = page(body)
    found = guess(tree, url, NEWEST, article_head(tree, ["Ferry"]))
    return found and str(found[1].wall.date())


def test_a_day_in_the_prose_is_found_by_the_thorough_search_alone() -> None:
    assert guessed("<p>The council of the town met. (2024-05-03)</p>") == "2024-05-03"


def test_a_year_alone_is_no_day() -> None:
    assert guessed("<p>The ferry</p><p>Copyright 2024 Harbour Post</p>") is None


def test_what_is_of_others_is_not_searched_and_the_tree_stays_whole() -> None:
    other = "<aside><p class=date>2024-05-03</p></aside><time datetime=2024-05-03>x</time>"
    tree = page(f"{'<p>' + 'The ferry stays. ' * 20 + '</p>'}" * 3 + other)
    whole = len(list(tree.iter()))
    assert guess(tree, "https://example.test/x", NEWEST, article_head(tree, ["Ferry"])) is None
    assert len(list(tree.iter())) == whole


def test_dates_side_by_side_are_read_one_by_one() -> None:
    body = (
        "<div class=dates><b>Geändert 28.11.2026</b><b>Erschienen 26.11.2026, 14.05 Uhr</b></div>"
    )
    assert written(body, "de") == [(["2026-11-28"], True), (["2026-11-26"], True)]
    one = "<p class=date><b>26</b> <b>November 2026</b></p>"
    assert written(one, "en") == [(["2026-11-26"], True)]
