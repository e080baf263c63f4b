"""The views of articles: what they say, said before, and what became of them."""

from typing import Final

from models.views.view import Column, View, columns

ARTICLES: Final = View(
    "v1_articles",
    "One row an article page, at its current revision.",
    (
        *columns("a", ("article_id", "names the article for ever")),
        Column("site", "s.name", "name of the site's TOML file"),
        *columns(
            "r",
            ("url", "where the page was found, after redirects"),
            ("canonical_url", "the URL that the page claims for itself, or null"),
            ("title", "headline, or null where the page has none"),
            ("authors", "JSON list of names; [] where none are known"),
            ("published_at", "UTC; midnight UTC where published_precision is 'day'"),
            ("published_precision", "'time' or 'day'; null where published_at is null"),
            ("modified_at", "UTC, as the page or its source says"),
            ("language", "BCP 47 primary tag, lower case, e.g. 'de'"),
            ("description", "the page's own summary"),
            ("image_url", "the page's own picture"),
            ("tags", "JSON list of keywords"),
            ("paywalled", "1: behind a paywall, 0: free, null: the page does not say"),
            ("text", "the article, NFC, paragraphs parted by one blank line"),
            ("word_count", "words in text; characters in scripts without spaces"),
            ("content_hash", "hex SHA-256 of title and text"),
        ),
        *columns(
            "a",
            ("revision", "number of the current revision in v1_revisions"),
            ("first_seen_at", "UTC: first stored"),
            ("fetched_at", "UTC: last found as it stands here"),
            ("updated_at", "UTC: last time that this row changed, fetched_at aside"),
        ),
        Column(
            "duplicate_of",
            "case when k.original_id <> a.article_id then k.original_id end",
            "article_id of the original that this one repeats; null for originals and singles",
        ),
        Column(
            "cluster_id",
            "coalesce(k.cluster_id, a.article_id)",
            "the same for all articles that are one story; article_id for a single",
        ),
        *columns("a", ("withdrawn_at", "UTC: since when the site no longer has the page, or null")),
    ),
    "from articles a\n"
    "join revisions r on r.article_id = a.article_id and r.revision = a.revision\n"
    "join sites s on s.site_id = a.site_id\n"
    "left join cluster_members m on m.article_id = a.article_id\n"
    "left join clusters k on k.cluster_id = m.cluster_id",
)

REVISIONS: Final = View(
    "v1_revisions",
    "Every revision of every article.",
    columns(
        "r",
        ("article_id", "of v1_articles"),
        ("revision", "1, 2, ...; a page that goes back to an earlier text goes back to its number"),
        ("title", "headline"),
        ("text", "the article, as in v1_articles"),
        ("content_hash", "hex SHA-256 of title and text"),
        ("fetched_at", "UTC: first fetched like this"),
        ("extracted_at", "UTC: when the text was made from the page"),
        ("extractor", "name and version of what made it"),
        (
            "change",
            "against the revision before: first, typo, update, rewrite, headline, reextract",
        ),
        ("capture_id", "the archived copy it was made from"),
    ),
    "from revisions r",
)

CHANGES: Final = View(
    "v1_changes",
    "The reader's cursor: ask for change_id > N and keep the largest; none is ever missed.",
    columns(
        "c",
        ("change_id", "grows in the order of commits"),
        ("article_id", "of v1_articles"),
        ("revision", "the current one after the change"),
        ("kind", "new, revised, withdrawn, restored or clustered"),
        ("at", "UTC"),
    ),
    "from changes c",
)

CLUSTERS: Final = View(
    "v1_clusters",
    "One row an article that stands in a cluster of two or more.",
    (
        *columns("m", ("cluster_id", "of v1_articles"), ("article_id", "of v1_articles")),
        Column(
            "is_original",
            "case when k.original_id = m.article_id then 1 else 0 end",
            "1 for the one that the others repeat",
        ),
        Column(
            "similarity",
            "case when k.original_id = m.article_id then 1.0 else m.similarity end",
            "to the original, 0 to 1",
        ),
        Column(
            "reason",
            "case when k.original_id = m.article_id then k.reason else m.reason end",
            "why it is the original, or why it is in the cluster",
        ),
    ),
    "from clusters k\njoin cluster_members m on m.cluster_id = k.cluster_id",
)

EXCERPTS: Final = View(
    "v1_excerpts",
    "One row for each longer article that a cut-down copy was found in; the two stay two stories.",
    (
        *columns("e", ("article_id", "of v1_articles: the cut-down copy")),
        Column("excerpt_of", "w.article_id", "of v1_articles: the longer article"),
        Column("similarity", "l.containment", "share of the copy that stands there, 0 to 1"),
    ),
    "from cluster_members e\n"
    "join duplicate_pairs l on (l.a = e.article_id or l.b = e.article_id) and l.kind = 'excerpt'\n"
    "join cluster_members w on w.article_id = case when l.a = e.article_id then l.b else l.a end\n"
    "where e.tokens < w.tokens",
)


def _blocks(name: str, action: str, purpose: str) -> View:
    return View(
        name,
        purpose,
        columns(
            "b",
            ("article_id", "of v1_articles"),
            ("position", "of the first block of the run, counted in the page from 0"),
            ("excerpt", "its first 200 characters"),
            (
                "reason",
                "repeated, comment, related, advert, promo, cookie, navigation, caption, headline,"
                " rule or other",
            ),
            ("evidence", "JSON: blocks in the run, and what spoke for it, e.g. pages it stood on"),
        ),
        f"from block_classifications b\nwhere b.action = '{action}'",
    )


REMOVED_BLOCKS: Final = _blocks(
    "v1_removed_blocks", "removed", "What was stripped from each current revision."
)
RESTORED_BLOCKS: Final = _blocks(
    "v1_restored_blocks",
    "restored",
    "What each current revision kept although the page alone spoke against it.",
)
