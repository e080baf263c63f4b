"""Writes metadata.json: what Datasette says of each view, and the manual's queries to run.

    python contrib/datasette/write_metadata.py >contrib/datasette/metadata.json

A test compares the file with what this prints.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from migrations.schema import metadata
from models.views.catalog import VIEWS

READING = Path(__file__).parents[2] / "docs/reading.md"
BLOCK = re.compile(r"^## (.+?)$|^```sql\n(.*?)^```", re.MULTILINE | re.DOTALL)
PARAMETERS = {  # what the manual's examples ask for, and the name of the field instead
    "'example'": ":site",
    "'2026-11-22'": ":since",
    "'2026-11-23'": ":until",
    "48211": "cast(:change_id as integer)",
    """'"harbour" AND "well known" AND "storm" * NOT "bridge"'""": "escape_fts(:words)",
    "article_id = 17": "article_id = cast(:article_id as integer)",
}
OTHERS = re.compile("PostgreSQL|MariaDB")  # comments that say how it is written there
LINKED = {  # where the links of the plugin lead
    "article": {
        "title": "An article",
        "sql": "select a.*,\n"
        "  (select count(*) from v1_revisions r where r.article_id = a.article_id) as revisions,\n"
        "  (select count(*) from v1_removed_blocks b where b.article_id = a.article_id) removed\n"
        "from v1_articles a where a.article_id = cast(:article_id as integer)",
    },
    "cluster": {
        "title": "The articles of a cluster, the original first",
        "sql": "select k.article_id, k.is_original, k.similarity, k.reason, a.site, a.published_at,"
        " a.title, a.url\nfrom v1_clusters k join v1_articles a on a.article_id = k.article_id\n"
        "where k.cluster_id = cast(:cluster_id as integer)\n"
        "order by k.is_original desc, a.published_at",
    },
    "revisions": {
        "title": "What an article said before",
        "sql": "select article_id, revision, fetched_at, change, title, text from v1_revisions\n"
        "where article_id = cast(:article_id as integer) order by revision",
    },
    "removed-blocks": {
        "title": "What was removed from an article, and why",
        "sql": "select article_id, position, reason, excerpt, evidence from v1_removed_blocks\n"
        "where article_id = cast(:article_id as integer) order by position",
    },
    "outcomes-of-a-run": {
        "title": "The outcomes of a run",
        "sql": "select run_id, outcome, article_id, url, reason, http_status, at from v1_outcomes\n"
        "where run_id = cast(:run_id as integer) order by outcome, url",
    },
}
FACETS = {"v1_articles": ["site", "language"], "v1_changes": ["kind"], "v1_runs": ["site", "kind"]}
SORTED = {
    "v1_articles": "published_at", "v1_changes": "change_id", "v1_runs": "run_id",
    "v1_captures": "capture_id",
}  # fmt: skip


def document() -> dict[str, Any]:
    """The whole file."""
    hidden = sorted(name for name in metadata.tables if not name.startswith("v1_"))
    tables: dict[str, Any] = {name: {"hidden": True} for name in [*hidden, "alembic_version"]}
    tables |= {view.name: _view(view) for view in VIEWS}
    return {
        "title": "Winnow",
        "description": "Clean articles of news sites. Read the views, whose names begin with v1_.",
        "databases": {"winnow": {"tables": tables, "queries": {**dict(_manual()), **LINKED}}},
    }


def _view(view: Any) -> dict[str, Any]:
    said: dict[str, Any] = {
        "description": view.purpose,
        "columns": {column.name: column.comment for column in view.columns},
    }
    if view.name in SORTED:
        said["sort_desc"] = SORTED[view.name]
    if view.name in FACETS:
        said["facets"] = FACETS[view.name]
    if view.name == "v1_articles":
        said |= {"label_column": "title", "fts_table": "v1_search", "fts_pk": "article_id"}
    return said


def _manual() -> Iterator[tuple[str, dict[str, str]]]:
    """The queries of the manual that SQLite takes, named by their comment or else their heading."""
    heading = ""
    for found in BLOCK.finditer(READING.read_text("utf-8")):
        heading = found[1] or heading
        for statement in re.split(r";\s*$", found[2] or "", flags=re.MULTILINE):
            comments = re.findall(r"^-- (.+)$", statement, re.MULTILINE)
            of_sqlite = [said for said in comments if not OTHERS.match(said)]
            title = of_sqlite[-1] if of_sqlite else heading
            sql = re.sub(r"^--.*\n?", "", statement, flags=re.MULTILINE).strip()
            if not sql or (comments and not of_sqlite):
                continue
            if title == "SQLite":
                title = heading
            for example, field in PARAMETERS.items():
                sql = sql.replace(example, field)
            title = re.split(r"[,;(]", title)[0].strip()
            name = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
            yield name, {"title": title[0].upper() + title[1:], "sql": sql}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(document(), ensure_ascii=False, indent=2) + "\n")
