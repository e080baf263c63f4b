"""What a fleet did that it must not do: by the log of the sites' server, and rows in the database.

The server's own log decides: what a worker says of itself is no proof.
"""

import itertools
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from crawler.middlewares.archived_first import MOST as IN_FLIGHT
from tests.support.desk import Desk
from tests.support.fleet import unfinished
from tests.support.site_server import Asked

_PAGE: Final = re.compile(r"/[^/.]+/\d+")

Logs = Mapping[str, Sequence[Asked]]  # by host


def faults_of(desk: Desk, logs: Logs, delay: float, pages: int) -> list[str]:
    """All that a fleet must not do; empty where every site was visited once."""
    sites = len(list(desk.sites.glob("*.toml")))
    done = Counter(site for (site,) in desk.tuples("select site from v1_runs where status='done'"))
    found = [
        f"{site} has {times} completed visits: {_runs_of(desk, site)}"
        for site, times in done.items()
        if times > 1
    ]
    found += [f"{site} was not visited" for site in unfinished(desk, pages)]
    found += [f"{site}: runs {one} and {two} at once" for site, one, two in twice_at_once(desk)]
    (stored,) = desk.tuples("select count(*), count(distinct url), max(revision) from v1_articles")
    if stored != (sites * pages, sites * pages, 1):
        found.append(f"stored: {stored}, not {sites * pages} articles of one revision each")
    cut = cut_short(desk)
    found += [
        f"{site}: {times} pages were fetched again, after {cut[site]} visits that were cut"
        for site, times in asked_again(logs).items()
        if times > IN_FLIGHT * cut[site]
    ]
    kept = "select url, count(*) from v1_captures group by url having count(*) > 1"
    found += [f"{url} was fetched {times} times and kept" for url, times in desk.tuples(kept)]
    return found + hurried(logs, delay) + interleaved(logs)


def cut_short(desk: Desk) -> Counter[str]:
    """How many visits of each site were not completed."""
    return Counter(
        site for (site,) in desk.tuples("select site from v1_runs where status <> 'done'")
    )


def asked_again(logs: Logs) -> Counter[str]:
    """How often pages of each site were asked for more than once; robots.txt and sources aside."""
    pages = Counter(asked.path for log in logs.values() for asked in log)
    again: Counter[str] = Counter()
    for path, times in pages.items():
        if _PAGE.fullmatch(path):
            again[path.split("/")[1]] += times - 1
    return again


def twice_at_once(desk: Desk) -> list[tuple[str, int, int]]:
    """Pairs of runs of a site that were under way at once, of which there should be none."""
    query = (
        "select a.site, a.run_id, b.run_id from v1_runs a join v1_runs b"
        " on a.site = b.site and a.run_id < b.run_id and b.started_at < a.finished_at"
    )
    return desk.tuples(query)


def hurried(logs: Logs, delay: float) -> list[str]:
    """Requests that came too soon after those before, as each host's log has them.

    One of a visit may leave late, on a machine that is too busy to run its process for a moment,
    and the next in time. So three of a visit take no less than one delay; those of two visits, of
    whichever worker, lie that far apart each time.
    """
    found = []
    for host, log in logs.items():
        for one, two in itertools.pairwise(log):
            if not _of_one_visit(one, two) and two.at - one.at < delay * 0.9:
                found.append(f"{host}: {_shown(one)}, after {two.at - one.at:.3f} s {_shown(two)}")
        for one, two, three in zip(log, log[1:], log[2:], strict=False):
            of_one = _of_one_visit(one, two) and _of_one_visit(two, three)
            if of_one and three.at - one.at < delay * 0.9:
                shown = ", ".join(map(_shown, (one, two, three)))
                found.append(f"{host}: {shown} in {three.at - one.at:.3f} s")
    return found


def interleaved(logs: Logs) -> list[str]:
    """Hosts that a worker asked again after another had begun: two were at work at once."""
    found = []
    for host, log in logs.items():
        turns = [agent for agent, _ in itertools.groupby(_agent(asked) for asked in log)]
        if len(turns) > len(set(turns)):
            found.append(f"{host}: {' '.join(turns)}")
    return found


def _of_one_visit(one: Asked, two: Asked) -> bool:
    """Whether two requests in a row are of one visit, which reads robots.txt first."""
    return two.path != "/robots.txt" and _agent(one) == _agent(two)


def _runs_of(desk: Desk, site: str) -> str:
    query = "select run_id, status, reason, started_at, finished_at, urls from v1_runs"
    rows = desk.tuples(f"{query} where site = '{site}' order by run_id")
    return "; ".join(" ".join(map(str, row)) for row in rows)


def _agent(asked: Asked) -> str:
    """The worker, by the contact that it signs its requests with."""
    return asked.headers["user-agent"].partition("+")[2].rstrip(")")


def _shown(asked: Asked) -> str:
    return f"{asked.path} of {_agent(asked)}"
