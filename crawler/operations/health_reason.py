"""The one line that says what is wrong with a site. Pure."""

import re
from collections.abc import Sequence
from typing import Final

from crawler.operations.monitors import Alarm

LONGEST: Final = 119  # characters
_READ: Final = 2000  # characters of a reason: it may quote what a site said, at any length
_URL: Final = re.compile(r"(https?://)([^/\s?#]+)([/?#]\S*?)?(?=[:;,.)]*(?:\s|$))")


def reason_line(alarms: Sequence[Alarm], mostly: str | None = None) -> str | None:
    """The first of the alarms, since which run, how many more there are; None without any.

    `mostly` is the commonest outcome of the pages that the first is about; left out where the
    line would grow too long.
    """
    if not alarms:
        return None
    first, more = alarms[0], len(alarms) - 1
    end = f", since run {first.since_run}" if first.since_run else ""
    end += f"; {more} more alarm{'s' if more > 1 else ''}" if more else ""
    words = " ".join(first.reason[:_READ].split())
    with_most = f"{words}, mostly {mostly}"
    if mostly and mostly not in words and len(with_most + end) <= LONGEST:
        words = with_most
    return shortened(words, LONGEST - len(end)) + end


def shortened(words: str, most: int) -> str:
    """At most that many characters: first the paths of URLs go, then their hosts, then the end."""
    for short in (words, _URL.sub(_without_path, words), _URL.sub(r"\1…", words)):
        if len(short) <= most:
            return short
    return f"{short[: most - 1]}…"


def _without_path(url: re.Match[str]) -> str:
    return f"{url[1]}{url[2]}{'/…' if url[3] and url[3] != '/' else url[3] or ''}"
