"""What is known of a URL, laid out for a terminal."""

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from crawler.reports.diff_colors import colored
from crawler.reports.text_tables import format_time
from crawler.sources.parsers.link_shape import is_home, is_listing
from models.crawl.url_rows import DEAD
from models.templates import OFF_TEMPLATE

History = Mapping[str, Any]
_OTHERS: Final = 3  # sites shown that leave a URL out
_WAYS: Final = {
    "news_sitemap": "a news sitemap",
    "sitemap": "a sitemap",
    "feed": "a feed",
    "section": "a section page",
    "redirect": "a redirect",
    "canonical": "another page's canonical link",
    "urls_file": "a file of URLs",
}


def lines(
    history: History,
    metadata: Iterable[str] = (),
    blocks: Iterable[str] = (),
    *,
    diff: bool,
    colours: bool = False,
) -> Iterator[str]:
    """Everything, section by section; `metadata` and `blocks`: the lines of what the page says."""
    yield f"{history['url']}  (times are UTC)"
    yield from _found(history)
    yield from _events(history)
    article = history["article"]
    if article is None:
        yield ""
        if history["erased"]:
            at = format_time(history["erased"]["at"])
            yield f"It was erased on {at}: {history['erased']['why']}"
            return
        elif history["refused_at"]:
            at = format_time(history["refused_at"])
            yield f"What was stored of it was refused on {at}: the site shows that text elsewhere."
        else:
            yield "No article of it is stored."
        yield from metadata
        yield from blocks
        return
    if history["moved_to"]:
        yield ""
        yield f"Its page moved to {history['moved_to']}, and the article with it:"
    yield from _article(article, metadata)
    yield from blocks
    if diff:
        yield from colored(differences(article["revisions"]), colours=colours)


def unknown_lines(url: str, refusals: Sequence[Mapping[str, str | None]]) -> Iterator[str]:
    """Where no source has named the URL: which site would take it, and why others would not."""
    yield url
    yield "Not known: no source has named it as an article, and nobody has asked for it."
    if is_listing(url) or is_home(url):
        yield "Its address looks like that of a list, or of a page about the site: no article's."
        yield "A sitemap's pages of that kind are left out; those of a feed or a section are not."
    if not refusals:
        yield "No site is set up; type: scrapy sites add URL"
    takers = [named["site"] for named in refusals if named["refusal"] is None]
    yield from (f"  {site} would take it, if a source named it" for site in takers)
    others = [named for named in refusals if named["refusal"] is not None]
    shown = others[:_OTHERS]
    yield from (f"  {named['site']} leaves it out: {named['refusal']}" for named in shown)
    if len(others) > len(shown):
        yield f"  and {len(others) - len(shown)} more sites leave it out"
    if takers:
        yield "To fetch it now, put it into a file and type: scrapy crawl recrawl -a urls=FILE"


def differences(revisions: Sequence[History]) -> Iterator[str]:
    """Each revision against the one before, paragraph by paragraph."""
    for old, new in pairwise(revisions):
        yield ""
        was, now = (
            f"revision {r['revision']} ({format_time(r['fetched_at'])})" for r in (old, new)
        )
        yield from difflib.unified_diff(
            _paragraphs(old), _paragraphs(new), was, now, n=1, lineterm=""
        )


def _paragraphs(revision: History) -> list[str]:
    return [f"# {revision['title'] or '(no title)'}", *revision["text"].split("\n\n")]


def _found(history: History) -> Iterator[str]:
    way = _WAYS.get(history["found_by"], history["found_by"])
    yield f"  site       {history['site']}"
    yield f"  found      {format_time(history['found_at'])} by {way}" + _where(history["found_in"])
    hints = [
        ("title", history["hint_title"]),
        ("published", _dated(history["hint_published_at"], history["hint_precision"])),
        ("modified", format_time(history["hint_modified_at"])),
    ]
    for name, hint in hints:
        if hint:
            yield f"  hint       {name}: {hint}"
    yield f"  now        {_state(history)}"
    if history["canonical_url"] and history["canonical_url"] != history["url"]:
        yield f"  canonical  {history['canonical_url']}"


def _state(history: History) -> str:
    words = {"found": "waits to be fetched", "done": "done", "dead": "given up"}
    state: str = words.get(history["state"]) or history["state"]
    if queue := history["queue"]:
        state += ", rarely asked for" if queue["rarely"] else " after all others"
        state += f": {queue['tries']} pages like it ({queue['shape']}) brought no article"
    if history["outcome"]:
        state += f", last outcome {history['outcome']}"
    if history["attempts"]:
        state += f", failed {history['attempts']} times in a row"
    if history["state"] == DEAD:
        state += ", tried once more a week after that if a source still names it"
    elif history["not_before"]:
        state += f", asked for again from {format_time(history['not_before'])}"
    if history["owner"]:
        state += f", held by {history['owner']} until {format_time(history['leased_until'])}"
    return state


def _events(history: History) -> Iterator[str]:
    """What happened to the page, in the order of time."""
    article = history["article"]
    entries = [
        *((one["fetched_at"], 0, _fetched(one)) for one in history["captures"]),
        *((one["at"], 1, _outcome(one)) for one in history["outcomes"]),
        *(
            (one["extracted_at"], 2, _revision(one, article["revision"]))
            for one in (article["revisions"] if article else ())
        ),
    ]
    yield ""
    count = len(history["captures"])
    none = "no copy is left" if history["erased"] else "never"
    yield f"What happened, in order; fetched and archived: {count or none}"
    for at, _, told in sorted(entries, key=lambda entry: entry[:2]):
        first, *more = told
        yield f"  {format_time(at)}  {first}"
        yield from (f"{'':23}{line}" for line in more)


def _fetched(capture: History) -> list[str]:
    where = f", in {store}" if (store := capture["warc_store"]) else ""
    where = f", in the spool of {host}" if (host := capture["warc_host"]) else where
    cut = f", cut: {capture['truncated']}" if capture["truncated"] else ""
    return [
        f"fetched   HTTP {capture['http_status']}, {capture['body_size']} bytes, run"
        f" {capture['run_id']}{cut}",
        f"copy {capture['capture_id']}: {capture['warc_file']} at {capture['warc_offset']}{where}",
    ]


def _outcome(outcome: History) -> list[str]:
    status = f", HTTP {outcome['http_status']}" if outcome["http_status"] else ""
    reason = [outcome["reason"]] if outcome["reason"] else []
    return [f"outcome   {outcome['outcome']}{status}, {outcome['kind']} run {outcome['run_id']}",
            *reason]  # fmt: skip


def _revision(revision: History, current: int) -> list[str]:
    now = " (current)" if revision["revision"] == current else ""
    title = revision["title"] or "(no title)"
    return [f"revision  {revision['revision']}{now}, {revision['change']}: {title}"]


def _article(article: History, metadata: Iterable[str]) -> Iterator[str]:
    yield ""
    yield f"Article {article['article_id']}, revision {article['revision']}"
    yield from metadata
    yield f"  words      {article['word_count']}"
    yield from _read(article)
    # it is stored some moments after it was fetched
    seen = sorted(format_time(article[name]) for name in ("first_seen_at", "fetched_at"))
    yield f"  seen       {' first, '.join(seen)} last"
    if article["withdrawn_at"]:
        yield f"  withdrawn  {format_time(article['withdrawn_at'])}"
    for member in article["cluster"]:
        if member["article_id"] != article["article_id"]:
            role = "original" if member["is_original"] else "copy"
            yield f"  {role:<9}  article {member['article_id']}: {member['url']}"
        if member["reason"] and member["article_id"] == article["article_id"]:
            similarity = "" if member["similarity"] is None else f" ({member['similarity']:.2f})"
            yield f"  cluster    {article['cluster_id']}: {member['reason']}{similarity}"


def _read(article: History) -> Iterator[str]:
    """How the current revision was read: off a template, or by search."""
    current = (r for r in article["revisions"] if r["revision"] == article["revision"])
    for extractor in (r["extractor"] for r in current):
        off = extractor.split(" ")[-1] == OFF_TEMPLATE
        of = "" if article["template"] is None else f" {article['template']}"
        since = " (forgotten since)" if article["template_forgotten"] else ""
        how = f"read off its site's template{of}{since}" if off else "searched"
        yield f"  extractor  {extractor}: {how}"


def _dated(at: Any, precision: str | None) -> str:
    return format_time(at)[: 10 if precision == "day" else 19]


def _where(found_in: str | None) -> str:
    return f", {found_in}" if found_in else ""
