"""What a page's tree says of itself outside its text, gathered in one walk."""

import pytest
from lxml.html import fromstring

from pipelines.metadata.markup import (
    Markup,
    absolute,
    fold_key,
    opening_headings,
    read_markup,
    text_of,
)


def markup(head: str = "", body: str = "", html: str = "") -> Markup:
    return read_markup(fromstring(f"<html {html}><head>{head}</head><body>{body}</body></html>"))


def test_metas_are_kept_by_folded_name_in_order() -> None:
    found = markup(
        '<meta property="article:published_time" content=" one "><meta name="ArticlePublishedTime"'
        ' content="two"><meta name="empty" content=" "><meta itemprop=x name=y content="both">'
    )
    assert found.metas == {
        "articlepublishedtime": ("one", "two"), "x": ("both",), "y": ("both",),
    }  # fmt: skip
    assert list(found.meta("x", "none", "articlepublishedtime")) == ["both", "one", "two"]


def test_a_flood_of_metas_is_cut() -> None:
    found = markup("".join(f'<meta name="n" content="{n}">' for n in range(60)))
    assert len(found.metas["n"]) == 50


def test_the_first_canonical_the_page_s_own_title_and_its_language() -> None:
    found = markup(
        '<link rel="alternate" href="/no"><link rel="Canonical x" href="/a">'
        '<link rel="canonical" href="/b"><title> One </title><title>Two</title>',
        "<svg><title>Drawing</title></svg>",
        'lang="de"',
    )
    assert (found.canonical, found.document_title, found.language) == ("/a", "One", "de")
    assert markup(body="<svg><title>Drawing</title></svg>").document_title == ""


def test_headings_of_level_one_and_json_ld_are_kept() -> None:
    found = markup(
        '<script type="application/LD+json">{}</script><script>no</script>',
        "<h1></h1><h1>One <b>two</b></h1><h2>No</h2>",
    )
    assert (found.headings, found.scripts) == (("One two",), ("{}",))


@pytest.mark.parametrize(
    ("tag", "marked"),
    [
        ("<time>", False),
        ("<time pubdate>", True),
        ("<time itemprop=datePublished>", True),
        ("<time class=entry-published>", True),
        ("<time class=updated>", False),
    ],
)
def test_a_time_may_be_marked_as_that_of_publishing(tag: str, marked: bool) -> None:
    (found,) = markup(body=f"{tag}May 24</time>").times
    assert (found.stamp, found.text, found.marked) == ("", "May 24", marked)
    assert found.element.tag == "time"


@pytest.mark.parametrize(
    ("url", "joined"),
    [
        ("/a", "https://example.test/a"),
        (" /a\nb ", "https://example.test/a b"),
        ("//other.test/", "https://other.test/"),
        ("", None),
        ("javascript:x", None),
        ("http://[", None),
        ("/" + "x" * 8_191, "https://example.test/" + "x" * 8_191),
        ("/" + "x" * 8_192, None),
    ],
)
def test_only_a_web_address_is_absolute(url: str, joined: str | None) -> None:
    assert absolute(url, "https://example.test/b") == joined


def test_a_name_is_folded_to_letters_and_digits() -> None:
    assert fold_key("DC.date_Issued-2") == "dcdateissued2"


def test_a_text_is_cut_at_what_a_heading_can_be() -> None:
    assert len(text_of(fromstring(f"<p>{'x' * 30_000}</p>"))) == 20_000


@pytest.mark.parametrize(
    ("heading", "kept"),
    [
        ("<h1><a href=/>The Post</a></h1>", False),
        ("<a href=https://post.test/><h1>The Post</h1></a>", False),
        ("<h1><a href=/index.html><span>The Post</span></a></h1>", False),
        ("<h1><a rel=home href=/x>The Post</a></h1>", False),
        ("<h1><a href=/2026/ferry>The Post</a></h1>", True),
        ("<h1>The Post <a href=/>front page</a></h1>", True),
        ("<h1>The Post</h1>", True),
    ],
)
def test_a_heading_that_leads_to_the_front_page_is_the_logo(heading: str, kept: bool) -> None:
    assert markup(body=heading).headings == (("The Post",) if kept else ()) or (
        kept and markup(body=heading).headings == ("The Post front page",)
    )


def test_lower_headings_count_in_the_main_part_and_without_link() -> None:
    body = "<h2>No</h2><main><h2><a href=/x>No</a></h2><h3>Yes</h3><h2>Too</h2></main>"
    assert list(opening_headings(markup(body=body))) == ["Yes", "Too"]
