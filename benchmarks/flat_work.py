"""What a question to the database costs: CPU, work counted by the database, and its plans."""

import json
import re
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, event

from models.db.database import Database

# tables that do not grow with the articles, URLs and runs of an archive, and names in views
SMALL: Final = frozenset(
    (
        "s",
        "h",
        "n",
        "sites",
        "site_health",
        "sources",
        "leases",
        "url_queues",
        "source_readings",
        "site_events",
    )
)
FIRST: Final = 100  # rows
FEW: Final = 2_000  # rows: PostgreSQL reads a table of so few without its index
_STEPS: Final = 100  # of SQLite's machine, between two counts
_MADE: Final = re.compile(r"(?:MATERIALIZE|CO-ROUTINE) (\w+)")
_SCAN: Final = re.compile(r"SCAN (?!CONSTANT)(?:SUBQUERY |TABLE )?(\w+)")


@dataclass(slots=True)
class Work:
    """The work of one question: times of its slowest statement, the rest of all together."""

    cpu_ms: float = 0.0  # of the slowest statement, for its first `FIRST` rows
    wall_ms: float = 0.0  # of the same
    statements: int = 0
    counted: int = 0  # SQLite: steps of its machine; PostgreSQL: pages read, in its cache or not
    scans: list[str] = field(default_factory=list)  # of large tables, not in the order asked for
    plans: list[str] = field(default_factory=list)


def measure(database: Database, ask: Callable[[Connection], Any]) -> Work:
    """Asks for the statements, then each for its plan and its time; nothing stays written."""
    work = Work()
    with database.engine.connect() as conn:
        asked = _statements_of(conn, ask)
        conn.rollback()
        for statement, given in asked:
            _explain(conn, statement, given, work)
            conn.rollback()
        with _counting(conn, work):
            ask(conn)
        conn.rollback()
        for statement, given in asked:
            _time(conn, statement, given, work)
            conn.rollback()
    return work


def _statements_of(conn: Connection, ask: Callable[[Connection], Any]) -> list[tuple[str, Any]]:
    asked: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, given: Any, _context: Any, many: bool) -> None:
        if re.match(r"\s*(select|with|update|delete)\b", statement, re.IGNORECASE):
            asked.append((statement, given[0] if many else given))

    event.listen(conn, "before_cursor_execute", note)
    try:
        ask(conn)
    finally:
        event.remove(conn, "before_cursor_execute", note)
    return asked


def _time(conn: Connection, statement: str, given: Any, work: Work) -> None:
    conn.exec_driver_sql("select 1")  # to begin the transaction is not the statement's work
    cpu, wall = _cpu(), time.perf_counter()
    answer = conn.exec_driver_sql(statement, given)
    if answer.returns_rows:
        answer.fetchmany(FIRST)
    cpu_ms, wall_ms = (_cpu() - cpu) * 1e3, (time.perf_counter() - wall) * 1e3
    answer.close()
    work.statements += 1
    if wall_ms > work.wall_ms:
        work.cpu_ms, work.wall_ms = cpu_ms, wall_ms


def _explain(conn: Connection, statement: str, given: Any, work: Work) -> None:
    if conn.dialect.name == "sqlite":
        rows = conn.exec_driver_sql(f"explain query plan {statement}", given).all()
        work.plans.append("\n".join(str(row[3]) for row in rows))
        work.scans += _scans_of_sqlite([tuple(row) for row in rows])
        return
    plan = conn.exec_driver_sql(f"explain (analyze, buffers, format json) {statement}", given)
    [found] = plan.scalar_one()
    work.plans.append(json.dumps(found["Plan"], indent=1))
    work.counted += sum(found["Plan"].get(f"Shared {kind} Blocks", 0) for kind in ("Hit", "Read"))
    work.scans += _scans_of_postgresql(found["Plan"])


def _scans_of_sqlite(steps: list[tuple[Any, ...]]) -> list[str]:
    """Large tables that are read from end to end; a walk in the order asked for stops early.

    A step is its number, that of the step it is a part of, and its words.
    """
    made = {_MADE.match(step[3]) for step in steps} - {None}
    names = SMALL | {found[1] for found in made if found}
    sorted_parts = {step[1] for step in steps if "TEMP B-TREE" in step[3]}
    scans = ((step, _SCAN.match(step[3])) for step in steps if step[1] in sorted_parts)
    return [step[3] for step, scan in scans if scan and scan[1] not in names]


def _scans_of_postgresql(node: dict[str, Any]) -> list[str]:
    found = [scan for part in node.get("Plans", ()) for scan in _scans_of_postgresql(part)]
    read = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
    if node["Node Type"] == "Seq Scan" and node["Relation Name"] not in SMALL and read > FEW:
        found.append(f"Seq Scan on {node['Relation Name']}")
    return found


@contextmanager
def _counting(conn: Connection, work: Work) -> Iterator[None]:
    """Counts the steps of SQLite's machine; PostgreSQL says its pages with the plan."""
    driver = conn.connection.driver_connection
    if conn.dialect.name != "sqlite" or driver is None:
        yield
        return

    def step() -> int:
        work.counted += _STEPS
        return 0

    driver.set_progress_handler(step, _STEPS)
    try:
        yield
    finally:
        driver.set_progress_handler(None, 0)


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
