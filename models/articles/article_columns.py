"""What is stored of an article that was just read: columns of its revision, its index entry."""

from typing import Any

from models.articles import revisions
from models.articles.change_kind import reads_alike
from models.articles.revisions import Source
from models.blocks import Classification
from models.duplicates.index import IndexEntry
from models.items import Article, KnownPage, Sketch


def said_columns(
    title: str | None, text: str, classification: Classification | None
) -> dict[str, Any]:
    """The columns of a revision that follow from its text and classification."""
    certainty = classification.certainty if classification else None
    return {**revisions.wording(title, text), "certainty": certainty}


def same(known: KnownPage, title: str | None, text: str) -> bool:
    """Whether a wording differs from what is stored at most in what nobody sees."""
    return reads_alike(known.title, known.text, title, text)


def source_of(article: Article) -> Source:
    """The copy that an article was read from."""
    page = article.page
    return Source(
        page.final_url, page.capture_id, page.fetched_at, article.extraction.extractor,
        article.metadata,
    )  # fmt: skip


def observed_digest(article: Article) -> str | None:
    """What the site's memory will hold of the page, by its digest."""
    return article.observation.digest if article.observation else None


def entry_of(article_id: int, revision: int, sketch: Sketch) -> IndexEntry:
    """The index entry of a revision's text."""
    return IndexEntry(article_id, revision, *sketch)
