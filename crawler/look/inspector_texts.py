"""What the inspector says of one text of a page, and the selectors that it offers for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from crawler.inspection.inspection import Inspection
from crawler.look.inspector_page import capture_asked, inspected, page_reader
from crawler.look.pages import number_in_path, reading, render
from crawler.look.rule_routes import rules_of
from crawler.reports.block_words import evidence, headline
from models.errors import ExtractionFailed
from models.sites import registry
from pipelines.extraction.tree import parse
from pipelines.inspection.selector_suggestions import SelectorFinder, Suggestion

_MOST: Final = 8  # selectors that are counted at once
_LONGEST: Final = 500  # characters of a selector


@dataclass(frozen=True, slots=True)
class _Offer:
    """A selector, and what a rule with it would decide on this page."""

    selector: str
    covers: Sequence[int]
    says: str


def chosen_text(request: Request) -> Response:
    """A fragment: why a text was kept or removed, and selectors to change that."""
    url_id, number = number_in_path(request, "url_id"), number_in_path(request, "number")
    with reading(request) as conn:
        page = inspected(request, conn, url_id, capture_asked(request))
        if number >= len(page.fates):
            raise HTTPException(404, f"the page has no text {number}")
        finder = _finder(request, page)
        links = {url: _url_id(page, url) for url in page.urls.values()}
    fate = page.fates[number]
    offers = finder.suggestions(number, keep=not fate.is_kept) if finder else []
    return render(
        request,
        "inspector_text.html",
        page=page,
        fate=fate,
        why=headline(fate.fate, fate.reason),
        evidence=list(evidence(fate.evidence, page.urls, score=fate.score)),
        links=links,
        action="remove" if fate.is_kept else "keep",
        offers=[_Offer(one.selector, one.covers, _says(one)) for one in offers],
        is_alone=any(len(one.covers) == 1 for one in offers),
    )


def covered(request: Request) -> Response:
    """JSON: which texts of this page a selector decides, `?selector=`."""
    url_id, selector = number_in_path(request, "url_id"), _selectors(request)[0]
    with reading(request) as conn:
        page = inspected(request, conn, url_id, capture_asked(request))
        finder = _finder(request, page)
    try:
        numbers = finder.covered(selector) if finder else ()
    except ExtractionFailed:
        return JSONResponse({"error": f"{selector!r} is not a CSS selector"}, 400)
    return JSONResponse({"covers": list(numbers)})


def counts(request: Request) -> Response:
    """JSON: on how many archived pages of the site each `?selector=` finds something."""
    url_id, selectors = number_in_path(request, "url_id"), _selectors(request)
    with reading(request) as conn:
        page = inspected(request, conn, url_id, capture_asked(request))
        site_id = registry.number_of(conn, page.site)
        if site_id is None:
            raise HTTPException(404, f"no site {page.site}")
        try:
            found = rules_of(request).matcher.matches(conn, site_id, selectors)
        except ExtractionFailed as wrong:
            return JSONResponse({"error": str(wrong)}, 400)
    matches = {selector: len(copies) for selector, copies in found.copies.items()}
    return JSONResponse({"pages": found.pages, "matches": matches})


def _finder(request: Request, page: Inspection) -> SelectorFinder | None:
    """What finds selectors on the page; None if its copy cannot be read."""
    if page.capture_id is None or not any(fate.element is not None for fate in page.fates):
        return None
    with reading(request) as conn:
        copy = page_reader(request, page.site).copy(conn, page.capture_id)
    return SelectorFinder(parse(copy.body, copy.charset), page.fates)


def _selectors(request: Request) -> list[str]:
    """The selectors that are asked about. Raises HTTPException 400 for none, or too many."""
    found = [one.strip() for one in request.query_params.getlist("selector")]
    if not 0 < len(found) <= _MOST or not all(0 < len(one) <= _LONGEST for one in found):
        raise HTTPException(
            400, f"selector=: 1 to {_MOST} selectors of up to {_LONGEST} characters"
        )
    return found


def _says(one: Suggestion) -> str:
    others = len(one.covers) - 1
    if not others:
        return "this text alone"
    parts = [f"this text and {others} other{'s' if others > 1 else ''}"]
    if one.kept_words:
        parts.append(f"{one.kept_words} words of them kept now")
    if one.removed_words:
        parts.append(f"{one.removed_words} words of them removed now")
    return ", ".join(parts)


def _url_id(page: Inspection, url: str) -> int:
    return next(number for number, known in page.urls.items() if known == url)


routes: Final = [
    Route("/page/{url_id:int}/text/{number:int}", chosen_text),
    Route("/page/{url_id:int}/covered", covered),
    Route("/page/{url_id:int}/counts", counts),
]
