"""The page inspector: an archived page with every text's fate, beside the clean article."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any, Final

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from crawler.inspection.inspection import Inspection, PageReader
from crawler.look.diffs import in_context
from crawler.look.pages import look_of, number_in_path, reading, render
from crawler.reports import why
from crawler.reports.block_words import headline
from crawler.reports.word_diff import Change, word_diff
from models.errors import ArchiveError, ExtractionFailed
from models.sites.config import read_site
from pipelines.inspection.page_copy import page_copy
from pipelines.inspection.page_fates import TextFate

_DIFFS: Final = 10  # newest revisions that are compared
# the frame may be looked into from our page, and nothing else: no script, no request, no form
_FRAME_POLICY: Final = (
    "sandbox allow-same-origin; default-src 'none'; style-src 'unsafe-inline'; script-src 'none';"
    " form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)
_NO_COPY: Final = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<title>No copy</title></head><body><p>This copy cannot be shown: {}</p></body></html>"""


@dataclass(frozen=True, slots=True)
class TextGroup:
    """Neighbouring texts with one fate, as the list of texts shows them."""

    first: TextFate
    texts: Sequence[TextFate]
    why: str


@dataclass(frozen=True, slots=True)
class RevisionDiff:
    """A revision, and how it differs from the one before."""

    revision: Mapping[str, Any]
    title: Sequence[Change]
    text: Sequence[Change]


def inspector(request: Request) -> Response:
    """The page of a URL; `?capture=` shows another archived copy than the article's own."""
    url_id, capture_id = number_in_path(request, "url_id"), capture_asked(request)
    with reading(request) as conn:
        inspection = inspected(request, conn, url_id, capture_id)
    article = inspection.history["article"]
    fates = inspection.fates
    return render(
        request,
        "inspector.html",
        page=inspection,
        history=inspection.history,
        article=article,
        groups=text_groups(fates),
        text=[fate for fate in fates if fate.is_kept],
        counts={
            name: sum(fate.tint == name for fate in fates)
            for name in ("kept", "restored", "removed", "unread")
        },
        has_places=any(fate.element is not None for fate in fates),
        ruled=sum(fate.ruled for fate in fates),
        kept_words=sum(fate.words for fate in fates if fate.is_kept),
        diffs=_diffs(article["revisions"]) if article else [],
        copies=_copies(article) if article else [],
        has_rules=(look_of(request).sites_dir / f"{inspection.site}.toml").is_file(),
    )


def frame(request: Request) -> Response:
    """An archived copy for the frame: sanitised, each text marked with its fate."""
    url_id, capture_id = number_in_path(request, "url_id"), number_in_path(request, "capture_id")
    headers = {"Content-Security-Policy": _FRAME_POLICY}
    with reading(request) as conn:
        inspection = inspected(request, conn, url_id, capture_id)
        try:
            copy = page_reader(request, inspection.site).copy(conn, capture_id)
            shown = page_copy(copy.body, copy.charset, inspection.fates)
        except (ArchiveError, ExtractionFailed) as fault:
            escaped = str(fault).replace("&", "&amp;").replace("<", "&lt;")
            return HTMLResponse(_NO_COPY.format(escaped), 200, headers)
    return HTMLResponse(shown, 200, headers)


def inspected(
    request: Request, conn: Connection, url_id: int, capture_id: int | None
) -> Inspection:
    """What is known of the page. Raises HTTPException for a URL or copy that is not there."""
    history = why.of_page(conn, url_id)
    if history is None:
        raise HTTPException(404, f"no URL has the number {url_id}")
    found = page_reader(request, history["site"]).inspect(conn, history, capture_id)
    if capture_id is not None and all(
        one["capture_id"] != capture_id for one in history["captures"]
    ):
        raise HTTPException(404, f"the archived copy {capture_id} is not one of this page")
    return found


def page_reader(request: Request, site: str) -> PageReader:
    """Reads archived pages by the rules of a site as they stand now."""
    look = look_of(request)
    file = look.sites_dir / f"{site}.toml"
    known = read_site(file)[0] if file.is_file() else None
    return PageReader(look.archive, {site: known} if known else {})


def capture_asked(request: Request) -> int | None:
    """The copy that `?capture=` names. Raises HTTPException 400 for what is no number."""
    word = request.query_params.get("capture")
    if word is None:
        return None
    if not word.isdecimal() or int(word) >= 1 << 63:
        raise HTTPException(400, f"capture={word}: write the number of an archived copy")
    return int(word)


def text_groups(fates: Sequence[TextFate]) -> list[TextGroup]:
    """Each kept text by itself, removed neighbours of one reason together."""
    groups = []
    for _, found in groupby(fates, key=lambda f: (f.fate, f.reason, f.number if f.is_kept else -1)):
        texts = list(found)
        first = texts[0]
        groups.append(TextGroup(first, texts, headline(first.fate, first.reason)))
    return groups


def _diffs(revisions: Sequence[Mapping[str, Any]]) -> list[RevisionDiff]:
    """The newest revisions, newest first."""
    newest = list(pairwise(revisions))[-_DIFFS:]
    return [
        RevisionDiff(
            new,
            word_diff(old["title"] or "", new["title"] or ""),
            in_context(word_diff(old["text"], new["text"])),
        )
        for old, new in reversed(newest)
    ]


def _copies(article: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The other articles of its cluster."""
    return [one for one in article["cluster"] if one["article_id"] != article["article_id"]]


routes: Final = [
    Route("/page/{url_id:int}", inspector),
    Route("/page/{url_id:int}/copy/{capture_id:int}", frame),
]
