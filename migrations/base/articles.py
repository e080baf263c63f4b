"""Articles, their revisions, and the change feed that readers follow.

A revision is history: it imports no model, so that a later model cannot change it.
"""

import sqlalchemy as sa
from alembic import op

from migrations.column_types import BYTES, KEY, OPTIONS, TEXT, TIME, column, one_of, refers


def create() -> None:
    """Makes them."""
    _articles()
    _revisions()
    _extractions()
    _block_classifications()
    _changes()
    _change_counter()
    op.execute("insert into change_counter (one, value) values (1, 0)")


def drop() -> None:
    """Takes them away, rows and all."""
    for name in (
        "change_counter",
        "changes",
        "block_classifications",
        "extractions",
        "revisions",
        "articles",
    ):
        op.drop_table(name)


def _articles() -> None:
    op.create_table(
        "articles",
        column("article_id", KEY, autoincrement=True, comment="the article's number"),
        column(
            "site_id", KEY, refers("articles", "site_id", "sites.site_id"), comment="site it is on"
        ),
        column(
            "url_id", KEY, refers("articles", "url_id", "urls.url_id"), comment="URL of its page"
        ),
        column("revision", sa.Integer(), comment="number of the current revision"),
        column("version", sa.Integer(), comment="counts changes of the row: writers check it"),
        column("first_seen_at", TIME, comment="when it was first stored"),
        column("fetched_at", TIME, comment="last found as it is stored"),
        column("updated_at", TIME, comment="last time that what readers see of it changed"),
        column(
            "withdrawn_at", TIME, nullable=True, comment="when its page was gone; null: it is there"
        ),
        sa.PrimaryKeyConstraint("article_id", name="pk_articles"),
        sa.UniqueConstraint("url_id", name="uq_articles_url_id"),
        comment="Article pages, one row each; what one says is in revisions.",
        **OPTIONS,
    )
    op.create_index("ix_articles_site_id_article_id", "articles", ["site_id", "article_id"])
    op.create_index("ix_articles_site_id_first_seen_at", "articles", ["site_id", "first_seen_at"])


def _revisions() -> None:
    op.create_table(
        "revisions",
        column(
            "article_id",
            KEY,
            refers("revisions", "article_id", "articles.article_id"),
            comment="whose",
        ),
        column(
            "revision", sa.Integer(), autoincrement=False, comment="counts from 1 in each article"
        ),
        column("url", TEXT, comment="URL of the page, after redirects"),
        column("canonical_url", TEXT, nullable=True, comment="the page's own claim"),
        column("title", TEXT, nullable=True, comment="headline; null: none found"),
        column("authors", TEXT, comment="JSON list of names"),
        column(
            "published_at",
            TIME,
            nullable=True,
            comment="as the page says; midnight UTC where the precision is day",
        ),
        column(
            "published_precision",
            sa.String(4),
            nullable=True,
            comment="of published_at: time | day",
        ),
        column("modified_at", TIME, nullable=True, comment="as the page says"),
        column("language", sa.String(20), nullable=True, comment="BCP 47 tag"),
        column("description", TEXT, nullable=True, comment="the page's summary"),
        column("image_url", TEXT, nullable=True, comment="URL of the lead image"),
        column("tags", TEXT, comment="JSON list of words"),
        column(
            "paywalled",
            sa.SmallInteger(),
            nullable=True,
            comment="1: the text is behind a paywall; 0: not; null: unknown",
        ),
        column("field_sources", TEXT, comment="JSON: where each field was found"),
        column("text", TEXT, comment="paragraphs, a blank line between two"),
        column("word_count", sa.Integer(), comment="words of the text"),
        column("content_hash", sa.String(64), comment="hex SHA-256 of title and text"),
        column(
            "certainty", sa.Float(), nullable=True, comment="0 to 1: how sure the classification is"
        ),
        column("extractor", sa.String(100), comment="name and version of the extractor"),
        column(
            "change",
            sa.String(10),
            comment="first | typo | update | rewrite | headline | reextract",
        ),
        column(
            "capture_id",
            KEY,
            refers("revisions", "capture_id", "captures.capture_id"),
            nullable=True,
            comment="copy it was read from; null: not kept",
        ),
        column("fetched_at", TIME, comment="when the page was fetched"),
        column("extracted_at", TIME, comment="when the text was extracted"),
        sa.PrimaryKeyConstraint("article_id", "revision", name="pk_revisions"),
        one_of("revisions", "published_precision", "time", "day"),
        one_of("revisions", "paywalled", 0, 1),
        one_of(
            "revisions", "change", "first", "typo", "update", "rewrite", "headline", "reextract"
        ),
        comment="Revisions of articles: title, text and facts at one time.",
        **OPTIONS,
    )
    op.create_index("ix_revisions_capture_id", "revisions", ["capture_id"])
    op.create_index("ix_revisions_content_hash", "revisions", ["content_hash"])


def _extractions() -> None:
    op.create_table(
        "extractions",
        column(
            "article_id",
            KEY,
            refers("extractions", "article_id", "articles.article_id"),
            comment="whose",
        ),
        column("template_key", KEY, comment="63-bit hash of the page's skeleton"),
        column("blocks", BYTES, comment="the extraction: JSON, compressed by zlib"),
        column("basis", sa.String(120), comment="by which extractor and rules the page was read"),
        column(
            "observed",
            sa.String(32),
            nullable=True,
            comment="digest of what the site's memory holds of the page; null: nothing",
        ),
        sa.PrimaryKeyConstraint("article_id", name="pk_extractions"),
        comment="Extractions of current revisions, one an article.",
        **OPTIONS,
    )


def _block_classifications() -> None:
    op.create_table(
        "block_classifications",
        column(
            "article_id",
            KEY,
            refers("block_classifications", "article_id", "articles.article_id"),
            comment="whose",
        ),
        column(
            "position",
            sa.Integer(),
            autoincrement=False,
            comment="of the first block on the page, from 0",
        ),
        column("action", sa.String(10), comment="removed | restored"),
        column("excerpt", TEXT, comment="first 200 characters"),
        column(
            "reason",
            sa.String(20),
            comment=(
                "repeated | comment | related | advert | promo | cookie | navigation | "
                "caption | headline | rule | other; '' where restored"
            ),
        ),
        column("evidence", TEXT, comment="JSON: what the classification rests on"),
        sa.PrimaryKeyConstraint("article_id", "position", name="pk_block_classifications"),
        one_of("block_classifications", "action", "removed", "restored"),
        one_of(
            "block_classifications",
            "reason",
            "repeated",
            "comment",
            "related",
            "advert",
            "promo",
            "cookie",
            "navigation",
            "caption",
            "headline",
            "rule",
            "other",
            "",
        ),
        comment="Runs of blocks removed from, or restored to, current revisions.",
        **OPTIONS,
    )


def _changes() -> None:
    op.create_table(
        "changes",
        column("change_id", KEY, autoincrement=False, comment="grows with commits"),
        column(
            "article_id",
            KEY,
            refers("changes", "article_id", "articles.article_id"),
            comment="article that changed",
        ),
        column("revision", sa.Integer(), comment="its current revision after the change"),
        column("kind", sa.String(10), comment="new | revised | withdrawn | restored | clustered"),
        column("at", TIME, comment="when it was recorded"),
        sa.PrimaryKeyConstraint("change_id", name="pk_changes"),
        one_of("changes", "kind", "new", "revised", "withdrawn", "restored", "clustered"),
        comment="What readers of articles would want to know, in the order of commits.",
        **OPTIONS,
    )
    op.create_index("ix_changes_article_id", "changes", ["article_id"])


def _change_counter() -> None:
    op.create_table(
        "change_counter",
        column("one", sa.Integer(), autoincrement=False, comment="1: there is one row"),
        column("value", KEY, comment="the last change_id given out"),
        sa.PrimaryKeyConstraint("one", name="pk_change_counter"),
        comment=(
            "The last number given out. Its row lock makes numbers follow the order of commits."
        ),
        **OPTIONS,
    )
