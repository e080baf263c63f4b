"""Words typed into Datasette are looked for as `scrapy search` does.

Datasette hands them through its SQL function escape_fts. Here that makes of them what Winnow's
index has: without accents and case, words parted as in stored texts. So it needs Winnow beside it.
"""

from datasette import hookimpl

from models.articles.search_forms import asked
from models.articles.search_query import parse
from models.errors import UsageError

NOTHING = '""'  # matches no article, and is no mistake of syntax


@hookimpl(trylast=True)  # after Datasette's own function of that name
def prepare_connection(conn):
    """Datasette's, for each connection that it opens."""
    conn.create_function("escape_fts", 1, match_of, deterministic=True)


def match_of(typed):
    """What was typed, as FTS5's MATCH has it; what names no word finds nothing."""
    try:
        return asked("sqlite", parse(typed or ""))
    except UsageError:
        return NOTHING
