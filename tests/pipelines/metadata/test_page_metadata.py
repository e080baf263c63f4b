"""What a page says of itself is read in the order it is trusted, whatever the page holds."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.items import Hint, Metadata
from pipelines.metadata.page_metadata import read_metadata

URL = "https://paper.example/2024/storm-hits-coast.html"
FETCHED = datetime(2024, 6, 1, 12, tzinfo=UTC)


def page(head: str = "", body: str = "<p>text</p>") -> lxml.html.HtmlElement:
    parser = lxml.html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=True)
    html = f"<html><head>{head}</head><body>{body}</body></html>"
    return lxml.html.document_fromstring(html, parser=parser)


def script(*values: Any) -> str:
    return "".join(
        f'<script type="application/ld+json">{v if isinstance(v, str) else json.dumps(v)}</script>'
        for v in values
    )


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


def read(head: str = "", body: str = "<p>text</p>", hint: Hint | None = None) -> Metadata:
    return read_metadata(page(head, body), URL, hint or Hint(), newest=FETCHED)


def test_a_page_that_says_nothing_has_no_metadata():
    assert read() == Metadata()


def test_json_ld_names_authors_dates_language_and_more_each_with_its_source():
    found = read(
        script(
            {
                "@type": "NewsArticle",
                "headline": "Storm hits coast",
                "author": [{"@type": "Person", "name": "Ann Lee"}, "Bo Ek"],
                "datePublished": "2024-05-30T08:15:00+02:00",
                "dateModified": "2024-05-30T09:00:00Z",
                "inLanguage": "de-AT",
                "description": "A  storm.",
                "image": {"@type": "ImageObject", "url": "/storm.jpg"},
                "keywords": ["Weather", "Coast", "weather"],
                "isAccessibleForFree": "False",
            }
        )
    )
    assert found.title == "Storm hits coast"
    assert found.authors == ("Ann Lee", "Bo Ek")
    assert found.published_at == datetime(2024, 5, 30, 6, 15, tzinfo=UTC)
    assert found.published_precision == "time"
    assert found.modified_at == datetime(2024, 5, 30, 9, tzinfo=UTC)
    assert (found.language, found.description) == ("de", "A storm.")
    assert found.image_url == "https://paper.example/storm.jpg"
    assert found.tags == ("Weather", "Coast")
    assert found.paywalled is True
    assert set(found.sources.values()) == {"jsonld"}


def test_meta_tags_answer_where_json_ld_is_missing():
    found = read(
        meta("og:title", "Storm hits coast | The Paper")
        + meta("og:site_name", "The Paper")
        + meta("article:published_time", "2024-05-30T08:15:00Z")
        + meta("author", "By Ann Lee and Bo Ek")
        + meta("og:image", "https://cdn.example/a.jpg")
        + meta("news_keywords", "Weather; Coast")
        + meta("article:content_tier", "free")
        + '<link rel="canonical" href="/storm">'
    )
    assert (found.title, found.authors) == ("Storm hits coast", ("Ann Lee", "Bo Ek"))
    assert found.published_at == datetime(2024, 5, 30, 8, 15, tzinfo=UTC)
    assert (found.tags, found.paywalled) == (("Weather", "Coast"), False)
    assert found.canonical_url == "https://paper.example/storm"
    assert found.sources["canonical_url"] == "link"
    assert found.sources["published_at"] == "meta"


def test_a_time_tag_below_the_heading_gives_the_date():
    body = '<time datetime="2020-01-01"></time><h1>Storm</h1><time datetime="2024-05-30">x</time>'
    found = read(body=body)
    assert found.published_at == datetime(2024, 5, 30, tzinfo=UTC)
    assert (found.published_precision, found.sources["published_at"]) == ("day", "time")


def test_the_hint_of_a_sitemap_answers_before_guesses():
    hint = Hint(
        title="Storm hits coast",
        published_at=datetime(2024, 5, 30, 8, tzinfo=UTC),
        published_precision="time",
        modified_at=datetime(2024, 5, 31, tzinfo=UTC),
        source="news_sitemap",
    )
    found = read(hint=hint)
    assert (found.title, found.published_at) == (hint.title, hint.published_at)
    assert found.modified_at == hint.modified_at
    assert set(found.sources.values()) == {"news_sitemap"}


def test_a_date_without_a_zone_is_a_day():
    found = read(script({"@type": "NewsArticle", "datePublished": "2024-05-30T23:15:00"}))
    assert found.published_at == datetime(2024, 5, 30, tzinfo=UTC)
    assert found.published_precision == "day"


def test_a_naive_time_is_completed_by_a_later_claim_of_the_same_minute():
    found = read(
        script({"@type": "NewsArticle", "datePublished": "2024-05-30 01:15:00"})
        + meta("article:published_time", "2024-05-30T01:15:00+09:00")
    )
    assert found.published_at == datetime(2024, 5, 29, 16, 15, tzinfo=UTC)
    assert (found.published_precision, found.sources["published_at"]) == ("time", "meta")


def test_a_day_is_not_completed_by_another_days_time():
    found = read(
        script({"@type": "NewsArticle", "datePublished": "2024-05-20"})
        + meta("article:published_time", "2024-05-30T01:15:00Z")
    )
    assert found.published_at == datetime(2024, 5, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    "date",
    ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2099-01-01", "1989-12-31",
     "2024-02-30", "2024-13-45T25:61:61Z", "1e400", "-1", "now", ""],
)  # fmt: skip
def test_an_impossible_date_is_passed_over(date: str):
    published = script({"@type": "NewsArticle", "datePublished": date})
    assert read(published).published_at is None
    told = read(published + meta("article:published_time", "2024-05-30"))
    assert told.sources["published_at"] == "meta"


def test_a_date_two_days_after_the_fetch_is_still_believed_and_later_is_not():
    def published(at: datetime) -> datetime | None:
        head = script({"@type": "NewsArticle", "datePublished": at.isoformat()})
        return read(head).published_at

    assert published(FETCHED + timedelta(days=2)) == FETCHED + timedelta(days=2)
    assert published(FETCHED + timedelta(days=4)) is None


def test_a_modification_that_names_only_a_day_is_not_kept():
    assert read(meta("article:modified_time", "2024-05-30")).modified_at is None


def test_a_byline_names_the_person_where_json_ld_signs_for_the_paper():
    paper = {"@type": "Organization", "name": "The Paper"}
    head = script({"@type": "NewsArticle", "author": paper, "publisher": paper})
    body = '<h1>Storm</h1><div class="article-byline">By <b>Ann Lee</b>, Berlin Correspondent</div>'
    assert read(head, body).authors == ("Ann Lee",)
    assert read(head).authors == ("The Paper",)
    caption = '<div class="photo-author">Picture: REUTERS/Bo</div>'
    assert read(head, caption).authors == ("The Paper",)


def test_an_unmarked_line_below_the_heading_signs_the_article():
    found = read(body="<h1>Storm</h1><p>By Ann Lee</p><p>By noon the coast was wet.</p>")
    assert (found.authors, found.sources["authors"]) == (("Ann Lee",), "byline")


def test_authors_are_followed_by_reference():
    graph = [
        {"@type": "NewsArticle", "headline": "Storm", "author": {"@id": "#ann"}},
        {"@type": "Person", "@id": "#ann", "name": "Ann Lee"},
    ]
    assert read(script({"@graph": graph})).authors == ("Ann Lee",)


def test_urls_of_8000_characters_are_kept_and_other_schemes_are_not():
    long = "https://paper.example/" + "a" * 7_978
    found = read(meta("og:url", long) + meta("og:image", "javascript:alert(1)"))
    assert (found.canonical_url, found.image_url) == (long, None)
    assert read('<link rel="canonical" href="http://[broken">').canonical_url is None


def test_a_title_of_signs_alone_is_not_cut_to_nothing():
    assert read("<title>|</title>", "<h1>The Paper |</h1>").title


def test_a_page_that_gives_its_headline_for_the_sites_name_keeps_it():
    head = meta("og:site_name", "Storm hits coast") + meta("og:title", "Storm hits coast")
    assert read(head).title == "Storm hits coast"


def test_of_several_headings_the_one_of_the_title_is_taken():
    body = "<h1>Log in</h1><h1>Storm hits the coast</h1><h1>Comments</h1>"
    assert read("<title>Storm hits coast | The Paper</title>", body).title == "Storm hits the coast"


def test_an_address_is_freed_of_what_no_database_takes():
    head = script('{"@type":"NewsArticle","image":"https://e.example/a\\ud800\\u0000b.jpg"}')
    assert read(head).image_url == "https://e.example/ab.jpg"


def test_a_tree_is_left_as_it_was():
    tree = page(script({"@type": "NewsArticle"}) + "<title>Storm</title>", "<h1>Storm</h1>")
    before = lxml.html.tostring(tree)
    read_metadata(tree, URL, Hint(), newest=FETCHED)
    assert lxml.html.tostring(tree) == before


@pytest.mark.slow
def test_huge_fields_are_cut_and_nothing_raises():
    found = read(
        "<title>" + "x | " * 1_300_000 + "</title>" + meta("author", "Ann Lee, " * 120_000),
        "<h1>" + "storm " * 900_000 + "</h1>",
    )
    assert found.title is not None
    assert len(found.title) <= 8_192
    assert found.authors == ("Ann Lee",)


def test_lone_surrogates_and_nul_never_come_through():
    found = read(
        script(
            '{"@type":"NewsArticle","headline":"A \\ud800 storm\\u0000","author":"J\\udfff Doe"}'
        )
    )
    assert (found.title, found.authors) == ("A storm", ("J Doe",))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["@type", "@id", "@graph", "@value", "name", "url", "headline", "author", "image",
                 "datePublished", "dateModified", "keywords", "inLanguage", "publisher",
                 "mainEntityOfPage", "isAccessibleForFree", "description"]
            ),
            inner | st.sampled_from(["NewsArticle", "WebPage", "2024-05-30T08:15:00Z", URL]),
            max_size=6,
        )
    ),
    max_leaves=25,
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(JSON)
def test_no_json_ld_raises_and_what_is_found_is_fit_to_store(value: Any):
    found = read(script(json.dumps({"@type": "NewsArticle", "author": value, "x": 1}), value))
    assert found.published_at is None or found.published_at.tzinfo is not None
    assert all(isinstance(name, str) and name for name in found.authors)
    for text in (found.title, found.description, found.language, found.image_url):
        assert text is None or (text and text.encode())


@pytest.mark.parametrize(
    ("head", "text", "day"),
    [
        ("", "Gradsko vijeće odlučilo je zadržati trajekt tijekom cijele zime.", (2023, 10, 18)),
        (
            "",
            "Rada miasta zdecydowała, że prom będzie pływał także całą zimę.",
            (2023, 11, 18),
        ),
        (meta("og:locale", "hr_HR"), "Kratko", (2023, 10, 18)),
    ],
)
def test_a_date_is_read_in_the_language_of_the_text(
    head: str, text: str, day: tuple[int, int, int]
) -> None:
    found = read(head, f"<h1>Trajekt</h1><time>18. listopada 2023.</time><p>{text}</p>")
    assert found.published_at == datetime(*day, tzinfo=UTC)
