"""A dry run's differences as HTML: what goes, what comes, and nothing that a page could inject."""

from crawler.look.rule_results import shown
from crawler.operations.dry_run_output import document
from pipelines.compare import ArticleText, Comparison, difference
from tests.factories import make_page

STORED = ArticleText("Ferry", "The ferry sails again.\n\nBuy boots.", facts=("by Ada Lind",))


def html_of(before: ArticleText, after: ArticleText) -> str:
    found = Comparison("town")
    found.add(difference(make_page(url="https://town.test/1", url_id=7), before, after))
    (html,) = shown(document(found))["largest"]
    return str(html)


def test_a_difference_says_what_goes_and_links_its_page() -> None:
    html = html_of(STORED, ArticleText("Ferry", "The ferry sails again.", facts=STORED.facts))
    assert 'href="/page/7"' in html and "shrunk, 2 words: Ferry" in html
    assert "Buy boots." in html and "<del>" in html and "<ins>" not in html


def test_a_refused_copy_says_that_the_stored_text_stays() -> None:
    html = html_of(STORED, ArticleText(None, "", "nothing is left"))
    assert "the stored text would stay: nothing is left" in html


def test_what_a_page_says_is_text() -> None:
    html = html_of(STORED, ArticleText("<script>x</script>", "<b>now</b>"))
    assert "<script>" not in html and "<b>" not in html and "&lt;b&gt;now" in html


def test_the_counts_stay() -> None:
    found = shown(document(Comparison("town", read=3, same=3)))
    assert (found["read"], found["same"], found["largest"]) == (3, 3, [])
