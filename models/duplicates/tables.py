"""Sketches, pairs and clusters: which articles are one story (the tables)."""

from typing import Final

from sqlalchemy import BigInteger, Float, ForeignKey, Index, Integer, SmallInteger, String, text

from models.db.types import UTC, Key, column, one_of, table

PENDING, DONE = 0, 1
PAIR_KINDS: Final = ("near", "excerpt")


def _index(name: str, *columns: str, where: str) -> Index:
    """An index of the rows that matter alone, where the database can: MariaDB cannot."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


# two 32-bit columns: sixteen rows an article, and PostgreSQL pads each row to eight bytes
SKETCH_KEYS: Final = table(
    "sketch_keys",
    column("sketch_key", Integer, primary_key=True, autoincrement=False, comment="32-bit hash"),
    column("article_id", Integer, primary_key=True, autoincrement=False, comment="whose sketch"),
    comment="Keys of articles' sketches; the primary key alone serves look-up and insert.",
    rowid=False,
)

CLUSTER_MEMBERS: Final = table(
    "cluster_members",
    column(
        "article_id",
        ForeignKey("articles.article_id"),
        primary_key=True,
        autoincrement=False,
        comment="article that is a member, or may become one",
    ),
    column(
        "cluster_id",
        Key,
        nullable=True,
        comment="the smallest member's article_id; null where it stands alone",
    ),
    column("state", SmallInteger, comment="0: to be looked up | 1: done"),
    column("revision", Integer, comment="whose text the keys were made of; 0: none yet"),
    column("body_key", BigInteger, nullable=True, comment="63 bits of the text's tokens"),
    column("tokens", Integer, comment="tokens of the text"),
    column("similarity", Float, nullable=True, comment="0 to 1, to the cluster's original"),
    column("reason", String(40), nullable=True, comment="why it is in the cluster"),
    column(
        "near_key",
        BigInteger,
        nullable=True,
        comment="63 bits of title and short text without numbers and addresses; null: none",
    ),
    one_of("state", (PENDING, DONE)),
    Index("ix_cluster_members_body_key", "body_key", "article_id"),
    # most articles stand alone, and few are pending: neither is indexed where it can be helped
    _index("ix_cluster_members_cluster_id", "cluster_id", where="cluster_id IS NOT NULL"),
    _index("ix_cluster_members_state", "state", "article_id", where="state = 0"),
    _index("ix_cluster_members_near_key", "near_key", "article_id", where="near_key IS NOT NULL"),
    comment="What duplicate search knows of each article, and the cluster it is in.",
)

DUPLICATE_PAIRS: Final = table(
    "duplicate_pairs",
    column("a", ForeignKey("articles.article_id"), primary_key=True, comment="smaller article_id"),
    column("b", ForeignKey("articles.article_id"), primary_key=True, comment="larger article_id"),
    column("kind", String(10), comment="near | excerpt: the shorter is a part of the longer"),
    column("jaccard", Float, comment="0 to 1, of five-token shingles"),
    column("containment", Float, comment="0 to 1, of the shorter's shingles"),
    one_of("kind", PAIR_KINDS),
    Index("ix_duplicate_pairs_b", "b"),
    # few pairs are excerpts: v1_excerpts reads these alone
    _index("ix_duplicate_pairs_excerpt_a", "a", where="kind = 'excerpt'"),
    _index("ix_duplicate_pairs_excerpt_b", "b", where="kind = 'excerpt'"),
    comment="Articles that were compared and found alike; equal texts need no row.",
)

CLUSTERS: Final = table(
    "clusters",
    column(
        "cluster_id",
        Key,
        primary_key=True,
        autoincrement=False,
        comment="the smallest member's article_id",
    ),
    column("original_id", ForeignKey("articles.article_id"), comment="article_id of the original"),
    column("reason", String(40), comment="why this one is the original"),
    column("size", Integer, comment="members, two or more"),
    column(
        "due",
        SmallInteger,
        comment="1: too large to name its original at each arrival, a sweep does | 0: named",
    ),
    column("updated_at", UTC, comment="when its members or its original last changed"),
    one_of("due", (0, 1)),
    Index("ix_clusters_size", "size"),  # the most copied stories
    _index("ix_clusters_due", "due", where="due = 1"),
    comment="Clusters of two or more articles, and the original of each.",
)

INDEX_VERSION: Final = table(
    "index_version",
    column("one", Integer, primary_key=True, autoincrement=False, comment="1: there is one row"),
    column("version", String(100), comment="how the keys in sketch_keys are made"),
    column(
        "rebuilt_to",
        Key,
        nullable=True,
        comment="a rebuild goes on from this article_id; null: none is under way",
    ),
    comment="How the keys in this database were made; keys made otherwise are never mixed in.",
)
