"""Links in Datasette's pages: from an article to its cluster, its revisions and its runs.

Datasette links web addresses by itself. This makes links of numbers and names too, in tables, views
and queries alike, to the queries of `metadata.json` beside.
"""

from urllib.parse import urlencode

from datasette import hookimpl
from markupsafe import Markup

QUERIES = {  # column: the query that shows what its value names, and the query's parameter
    "article_id": ("article", "article_id"),
    "duplicate_of": ("article", "article_id"),
    "excerpt_of": ("article", "article_id"),
    "cluster_id": ("cluster", "cluster_id"),
    "revisions": ("revisions", "article_id"),
    "removed": ("removed-blocks", "article_id"),
    "run_id": ("outcomes-of-a-run", "run_id"),
}
COUNTS = {"revisions", "removed"}  # of an article, whose number is in the same row


@hookimpl
def render_cell(row, value, column, database, datasette):
    """A link, for a value that names something else; None leaves it to Datasette."""
    if value is None or database is None:
        return None
    base = datasette.urls.database(database)
    if column == "site":
        return _link(
            f"{base}/v1_articles?{urlencode({'_sort_desc': 'published_at', column: value})}", value
        )
    if column in QUERIES:
        query, parameter = QUERIES[column]
        named = value
        if column in COUNTS:
            names = list(row.keys())
            if "article_id" not in names:
                return None  # the count is of somebody's own query
            named = row["article_id"]
        return _link(f"{base}/{query}?{urlencode({parameter: named})}", value)
    return None


def _link(address, text):
    return Markup('<a href="{}">{}</a>').format(address, text)
