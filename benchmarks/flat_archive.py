"""An archive of any size, made in the database itself through the schema of the migrations.

Half of all is of one site, the rest is shared out among the others: what grows with an archive
and what grows with a site are both seen. Its newest rows are the last of each table.
"""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, bindparam, text

from models.db.database import Database
from models.db.types import Hash
from models.urls import url_key

SITES_EVERY: Final = 500  # articles a site
QUEUES: Final = 150  # of the large site
LAST_RUN: Final = 1_000  # outcomes of the last run
_NUMBERS: Final = {
    "sqlite": "with recursive n(i) as (select 1 union all select i + 1 from n where i < {most})"
    " select i from n",
    "postgresql": "select generate_series(1, {most})",
}
# words that databases spell in their own ways; {0} is an expression of i
_WORDS: Final[dict[str, dict[str, str]]] = {
    "sqlite": {
        "time": "strftime('%Y-%m-%d %H:%M:%S.000000', 1700000000 + {0}, 'unixepoch')",
        "bytes": "randomblob({0})",
        "hash": "randomblob(32)",
        "long": "replace(hex(randomblob({0} / 8)), 'A', 'word ')",
        "yes": "1",
        "no": "0",
    },
    "postgresql": {
        "time": "to_timestamp(1700000000 + {0})",
        "bytes": "(select decode(string_agg(md5(i::text || k::text), ''), 'hex')"
        " from generate_series(1, {0} / 16) as k)",
        "hash": "sha256(i::text::bytea)",
        "long": "(select string_agg(replace(md5(i::text || k::text), 'a', 'word '), ' ')"
        " from generate_series(1, {0} / 40) as k)",
        "yes": "true",
        "no": "false",
    },
}
_SITE: Final = "case when i % 2 = 0 then 1 else 1 + i % {sites} end"
_URL: Final = "'https://site-' || ({site}) || '.test/2026/a-story-of-some-length-' || i"


@dataclass(frozen=True, slots=True)
class Size:
    """How many rows; `whole`: articles that have blocks, reasons and keys, the first ones."""

    articles: int
    runs: int
    whole: int = 0

    @property
    def urls(self) -> int:
        """Known URLs: a twentieth more than articles, which wait."""
        return self.articles + max(self.articles // 20, 200)

    @property
    def sites(self) -> int:
        """Sites that share one half; the other half is of the first."""
        return max(self.articles // SITES_EVERY, 20)


def fill(database: Database, size: Size) -> None:
    """Makes the rows, table by table, each in a transaction; the database is at head and empty."""
    for statement in statements(database.dialect, size):
        with database.transaction() as conn:
            conn.exec_driver_sql(statement.replace("%", "%%") if _percent(database) else statement)
    with database.transaction() as conn:
        _name_urls(conn, size)
    if database.dialect == "postgresql":  # as its autovacuum does; nobody does it for SQLite
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            conn.exec_driver_sql("vacuum analyze")
            for table, key in (("runs", "run_id"), ("sites", "site_id"), ("urls", "url_id")):
                last = f"select max({key}) from {table}"
                conn.exec_driver_sql(
                    f"select setval(pg_get_serial_sequence('{table}', '{key}'), ({last}))"
                )


def url_of(number: int, size: Size) -> str:
    """The URL of an article, by its number."""
    site = 1 if number % 2 == 0 else 1 + number % size.sites
    return f"https://site-{site}.test/2026/a-story-of-some-length-{number}"


def statements(dialect: str, size: Size) -> list[str]:
    """The inserts, in the order of their foreign keys."""
    words, numbers = _WORDS[dialect], _NUMBERS[dialect]
    site = _SITE.format(sites=size.sites)
    url = _URL.format(site=site)

    def t(seconds: str) -> str:
        return words["time"].format(f"({seconds})")

    def fill_in(table: str, most: int, where: str = "", **columns: str) -> str:
        source = f"({numbers.format(most=most)}) as numbers(i)"
        if dialect == "sqlite":
            source = f"({numbers.format(most=most)})"
        names = ", ".join(f'"{name}"' for name in columns)
        values = ", ".join(columns.values())
        return f"insert into {table} ({names}) select {values} from {source} {where}"

    articles, runs, whole = size.articles, size.runs, size.whole
    at = t("i * 60")
    is_article = f"i <= {articles}"
    text_ = f"case when i <= {whole} then {words['long'].format(4000)} else {url} end"
    queue = f"case when {is_article} then null else i % {QUEUES} end"
    return [
        fill_in("sites", size.sites, site_id="i", name="'site-' || i", failures="0",
                start_url="'https://site-' || i || '.test/'", added_at=t("0")),
        fill_in("sources", size.sites, source_id="i", site_id="i", url_key=words["hash"],
                url="'https://site-' || i || '.test/sitemap.xml'", kind="'sitemap'",
                named_by="'robots'", failures="0", links="100", read_at=t("0")),
        fill_in("url_queues", QUEUES, site_id="1", queue_key="i - 1", shape="'/2026/' || i",
                dated=words["yes"], tries="2", kept=words["yes"]),
        fill_in("urls", size.urls, url_id="i", site_id=site, url_key=words["hash"], url=url,
                state=f"case when {is_article} then 'done' else 'found' end", found_at=at,
                found_by="'sitemap'", hint_published_at=at, hint_precision="'time'", newest_at=at,
                queue_key=queue, attempts="0", gone_times="0",
                not_before=f"case when {is_article} and i % 10 = 0 then {t('i * 60 + 9e7')} end",
                outcome=f"case when {is_article} then 'stored' end",
                article=f"case when {is_article} then {words['yes']} else {words['no']} end"),
        fill_in("runs", runs, run_id="i", site_id=site, kind="'visit'", owner="'host:' || i",
                started_at=t("i * 60"), alive_at=t("i * 60 + 30"),
                finished_at=f"case when i < {runs} then {t('i * 60 + 30')} end",
                status=f"case when i = {runs} then 'running' when i % 500 = 0 then 'aborted'"
                " else 'done' end"),
        fill_in("run_counts", runs - 1, run_id="i", outcome="'stored'", urls="1"),
        fill_in("run_counts", runs - 1, run_id="i", outcome="'http_error'", urls="1"),
        fill_in("outcomes", min(articles, runs - 1), run_id="i", url_id="i", outcome="'stored'",
                http_status="200", at=at),
        fill_in("outcomes", min(LAST_RUN, articles), run_id=str(runs), url_id="i",
                outcome="case when i % 3 = 0 then 'http_error' else 'stored' end",
                http_status="200", at=t(f"{runs} * 60")),
        fill_in("captures", articles, capture_id="i", url_id="i", run_id=f"1 + i % {runs - 1}",
                final_url=url, http_status="200", fetched_at=at, warc_file="'site/' || i / 1000",
                warc_offset="i", warc_length="9000", body_hash=words["hash"], body_size="90000"),
        fill_in("articles", articles, article_id="i", site_id=site, url_id="i", revision="1",
                version="1", first_seen_at=at, fetched_at=at, updated_at=at, published_at=at),
        fill_in("revisions", articles, article_id="i", revision="1", url=url,
                canonical_url=f"case when i % 50 = 0 then {url} || '?c' else {url} end",
                title="'The title of story ' || i", authors="'[]'", tags="'[]'",
                published_at=at, published_precision="'time'", field_sources="'{}'", text=text_,
                word_count="300", content_hash="'hash of ' || i", extractor="'e 1'",
                change="'first'", capture_id="i", fetched_at=at, extracted_at=at),
        fill_in("extractions", whole, article_id="i", template_key="1", basis="'b'",
                blocks=words["bytes"].format(9000)) + " where i > 0",
        *(fill_in("block_classifications", whole, article_id="i", position=str(n),
                  action="'removed'", excerpt="'Read more of this: ' || i", reason="'related'",
                  evidence="'{\"blocks\": 2}'") for n in range(5)),
        *(fill_in("sketch_keys", whole, sketch_key=f"(i * 7919 + {n}) % 2000000000",
                  article_id="i") for n in range(16)),
        fill_in("changes", articles, change_id="i", article_id="i", revision="1", kind="'new'",
                at=at),
        "update change_counter set value = " + str(articles),
        fill_in("cluster_members", articles, article_id="i", state="1", revision="1",
                body_key="i", tokens="300 + i % 7", near_key="i",
                cluster_id="case when i % 20 < 2 and i >= 20 then i - i % 20 end",
                similarity="case when i % 20 = 1 and i > 20 then 0.9 end",
                reason="case when i % 20 = 1 and i > 20 then 'near' end"),
        fill_in("clusters", articles - 1, "where i % 20 = 0", cluster_id="i", original_id="i",
                reason="'earlier'", size="2", due="0", updated_at=at),
        fill_in("duplicate_pairs", articles - 3, "where i % 20 = 0", a="i", b="i + 1",
                kind="'near'", jaccard="0.9", containment="0.9"),
        fill_in("duplicate_pairs", articles - 3, "where i % 400 = 0", a="i", b="i + 3",
                kind="'excerpt'", jaccard="0.5", containment="0.9"),
        fill_in("site_health", size.sites, site_id="i", checked_at=at, run_id="i", state="'ok'"),
    ]  # fmt: skip


def _percent(database: Database) -> bool:
    return database.dialect != "sqlite"


def _name_urls(conn: Connection, size: Size) -> None:
    """Gives the first and last URLs their real keys, by which a command finds them."""
    one = text("update urls set url_key = :key where url_id = :number").bindparams(
        bindparam("key", type_=Hash())
    )
    some: list[dict[str, Any]] = [
        {"key": url_key(url_of(number, size)), "number": number}
        for number in (1, 2, size.articles - 1, size.articles)
    ]
    conn.execute(one, some)
