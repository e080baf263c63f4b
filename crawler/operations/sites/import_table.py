"""What became of each line of a list: a CSV of failures that can be imported again, or JSON."""

import csv
import json
import sys
from collections import Counter
from collections.abc import Sequence
from io import StringIO
from typing import Any, Final, TextIO

from crawler.operations.whole_file import whole_file
from crawler.reports import colors
from crawler.reports.export import csv_cell
from models.sites.config import Site
from models.sites.import_lists import Wanted

COLUMNS: Final = ("url", "name", "outcome", "reason", "feeds", "private", "title")
_OUTCOMES: Final = ("imported", "known", "failed")
_WIDTH: Final = max(map(len, _OUTCOMES))


class ImportTable:
    """Each line has one outcome: 'imported', 'known' or 'failed'; a second one is not noted."""

    def __init__(self, *, is_json: bool, shows_each: bool) -> None:
        self._is_json, self._shows_each = is_json, shows_each
        self._count: Counter[str] = Counter()
        self._done: set[int] = set()
        self._failed: list[tuple[Wanted, str]] = []

    @property
    def failed(self) -> int:
        """How many lines failed."""
        return self._count["failed"]

    def imported(self, one: Wanted, site: Site, faults: Sequence[str], hint: str) -> None:
        """A file was written; `faults`: what else could not be read; `hint`: what to do, or ''."""
        said = [fault for fault in faults if fault.startswith(one.feeds)] if one.feeds else []
        said = [f"left out: {'; '.join(said)}"] if said else []
        said += [f"hint: {hint}"] if hint else []
        is_new = one.number not in self._done
        self._note(one, "imported", site.name, site.start, "; ".join(said))
        if hint and is_new and not (self._is_json or self._shows_each):
            print(f"{site.name}: hint: {hint}", file=sys.stderr)

    def known(self, one: Wanted, name: str) -> None:
        """The site has a file."""
        self._note(one, "known", name, one.address, f"already: site {name!r}")

    def fail(self, one: Wanted, reason: str) -> None:
        """Nothing was written."""
        if one.number not in self._done:
            self._failed.append((one, reason))
        self._note(one, "failed", one.name, one.address, reason)

    def summary(self) -> str:
        """How many of each, in one line."""
        return ", ".join(f"{outcome} {self._count[outcome]}" for outcome in _OUTCOMES)

    def close(self, out: str | None) -> None:
        """Writes the failures: to a file, or without one to the standard output, if any.

        Raises UsageError if the file cannot be written.
        """
        if out is not None and out != "-":
            with whole_file(out, "write another name") as file:
                file.write(self._csv().encode())
        elif self._failed and not self._is_json:
            sys.stdout.write(self._csv())

    def _csv(self) -> str:
        made = StringIO()
        self._write(made)
        return made.getvalue()

    def _write(self, file: TextIO) -> None:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(COLUMNS)
        for one, reason in sorted(self._failed, key=lambda pair: pair[0].number):
            private = "true" if one.private else ""
            feeds = " ".join(one.feeds)
            texts = (one.address, one.name or "", "failed", reason, feeds, private, one.title)
            rows.writerow(map(csv_cell, texts))

    def _note(self, one: Wanted, outcome: str, name: str | None, url: str, reason: str) -> None:
        if one.number in self._done:
            return
        self._done.add(one.number)
        self._line(one.line, url, name, outcome, reason)
        for line in one.again:
            also = outcome if outcome == "failed" else "known"
            self._line(line, url, name, also, f"the same site as line {one.line}")
        if self._shows_each:
            shown = colors.state(outcome) if colors.wants_color(sys.stderr) else outcome
            padding = " " * (_WIDTH - len(outcome))  # colours take no room
            rest = f"  {name or '-':20}  {url}  {reason}".rstrip()
            print(f"{shown}{padding}{rest}", file=sys.stderr)

    def _line(self, line: int, url: str, name: str | None, outcome: str, reason: str) -> None:
        self._count[outcome] += 1
        if not self._is_json:
            return
        said: dict[str, Any] = {"line": line, "url": url, "name": name, "outcome": outcome}
        print(json.dumps({**said, "reason": reason or None}), flush=True)
