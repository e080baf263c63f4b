"""Which tests are slow: those that start a server, a process, a crawl, or measure their time.

The names that a test's code and its fixtures use are followed through the functions and classes
of `tests`; one that leads to a starter, or the name of a database server, makes the test slow.
By hand are marked only those that take long for their size.
"""

from collections.abc import Callable, Iterator
from inspect import isclass, isfunction
from types import CodeType, FunctionType
from typing import Any

import pytest

from tests.databases import SERVERS

STARTERS = {  # by name: importing them here would cost every test
    "subprocess",
    "concurrent.futures.process.ProcessPoolExecutor",
    "pipelines.pool.Pool",
    "crawler.operations.visiting_processes.VisitingProcesses",
    "crawler.demo.server.SiteServer",
    "crawler.look.rule_jobs.Jobs",
    "tests.support.desk.Desk",
    "tests.support.site_server.SiteServer",
    "tests.support.alert_receiver.AlertReceiver",
    "tests.support.object_storage.S3Server",
    "tests.faults.support.hostile_server.HostileServer",
    "tests.support.fetching.fetch",
    "tests.support.browsing.chromium",
    "tests.support.look_server.look_server",
    "tests.support.small_site.SmallSite",  # crawls without a network, and takes as long
    "process_time",  # what is measured takes long enough to be
    "perf_counter",
}


def is_slow(item: pytest.Function) -> bool:
    """Whether a test starts something that a quick test does not."""
    params = getattr(item, "callspec", None)
    if params and any(value in SERVERS for value in params.params.values() if _is_text(value)):
        return True
    if SERVERS.keys() & set(item.function.__code__.co_consts):
        return True  # it asks for a server by name
    given = [value for value in (params.params.values() if params else ()) if isfunction(value)]
    fixtures = (
        definition.func
        for name in item.fixturenames
        for definition in (item._fixtureinfo.name2fixturedefs.get(name) or ())[-1:]
    )
    seen: set[Any] = set()
    return any(_starts(function, seen) for function in (item.function, *given, *fixtures))


def _starts(function: Callable[..., Any], seen: set[Any]) -> bool:
    function = getattr(function, "__wrapped__", function)
    if not isinstance(function, FunctionType) or function in seen:
        return False
    seen.add(function)
    names = set(_names(function.__code__))
    modules = [name for name in names if "." in name]
    if any(f"{module}.{name}" in STARTERS for module in modules for name in names):
        return True  # it imports a starter itself, to keep what that loads from other tests
    for name in names:
        found = function.__globals__.get(name)
        if _name(found) in STARTERS:
            return True
        if isclass(found) and found.__module__.startswith("tests."):
            if any(_starts(part, seen) for part in vars(found).values() if isfunction(part)):
                return True
        elif isfunction(found) and found.__module__.startswith("tests.") and _starts(found, seen):
            return True
    return False


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _name(found: Any) -> str:
    if isclass(found) or isfunction(found):
        return f"{found.__module__}.{found.__qualname__}"
    return getattr(found, "__name__", "")


def _is_text(value: object) -> bool:
    return isinstance(value, str)
