"""Faults that no test can catch, because nobody can see them: each with the reason."""

from typing import Final

Change = tuple[str, ...]  # as benchmarks.mutants prints it

_URLS_OF: Final = (
    "def urls_of(conn: Connection, site_id: int, *, since: datetime | None=None, until: datetime |"
    " None=None, articles: bool=True, after_id: int=0, limit: int={}) -> Sequence[Row[Any]]:"
)
_PART: Final = "rows a statement or a read: the caller asks for the next part"
_LOCKS: Final = "the order of locks shows only as deadlocks of servers: tests/test_racing.py"
_INDEXED: Final = "SQLite reads by the index, which is this order; tested on the servers"

EQUIVALENT: Final[dict[str, dict[Change, str]]] = {
    "crawler/middlewares/addresses.py": {
        (
            "- if not bare or not (bare[0].isdigit() and bare.isascii()) or ' ' in bare:",
            "+ if not bare or not (bare[0].isdigit() or bare.isascii()) or ' ' in bare:",
        ): "inet_aton refuses a name too",
    },
    "crawler/middlewares/refusals.py": {
        (
            "- super().__init__(reason)",
            "+ pass",
        ): "an exception keeps its arguments anyway",
    },
    "crawler/middlewares/robots.py": {
        (
            "- asked_at, asked = self._asked.get(url, (0.0, None))",
            "+ asked_at, asked = self._asked.get(url, (1.0, None))",
        ): "without an answer the time is not looked at",
    },
    "crawler/middlewares/slowdown.py": {
        ("- last: int = 0", "+ last: int = 1"): "it is set before anybody reads it",
    },
    "models/crawl/fair_share.py": {
        **dict.fromkeys(
            (
                (
                    "- _NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)",
                    f"+ _NEVER: Final = datetime({other}, tzinfo=UTC)",
                )
                for other in ("1971, 1, 1", "1970, 2, 1", "1970, 1, 2")
            ),
            "any time before the first claim",
        ),
        **dict.fromkeys(
            (
                (
                    "- sources[queues[number].source] += 1",
                    "+ sources[queues[number].source] += 2",
                ),
                ("- shapes[queues[number].shape] += 1", "+ shapes[queues[number].shape] += 2"),
            ),
            "counts of one kind are compared with each other alone",
        ),
        (
            "- number = min(rest, key=partial(precedence, by_source=turn % 2 == 0))",
            "+ number = min(rest, key=partial(precedence, by_source=turn % 2 != 0))",
        ): "which of the two begins is nobody's promise",
    },
    "models/crawl/frontier.py": {
        (
            "- return _take(conn, query.order_by(URLS.c.not_before).limit(limit), owner, until)",
            "+ return _take(conn, query.limit(limit), owner, until)",
        ): _INDEXED,
        ("- _CHUNK: Final = 500", "+ _CHUNK: Final = 1000"): _PART,
        ("- _CHUNK: Final = 500", "+ _CHUNK: Final = 501"): _PART,
        (f"- {_URLS_OF.format(1000)}", f"+ {_URLS_OF.format(1001)}"): _PART,
        (f"- {_URLS_OF.format(1000)}", f"+ {_URLS_OF.format(2000)}"): _PART,
    },
    "models/duplicates/clusters.py": {
        (
            "- conn.execute(roots.order_by(CLUSTER_MEMBERS.c.article_id).with_for_update()).all()",
            "+ conn.execute(roots.with_for_update()).all()",
        ): _LOCKS,
    },
    "models/urls.py": {
        ("- return False", "+ return None"): "the callers ask only whether it is true",
    },
    "pipelines/duplicates/originals.py": {
        (
            "- return {''.join(words[:end]) for end in range(1, len(words) + 1)}",
            "+ return {''.join(words[:end]) for end in range(1, len(words) + 2)}",
        ): "a slice ends where its list does",
    },
}
