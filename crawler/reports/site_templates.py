"""A site's learned templates as people read them: an outline of where each has what."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from crawler.reports.site_memory import cut
from models.evidence import SAMPLE
from models.memory.learned import TaughtTemplate
from models.memory.learned_templates import LEAST, LONGEST_BASIS
from models.template_form import HEADS
from models.templates import LearnedBox, Template, search_rate, usable

FEW: Final = 10  # templates of too few pages that are listed
BOXES: Final = 5  # boxes without article text that an outline shows
TEXTS: Final = 3  # boxes beside the body's with article text
STEPS: Final = 4  # of a DOM path, at most; as pipelines.extraction.paths makes them
_WIDTH: Final = max(map(len, (*HEADS, "navigation")))


class Usage(NamedTuple):
    """How a site's pages are read today."""

    basis: str  # the extractor and rules by which pages are searched
    always: str = ""  # the extractor that reads every page; '': pages are read off templates


class _Line(NamedTuple):
    """What stands at one DOM path."""

    what: str
    path: str
    pages: str


def template_lines(
    site: str, templates: Sequence[TaughtTemplate], usage: Usage, limit: int
) -> Iterator[str]:
    """An outline of each of the first `limit` templates, then those of too few pages."""
    known = [one for one in templates if one.learned is not None]
    for one in known[:limit]:
        yield from _lines_of(site, one, usage)
    if len(known) > limit:
        yield f"and {len(known) - limit} more"
    few = [one for one in templates if one.learned is None]
    for one in few[:FEW]:
        yield from _lines_of(site, one, usage)
    if len(few) > FEW:
        yield f"and {len(few) - FEW} more of too few pages"


def template_documents(templates: Sequence[TaughtTemplate], usage: Usage) -> list[dict[str, Any]]:
    """Each template for programs; `state` is one of few, learned, outdated and unreadable."""
    return [_document(one, usage) for one in templates]


def _document(one: TaughtTemplate, usage: Usage) -> dict[str, Any]:
    fault: str | None = None
    try:
        template = usable(one.state)
    except ValueError as wrong:
        template, fault = None, str(wrong)
    current = one.basis == usage.basis[:LONGEST_BASIS]
    learned = "unreadable" if fault else "few" if template is None else ""
    return {
        "template_id": one.key,
        "state": learned or ("learned" if current else "outdated"),
        "fault": fault,
        "pages": one.pages if template is None else template.pages,
        "comparisons_agreed": one.agreed,
        "body": None if template is None else template.body,
        "since": one.since,
        "last_seen_at": one.seen_at,
    }


def _lines_of(site: str, one: TaughtTemplate, usage: Usage) -> Iterator[str]:
    try:
        template = usable(one.state)
    except ValueError as fault:
        yield (
            f"template {one.key}: what it taught cannot be read ({fault}), so its pages are"
            f" searched; to learn it afresh: scrapy sites forget {site} --template {one.key}"
        )
        return
    if template is None:
        yield f"template {one.key}: {_few(one.pages)}{_days(one)}"
    else:
        yield from _outline(one, template, usage)


def _few(pages: int) -> str:
    if pages < LEAST:
        return f"{_pages(pages)} of the {LEAST} that it takes"
    return f"{_pages(pages)}, not learned from yet; the next page that teaches it completes it"


def _outline(one: TaughtTemplate, template: Template, usage: Usage) -> Iterator[str]:
    more = "+" if template.pages >= SAMPLE else ""
    recent = f", {one.recent} of the {one.of_recent} newest" if one.of_recent else ""
    yield f"template {one.key}: {_pages(template.pages, more)}{recent}{_days(one)}"
    yield f"  {_use(one, usage)}"
    boxes = _boxes(template)
    lines = [*_lines(template), *_box_lines(boxes[:BOXES], template.pages)]
    width = max(len(line.path) for line in lines)
    yield from (f"    {what:{_WIDTH}}  {path:{width}}  {on}".rstrip() for what, path, on in lines)
    smaller = len(boxes) - BOXES
    if smaller > 0:
        yield f"    and {smaller} smaller box{'' if smaller == 1 else 'es'}"


def _pages(pages: int, more: str = "") -> str:
    return f"{pages}{more} page{'' if pages == 1 else 's'}"


def _days(one: TaughtTemplate) -> str:
    if one.since is None or one.seen_at is None:
        return ""
    return f"; since {one.since:%Y-%m-%d}, last seen {one.seen_at:%Y-%m-%d}"


def _use(one: TaughtTemplate, usage: Usage) -> str:
    """How far the template is trusted."""
    if one.basis != usage.basis[:LONGEST_BASIS]:
        return "learned by other rules or another version; its pages are searched"
    agree = "comparison agrees" if one.agreed == 1 else "comparisons in a row agree"
    held = f"{one.agreed} {agree}" if one.agreed else "not compared yet"
    if usage.always:
        return f"{held}; all pages are searched: [extraction] always in the site's TOML"
    rate = search_rate(one.agreed)
    share = "every new page" if rate >= 1 else f"{100 * rate:.0f} % of new pages"
    return f"{held}; {share} {'is' if rate >= 1 else 'are'} searched too"


def _lines(template: Template) -> Iterator[_Line]:
    total = template.pages
    for name in HEADS:
        yield _head_line(name, template.heads.get(name, {}), total)
    least, most = template.words[0], template.words[-1]
    words = f"{least:,}" if least == most else f"{least:,} to {most:,}"
    on = f"{total} of {total}, {words} words"
    yield _Line("body", cut(template.body, end=True), on)
    for path, pages in _texts(template)[:TEXTS]:
        yield _Line("text", cut(path, end=True), f"{pages} of {total}")


def _box_lines(boxes: Sequence[tuple[str, LearnedBox]], total: int) -> Iterator[_Line]:
    for path, box in boxes:
        on = f"{box.pages} of {total}, up to {box.characters:,} characters"
        yield _Line(box.reason, cut(path, end=True), on)


def _head_line(name: str, paths: Mapping[str, int], total: int) -> _Line:
    """Where most pages have it."""
    if not paths:
        return _Line(name, "(not seen)", "")
    path = max(paths, key=lambda path: (paths[path], path))
    others = sum(paths.values()) - paths[path]
    elsewhere = f", elsewhere on {others}" if others else ""
    return _Line(name, cut(path, end=True), f"{paths[path]} of {total}{elsewhere}")


def _texts(template: Template) -> list[tuple[str, int]]:
    """Boxes outside the body's in which most texts are the article's, with their pages."""
    found: dict[str, tuple[int, int]] = {}
    body = template.body.split(">")[-1]
    for path, classes in template.uses.items():
        uses = classes.values()
        *box, _ = path.split(">")
        if body not in box and 2 * sum(u.kept for u in uses) > sum(u.texts for u in uses):
            pages, words = found.get(path, (0, 0))
            pages = max(pages, *(use.pages for use in uses))
            found[path] = pages, words + sum(use.words for use in uses)
    most = sorted(found, key=lambda path: (-found[path][1], path))
    return [(path, found[path][0]) for path in most]


def _boxes(template: Template) -> list[tuple[str, LearnedBox]]:
    """The outermost boxes without article text, the largest first."""
    heads = {path for paths in template.heads.values() for path in paths}
    inner = {path for path in template.closed if _is_inside(path, template.closed)}
    outer = [one for one in template.closed.items() if one[0] not in heads | inner]
    return sorted(outer, key=lambda one: (-one[1].pages * one[1].characters, one[0]))


def _is_inside(path: str, closed: Mapping[str, LearnedBox]) -> bool:
    """Whether a box is inside another closed one: a path has so many steps, the nearest."""
    *above, _ = path.split(">")
    if len(above) < STEPS - 1:
        return ">".join(above) in closed
    return any(other != path and other.split(">")[1 - STEPS :] == above for other in closed)
