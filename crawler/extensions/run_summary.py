"""How a run ended: well or not, why, and the one line that says so."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from models.outcomes import ERRORS, Outcome

OWN_FAULT: Final = "own_fault"  # Scrapy's word for the end, where this machine is at fault
_STOPPED: Final = {
    "shutdown": "stopped by SIGINT or SIGTERM; what was left comes next time",
    "memusage_exceeded": "stopped: it used more memory than MEMUSAGE_LIMIT_MB",
    "site_taken": "stopped: another run took the site over",
    "start_error": "the spider failed",
    OWN_FAULT: "stopped; all pages keep waiting",
}
AT_ONCE: Final = "stopped at once by SIGINT or SIGTERM; what was left comes next time"
# How the reasons of ends begin that say nothing of the site.
NOT_OF_THE_SITE: Final = (
    AT_ONCE,
    *(_STOPPED[end] for end in ("shutdown", "site_taken", OWN_FAULT)),
)
_OUT_OF_TIME: Final = "closespider_timeout"  # an end that was asked for, as `visit --max-time`
_FAULTS_SHOWN: Final = 3
_MOST_ERRORS: Final = 0.5  # of a run's URLs: a run with more of them has failed


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What came of a run."""

    kind: str
    site: str
    counts: Mapping[Outcome, int]  # URLs by outcome
    seconds: float
    source_faults: tuple[str, ...] = ()  # one line each
    sources_read: int = 0
    finish_reason: str = "finished"  # Scrapy's word
    fault: str | None = None  # what the spider failed with
    left_out: int = 0  # pages that were to be read, and that another run held
    # pages whose archived copy is still in the spool of a host, by its name
    elsewhere: Mapping[str, int] = field(default_factory=dict)
    repeated: int = 0  # errors of pages that had failed before, on a site that works otherwise

    @property
    def failure(self) -> str | None:
        """Why the run failed; None where it did not.

        It failed if it was stopped, if no source could be read and nothing was fetched, if it left
        pages out, or if more than half of its URLs ended in an error; the repeated ones aside.
        """
        if self.finish_reason not in {"finished", _OUT_OF_TIME}:
            words = _STOPPED.get(self.finish_reason, f"stopped: {self.finish_reason}")
            return f"{words}: {self.fault}" if self.fault else words
        if self.source_faults and not self.sources_read and set(self.counts) <= ERRORS:
            return f"no {self._source} could be read: {self.source_faults[0]}"
        if self.left_out:
            pages = _plural(self.left_out, "page")
            return f"{pages} left out, which another run holds; the same command goes on with them"
        if self.elsewhere:
            pages = _plural(sum(self.elsewhere.values()), "page")
            hosts = ", ".join(f"{host} ({n})" for host, n in sorted(self.elsewhere.items()))
            return (
                f"{pages} left out, whose copies are still in the spool of {hosts}: run any crawl"
                " there, which uploads them; then the same command goes on with them"
            )
        if self.errors - self.repeated > _MOST_ERRORS * (self.urls - self.repeated):
            return f"{self._most} ended in an error: {_counted(self.errors_by_outcome)}"
        return None

    @property
    def stopped(self) -> bool:
        """Whether it was stopped by somebody or by our own fault: that says nothing of the site."""
        return self.finish_reason in {"shutdown", OWN_FAULT}

    @property
    def ours(self) -> bool:
        """Whether a fault of this machine ended it."""
        return self.finish_reason == OWN_FAULT

    @property
    def _source(self) -> str:
        """What the run's pages come from."""
        return "capture" if self.kind == "reextract" else "source"

    @property
    def urls(self) -> int:
        """How many URLs the run touched."""
        return sum(self.counts.values())

    @property
    def errors_by_outcome(self) -> dict[Outcome, int]:
        """The URLs that ended in an error, by outcome."""
        return {outcome: count for outcome, count in self.counts.items() if outcome in ERRORS}

    @property
    def errors(self) -> int:
        """How many URLs ended in an error."""
        return sum(self.errors_by_outcome.values())

    @property
    def _most(self) -> str:
        """In words, which part of the URLs ended in an error."""
        if self.errors == self.urls:
            return f"all {self.urls} URLs" if self.urls > 1 else "the only URL"
        return f"more than half of the URLs ({self.errors} of {self.urls})"

    def document(self) -> dict[str, Any]:
        """The summary for programs; `failure` is why the run failed, or None."""
        return {
            "kind": self.kind,
            "site": self.site,
            "status": self.status,
            "failure": self.failure,
            "urls": self.urls,
            "errors": self.errors,
            "outcomes": {str(outcome): count for outcome, count in self.counts.items()},
            "seconds": round(self.seconds, 3),
            "source_faults": list(self.source_faults),
            "out_of_time": self.finish_reason == _OUT_OF_TIME,
        }

    @property
    def status(self) -> str:
        """'done' or 'failed'."""
        return "failed" if self.failure else "done"

    def line(self) -> str:
        """The summary for people, in one line; a failure is said beside it."""
        rate = self.urls / self.seconds if self.seconds > 0 else 0.0
        parts = [_counted(self.counts), _plural(self.errors, "error")]
        line = (
            f"{self.kind} {self.site}: {_plural(self.urls, 'URL')}: "
            f"{', '.join(part for part in parts if part)}"
            f" in {self.seconds:.0f} s ({rate:.2f} pages/s)"
        )
        if self.source_faults:
            shown = "; ".join(self.source_faults[:_FAULTS_SHOWN])
            more = len(self.source_faults) - _FAULTS_SHOWN
            line += f"; {_plural(len(self.source_faults), self._source)} failed: {shown}"
            line += f"; and {more} more" if more > 0 else ""
        if self.finish_reason == _OUT_OF_TIME:
            line += "; its time was up: what is left comes next time"
        return line


def _counted(counts: Mapping[Outcome, int]) -> str:
    return ", ".join(f"{count} {outcome}" for outcome, count in Counter(counts).most_common())


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
