"""The articles of a run as one of Scrapy's feeds (`crawl -O FILE`): columns as in v1_articles."""

from typing import Any

from scrapy.exporters import (
    BaseItemExporter,
    CsvItemExporter,
    JsonItemExporter,
    JsonLinesItemExporter,
    XmlItemExporter,
)

from crawler.reports.export import csv_cell, json_value
from models.articles.change_kind import content_hash
from models.items import Article
from models.text import count_words


def columns(article: Article) -> dict[str, Any]:
    """What the run knows of a stored article, and its outcome."""
    page, metadata, text = article.page, article.metadata, article.text or ""
    paywalled = None if metadata.paywalled is None else int(metadata.paywalled)
    reserved = None if metadata.tdm_reservation is None else int(metadata.tdm_reservation)
    return {
        "article_id": article.article_id,
        "site": page.site,
        "url": page.final_url,
        "canonical_url": metadata.canonical_url,
        "title": metadata.title,
        "authors": list(metadata.authors),
        "published_at": metadata.published_at,
        "published_precision": metadata.published_precision,
        "modified_at": metadata.modified_at,
        "language": metadata.language,
        "description": metadata.description,
        "image_url": metadata.image_url,
        "tags": list(metadata.tags),
        "paywalled": paywalled,
        "text": text,
        "word_count": count_words(text),
        "content_hash": content_hash(metadata.title, text),
        "revision": article.revision,
        "fetched_at": page.fetched_at,
        "published_offset": metadata.published_offset,
        "robots_directives": metadata.robots_directives,
        "tdm_reservation": reserved,
        "tdm_policy": metadata.tdm_policy,
        "tdm_source": metadata.sources.get("tdm_reservation"),
        "outcome": article.outcome,
    }


class _ArticleFeed(BaseItemExporter):
    """Comes before Scrapy's exporter of a format: an Article becomes its columns."""

    def export_item(self, item: Any) -> None:
        """Writes one article; other items go on as they are."""
        if isinstance(item, Article):
            item = {name: self.cell(value) for name, value in columns(item).items()}
        super().export_item(item)  # type: ignore[safe-super]  # Scrapy's exporter is the next base

    def cell(self, value: Any) -> Any:
        """A column's value as the format has it."""
        return json_value(value)


class JsonLines(_ArticleFeed, JsonLinesItemExporter):
    """One JSON object a line."""


class Json(_ArticleFeed, JsonItemExporter):
    """One JSON list."""


class Xml(_ArticleFeed, XmlItemExporter):
    """One XML document."""


class Csv(_ArticleFeed, CsvItemExporter):
    """A heading and a row an article; lists are JSON; no cell is a formula."""

    def cell(self, value: Any) -> Any:
        """As in `scrapy export`."""
        return csv_cell(value)
