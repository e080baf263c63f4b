"""The list of SQL views that readers may rely on, and their reference."""

from typing import Any, Final

from models.views import article_views, run_views
from models.views.view import View

VIEWS: Final = (
    article_views.ARTICLES,
    article_views.REVISIONS,
    article_views.CHANGES,
    article_views.FORMER_URLS,
    article_views.CLUSTERS,
    article_views.EXCERPTS,
    article_views.REMOVED_BLOCKS,
    article_views.RESTORED_BLOCKS,
    run_views.RUNS,
    run_views.OUTCOMES,
    run_views.CAPTURES,
    run_views.HEALTH,
    run_views.WORKERS,
)


def reference() -> str:
    """All views and their columns, as Markdown: the end of `docs/reading.md`."""
    return "\n".join(_section(view) for view in VIEWS)


def document() -> dict[str, dict[str, Any]]:
    """The same for programs: of each view its `purpose`, and its `columns` with their meaning."""
    return {
        view.name: {
            "purpose": view.purpose,
            "columns": {column.name: column.comment for column in view.columns},
        }
        for view in VIEWS
    }


def _section(view: View) -> str:
    rows = "\n".join(f"| `{column.name}` | {column.comment} |" for column in view.columns)
    return f"## `{view.name}`\n\n{view.purpose}\n\n| column | means |\n|---|---|\n{rows}\n"
