"""The rule loop: what a rule would change on a site, the rule written, the archive read again."""

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, func, select
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from crawler.inspection.selector_matches import SelectorMatcher
from crawler.look.pages import look_of, reading
from crawler.look.rule_drafts import with_rule
from crawler.look.rule_jobs import Job, Jobs
from crawler.look.rule_requests import Rule, posted, rule_in, site_in
from crawler.look.rule_results import shown
from crawler.look.state import Look
from models.articles import extractions, rows
from models.crawl import frontier
from models.errors import UsageError
from models.sites import registry
from models.sites.file_text import FileText, read_file, write_file
from models.sites.selector_lists import changed_lines, checked
from models.views.run_views import CAPTURES, RUNS
from pipelines.page_reader import is_current

_ALL: Final = 10**8  # articles


@dataclass(frozen=True, slots=True)
class Rules:
    """What the rule loop of one server remembers."""

    matcher: SelectorMatcher
    jobs: Jobs = field(default_factory=Jobs)
    # by site, what was written: the text before, and the digest of the file after
    written: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def can_undo(self, site: str) -> bool:
        """Whether this server has written to a site's file, and not taken all of it back."""
        return bool(self.written.get(site))


def rules_of(request: Request) -> Rules:
    """The state that `create_app` made."""
    found = request.app.state.rules
    if not isinstance(found, Rules):
        raise TypeError("the application has no state of rules")
    return found


def _preview(request: Request, body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Starts a dry run with the drafted rule, in a folder of its own.

    It reads those of the newest articles, and of the page that is looked at, on which the selector
    finds something: no other can change by the rule. `sample`: of how many; `total`: all articles
    of the site; `otherwise`: those that an earlier extractor read, so that they may change by
    themselves; `diff`: what `/rules/write` would change in a file that still has
    `digest`.
    """
    rule, look = rule_in(body), look_of(request)
    before = _file(look, rule.site)
    draft = with_rule(before.text, rule.action, rule.selector)
    folder = Path(tempfile.mkdtemp(prefix="winnow-rule-"))
    clean = partial(shutil.rmtree, folder, ignore_errors=True)
    try:
        checked(draft, rule.site, folder)
        with reading(request) as conn:
            number = _number(conn, rule.site)
            total = rows.count(conn, number, _ALL, refused=False)
            matcher = rules_of(request).matcher
            urls, sample = ([], total) if body.get("all") else _chosen(conn, matcher, rule, body)
            bases = extractions.newest_bases(conn, number, sample)
        arguments = ["-a", f"site={rule.site}", "-a", "dry_run=1"]
        if urls:
            listed = folder / "urls.txt"
            listed.write_text("\n".join(urls), "utf-8")
            arguments += ["-a", f"urls={listed}"]
        pages = len(urls) or sample
        job = rules_of(request).jobs.start(
            "preview",
            rule.site,
            ("crawl", "reextract", *arguments, "--json"),
            {**look.settings, "WINNOW_SITES_DIR": str(folder)},
            pages=pages,
            done=clean,
        )
    except BaseException:
        clean()
        raise
    otherwise = sum(not is_current(basis) for basis in bases)
    counted = {"pages": pages, "sample": sample, "total": total, "otherwise": otherwise}
    file = {"diff": changed_lines(before.text, draft), "digest": before.digest}
    undo = {"can_undo": rules_of(request).can_undo(rule.site)}
    return {**counted, **file, **undo, "job": job.number}


def _write(request: Request, body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Writes the rule into the site's file, or with `show` only says what that would be."""
    rule, look = rule_in(body), look_of(request)
    path, before = _path(look, rule.site), _file(look, rule.site)
    draft = with_rule(before.text, rule.action, rule.selector)
    with tempfile.TemporaryDirectory(prefix="winnow-rule-") as folder:
        checked(draft, rule.site, Path(folder))
    lines = changed_lines(before.text, draft)
    if body.get("show"):
        return {"file": str(path), "diff": lines, "digest": before.digest}
    digest = write_file(path, str(body.get("digest", "")), draft)
    if lines:  # else the rule is there already, and `undo` is of the one before
        rules_of(request).written.setdefault(rule.site, []).append((before.text, digest))
    return {"file": str(path), "diff": lines, "digest": digest}


def _undo(request: Request, body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Takes back what was last written to a site's file."""
    site, look = site_in(body), look_of(request)
    rules = rules_of(request)
    if not rules.can_undo(site):
        raise UsageError(f"nothing that this server wrote to {site}.toml is left to take back")
    before, digest = rules.written[site][-1]
    write_file(_path(look, site), digest, before)
    rules.written[site].pop()
    return {"file": str(_path(look, site)), "more": rules.can_undo(site)}


def _apply(request: Request, body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Starts the re-extraction of a site by its file."""
    site, look = site_in(body), look_of(request)
    _file(look, site)
    with reading(request) as conn:
        total = rows.count(conn, _number(conn, site), _ALL, refused=False)
    job = rules_of(request).jobs.start(
        "apply", site, ("crawl", "reextract", "-a", f"site={site}"), look.settings, pages=total
    )
    return {"job": job.number, "pages": total}


def _stop(request: Request, _body: Mapping[str, Any]) -> Mapping[str, Any]:
    job = _job(request)
    job.stop()
    return {"job": job.number}


def job_state(request: Request) -> Response:
    """JSON: how far a job is, and what it found."""
    try:
        job = _job(request)
    except UsageError as wrong:
        return JSONResponse({"error": str(wrong)}, 404)
    return JSONResponse(
        {
            "state": job.state,
            "kind": job.kind,
            "pages": job.pages,
            "read": _read(request, job),
            "reason": job.reason,
            "printed": list(job.printed),
            "result": None if job.result is None else shown(job.result),
        }
    )


def _read(request: Request, job: Job) -> int:
    """How many pages were read so far; a re-extraction says so in the database alone."""
    if job.kind == "preview":
        return int((job.result or job.progress).get("read", 0))
    with reading(request) as conn:
        runs = RUNS.table()
        mine = (runs.c.site == job.site, runs.c.kind == "reextract", runs.c.status == "running")
        found = conn.execute(select(func.max(runs.c.urls)).where(*mine)).scalar()
    job.seen = max(job.seen, int(found or 0))  # it has ended there some time before here
    return job.pages if job.state == "done" else job.seen


def _job(request: Request) -> Job:
    number = str(request.path_params["number"])
    found = rules_of(request).jobs.find(number)
    if found is None:
        raise UsageError(f"no job {number}; the server began anew since")
    return found


def _path(look: Look, site: str) -> Path:
    return look.sites_dir / f"{site}.toml"


def _file(look: Look, site: str) -> FileText:
    return read_file(_path(look, site))


def _number(conn: Connection, site: str) -> int:
    number = registry.number_of(conn, site)
    if number is None:
        raise UsageError(f"no run of a site {site!r} yet")
    return number


def _chosen(
    conn: Connection, matcher: SelectorMatcher, rule: Rule, body: Mapping[str, Any]
) -> tuple[list[str], int]:
    """The URLs of the pages on which the selector finds something, and of how many."""
    site_id = _number(conn, rule.site)
    pages, found = matcher.matches(conn, site_id, [rule.selector])
    copies = CAPTURES.table()
    query = select(copies.c.url).where(copies.c.capture_id.in_(found[rule.selector]))
    urls = dict.fromkeys(conn.execute(query).scalars())
    page = body.get("page")
    row = frontier.get(conn, page) if isinstance(page, int) else None
    if row is not None and row.site_id == site_id:
        own = set(rows.captures_of(conn, [row.url_id]).values())
        if own.difference(rows.newest_captures(conn, site_id, matcher.most)):  # an older article
            urls[row.url], pages = None, pages + 1
    if not pages:
        raise UsageError(f"{rule.site} has no article with an archived copy to read again")
    if not urls:
        raise UsageError(f"the selector finds nothing on the newest {pages} articles")
    return list(urls), pages


routes: Final = [
    posted("/rules/preview", _preview),
    posted("/rules/write", _write),
    posted("/rules/undo", _undo),
    posted("/rules/apply", _apply),
    posted("/rules/jobs/{number}/stop", _stop),
    Route("/rules/jobs/{number}", job_state),
]
