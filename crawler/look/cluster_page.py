"""The page of a cluster: its original and its copies, one of them beside the original."""

from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from crawler.look.pages import number_in_path, reading, render
from crawler.reports.cluster import Member, ShownCluster, cluster, texts
from crawler.reports.word_diff import word_diff
from models.articles import rows

COPIES: Final = 50  # that are listed


def cluster_page(request: Request) -> Response:
    """All members; `?copy=` is the article number of the one that is compared, else the first."""
    number = number_in_path(request, "cluster_id")
    with reading(request) as conn:
        found = cluster(conn, number, COPIES)
        if found is None:
            raise HTTPException(
                404,
                f"there is no cluster {number}: the article of this number, if there is one,"
                " has no copies, or is in the cluster of another",
            )
        chosen = _chosen(request, found)
        pair = tuple(member.article_id for member in (found.original, chosen) if member)
        said = texts(conn, pair)
        members = [*((found.original,) if found.original else ()), *found.copies]
        url_ids = rows.url_ids_of(conn, [member.article_id for member in members])
    changes = []
    if found.original and chosen and len(said) == 2:
        changes = word_diff(said[found.original.article_id], said[chosen.article_id])
    return render(
        request, "cluster.html", cluster=found, chosen=chosen, changes=changes, url_ids=url_ids
    )


def _chosen(request: Request, found: ShownCluster) -> Member | None:
    word = request.query_params.get("copy")
    if word is None:
        return found.copies[0] if found.copies else None
    for member in found.copies:
        if str(member.article_id) == word:
            return member
    raise HTTPException(404, f"the cluster has no copy {word[:40]!r} among those that are listed")


routes: Final = [Route("/cluster/{cluster_id}", cluster_page)]
