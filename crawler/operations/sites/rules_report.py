"""What `scrapy sites import-rules` says of each file: lines for people, or JSON lines."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from crawler.home import as_typed
from crawler.operations.command import EXIT_OK, WinnowCommand
from crawler.reports.colors import wants_color
from crawler.reports.diff_colors import colored
from crawler.reports.text_tables import as_json_line
from models.sites.ftr.selectors import Translated

_OUTCOMES: Final = ("written", "unchanged", "kept", "nothing", "skipped", "no_site", "failed")
_NOTHING: Final = Translated((), ())


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file's rules for one site.

    `written`: a key of the site's file has them, or would have with --dry-run; `unchanged`: it had
    them before; `kept`: it has others, which stay; `nothing`: no rule could be carried over;
    `skipped`: another file is nearer to the site; `no_site`, `failed`: see `reason`.
    """

    file: str
    outcome: str
    reason: str = ""
    site: str | None = None
    toml: Path | None = None
    rules: Translated = _NOTHING
    written: Mapping[str, Sequence[str]] = field(default_factory=dict)  # by key
    kept: Sequence[str] = ()  # keys
    other_hosts: Sequence[str] = ()
    diff: Sequence[str] = ()


class RulesReport:
    """Prints each outcome as it comes, and the sum of them at the end."""

    def __init__(self, command: WinnowCommand, *, is_json: bool, is_dry: bool) -> None:
        self._command, self._is_json, self._is_dry = command, is_json, is_dry
        self._count: Counter[str] = Counter()
        self._carried = self._directives = 0

    def add(self, one: Outcome) -> None:
        """Prints what became of a file."""
        self._count[one.outcome] += 1
        self._carried += len(one.rules.carried)
        self._directives += len(one.rules.carried) + len(one.rules.left_out)
        if self._is_json:
            print(as_json_line(_document(one, is_dry=self._is_dry)), flush=True)
        elif one.outcome in ("failed", "no_site", "skipped"):
            self._command.say(one.reason, EXIT_OK)
        else:
            self._tell(one)

    def close(self) -> None:
        """Prints how many of each, in one line on stderr."""
        words = {"written": "would be written" if self._is_dry else "written", "no_site": "no site"}
        counts = ", ".join(
            f"{words.get(name, name)} {self._count[name]}" for name in _OUTCOMES
            if self._count[name] or name in ("written", "unchanged", "failed")
        )  # fmt: skip
        carried = f"{self._carried} of {self._directives} directives carried over"
        self._command.say(f"{counts}; {carried}", EXIT_OK)

    def _tell(self, one: Outcome) -> None:
        print(f"{one.file}: site {one.site}: {_summary(one, is_dry=self._is_dry)}")
        for left in one.rules.left_out:
            at = left.directive
            print(f"  line {at.line} left out: {at.text[:200]}\n    {left.reason}")
        if one.other_hosts and one.written:
            print(f"  they hold for {', '.join(one.other_hosts)}, too: a site has one set of rules")
        for line in colored(one.diff, colours=wants_color()):
            print(f"  {line}")
        if one.written and not self._is_dry:
            next_step = f"scrapy crawl reextract -a site={one.site} -a dry_run=1"
            print(as_typed(f"  next, to see what it changes: {next_step}"))


def _summary(one: Outcome, *, is_dry: bool) -> str:
    carried = len(one.rules.carried)
    share = f"{carried} of {carried + len(one.rules.left_out)} directives carried over"
    said = []
    if one.written:
        counts = ", ".join(f"{key} {len(found)}" for key, found in one.written.items())
        said.append(f"{counts} {'would be written' if is_dry else 'written'} to {one.toml}")
    if one.kept:
        keys = " and ".join(one.kept)
        said.append(f"{keys} has other selectors, which stay (--force replaces them)")
    if one.outcome == "unchanged":
        said.append("unchanged")
    return "; ".join((share, *said))


def _document(one: Outcome, *, is_dry: bool) -> dict[str, Any]:
    return {
        "file": one.file,
        "site": one.site,
        "outcome": one.outcome,
        "reason": one.reason or None,
        "dry_run": is_dry,
        "toml": None if one.toml is None else str(one.toml),
        "written": {key: list(found) for key, found in one.written.items()},
        "kept": list(one.kept),
        "other_hosts": list(one.other_hosts),
        "carried": [
            {
                "line": carried.directive.line,
                "text": carried.directive.text,
                "key": carried.key,
                "selector": carried.selector,
            }
            for carried in one.rules.carried
        ],
        "left_out": [
            {
                "line": left.directive.line,
                "text": left.directive.text,
                "reason": left.reason,
            }
            for left in one.rules.left_out
        ],
    }
