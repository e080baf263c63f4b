"""The views of articles: revisions, changes, clusters, and removed blocks."""

from typing import Final

from models.views.view import Column, View, columns

ARTICLES: Final = View(
    "v1_articles",
    "One row for each article, at its current revision.",
    (
        *columns("a", ("article_id", "identifies the article; never changes")),
        Column("site", "s.name", "name of the site's TOML file"),
        *columns(
            "r",
            ("url", "where the page was found, after redirects"),
            ("canonical_url", "the URL that the page claims for itself, or null"),
            ("title", "headline, or null if the page has none"),
            ("authors", "JSON list of names; [] if none are known"),
        ),
        *columns("a", ("published_at", "UTC; midnight UTC if published_precision is 'day'")),
        *columns(
            "r",
            ("published_precision", "'time' or 'day'; null if published_at is null"),
            ("modified_at", "UTC, as the page or its source says"),
            ("language", "BCP 47 primary tag, lower case, e.g. 'de'"),
            ("description", "the page's own summary"),
            ("image_url", "the page's own picture"),
            ("tags", "JSON list of keywords"),
            ("paywalled", "1: behind a paywall, 0: free, null: the page does not say"),
            ("text", "the article, NFC, one blank line between paragraphs"),
            ("word_count", "words in text; characters in scripts without spaces"),
            ("content_hash", "hex SHA-256 of title and text"),
        ),
        *columns(
            "a",
            ("revision", "number of the current revision in v1_revisions"),
            ("first_seen_at", "UTC: first stored"),
            ("fetched_at", "UTC: last fetched with this text"),
            ("updated_at", "UTC: last change of this row, apart from fetched_at"),
        ),
        Column(
            "duplicate_of",
            "k.original_id",
            "article_id of the original that this one repeats; null for originals and singles",
        ),
        Column(
            "cluster_id",
            "coalesce(m.cluster_id, a.article_id)",
            "the same for all articles that are one story; article_id for a single",
        ),
        *columns("a", ("withdrawn_at", "UTC: when the page was found to be gone, or null")),
        *columns(
            "r",
            ("published_offset", "minutes east of UTC that the publisher's time carried, or null"),
        ),
        Column("partial", "coalesce(r.partial, 0)", "1: pages of a long article are missing"),
        *columns(
            "r",
            (
                "robots_directives",
                "what page and headers tell robots besides index and follow, such as"
                " 'noai, noarchive', or null",
            ),
            (
                "tdm_reservation",
                "1: text and data mining is reserved (W3C TDMRep), 0: not, or null",
            ),
            ("tdm_policy", "URL of the TDM policy, or null"),
            (
                "tdm_source",
                "where tdm_reservation is from: 'meta' or 'header' of the page, 'file': the"
                " /.well-known/tdmrep.json of its host; null without it",
            ),
        ),
    ),
    "from articles a\n"
    "join revisions r on r.article_id = a.article_id and r.revision = a.revision\n"
    "join sites s on s.site_id = a.site_id\n"
    "left join cluster_members m on m.article_id = a.article_id\n"
    # in the join: PostgreSQL then knows how many articles have none, and walks along an index
    "left join clusters k on k.cluster_id = m.cluster_id and k.original_id <> a.article_id\n"
    "where a.refused_at is null",
)

REVISIONS: Final = View(
    "v1_revisions",
    "Every revision of every article.",
    columns(
        "r",
        ("article_id", "of v1_articles"),
        ("revision", "1, 2, ...; a page that returns to an earlier text returns to its number"),
        ("title", "headline"),
        ("text", "the article, as in v1_articles"),
        ("content_hash", "hex SHA-256 of title and text"),
        ("fetched_at", "UTC: first fetched with this text"),
        ("extracted_at", "UTC: when the text was made from the page"),
        (
            "extractor",
            "what made the text: 'winnow/3 template': read off its site's template;"
            " 'winnow/3 trafilatura/VERSION': searched. A later reading with the same text"
            " leaves it",
        ),
        (
            "change",
            "compared with the revision before: first, typo, update, rewrite, headline, reextract",
        ),
        ("capture_id", "the archived copy that it was extracted from"),
    ),
    "from revisions r",
)

CHANGES: Final = View(
    "v1_changes",
    "The change feed: ask for change_id > N and keep the largest; you never miss one.",
    columns(
        "c",
        ("change_id", "grows in the order of commits"),
        ("article_id", "of v1_articles"),
        ("revision", "the current one after the change"),
        ("kind", "new, revised, withdrawn, restored, clustered, moved, refused or erased"),
        ("at", "UTC"),
    ),
    "from changes c",
)

CLUSTERS: Final = View(
    "v1_clusters",
    "One row for each article in a cluster of two or more.",
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
        *columns("k", ("size", "articles in the cluster")),
    ),
    "from clusters k\njoin cluster_members m on m.cluster_id = k.cluster_id",
)


FORMER_URLS: Final = View(
    "v1_former_urls",
    "One row for each address that an article had before its page moved.",
    (
        *columns("f", ("article_id", "of v1_articles")),
        *columns("u", ("url", "the former address")),
        *columns("f", ("moved_at", "UTC: when the move was found")),
    ),
    "from former_urls f\njoin urls u on u.url_id = f.url_id",
)


def _excerpts(copy: str, whole: str) -> str:
    """The pairs whose shorter text is that of article `copy`, one of duplicate_pairs' two."""
    return (
        f"  select l.{copy} as article_id, l.{whole} as excerpt_of, l.containment as similarity\n"  # noqa: S608 - no input
        "  from duplicate_pairs l\n  where l.kind = 'excerpt'\n"
        f"  and (select e.tokens from cluster_members e where e.article_id = l.{copy})\n"
        f"    < (select w.tokens from cluster_members w where w.article_id = l.{whole})\n"
    )


EXCERPTS: Final = View(
    "v1_excerpts",
    "One row for each longer article that contains a shortened copy; the two stay two stories.",
    columns(
        "x",
        ("article_id", "of v1_articles: the shortened copy"),
        ("excerpt_of", "of v1_articles: the longer article"),
        ("similarity", "share of the copy found there, 0 to 1"),
    ),
    f"from (\n{_excerpts('a', 'b')}  union all\n{_excerpts('b', 'a')}) x",
)


def _blocks(name: str, action: str, purpose: str) -> View:
    return View(
        name,
        purpose,
        columns(
            "b",
            ("article_id", "of v1_articles"),
            (
                "position",
                "of the first block of the group, counted in the page from 0; a box that was not"
                " entered counts as one",
            ),
            ("excerpt", "its first 200 characters"),
            (
                "reason",
                "repeated, comment, related, advert, promo, cookie, navigation, caption, headline,"
                " rule or other",
            ),
            ("evidence", "JSON: blocks in the group, and the evidence, e.g. pages that show it"),
        ),
        f"from block_classifications b\nwhere b.action = '{action}'",
    )


REMOVED_BLOCKS: Final = _blocks(
    "v1_removed_blocks", "removed", "What was removed from each current revision."
)
RESTORED_BLOCKS: Final = _blocks(
    "v1_restored_blocks",
    "restored",
    "What each current revision keeps although the page alone suggests removal.",
)
