"""The arguments of the spiders: typed values, or one line with what to write."""

from datetime import UTC, datetime

import pytest

from crawler.runs.arguments import (
    RecrawlArguments,
    ReextractArguments,
    SpiderArguments,
    parse_arguments,
)
from models.errors import UsageError

WRONG = [
    (SpiderArguments, {"sit": "x"}, "unknown argument -a sit=…; did you mean 'site'?"),
    (SpiderArguments, {"xyz": "x"}, "unknown argument -a xyz=…; known: site, limit, accept"),
    (SpiderArguments, {"limit": "0"}, "-a limit=0: not a number of URLs"),
    (SpiderArguments, {"limit": "٣"}, "-a limit=٣: not a number of URLs"),
    (SpiderArguments, {"accept": "yes"}, "-a accept=yes: write 1 or 0"),
    (RecrawlArguments, {"since": "spring"}, "-a since=spring: not a date; write 2026-05-24"),
    (RecrawlArguments, {"match": "("}, "-a match=(: not a pattern: "),
    (RecrawlArguments, {"match": ""}, "-a match=: empty; leave it out for all pages"),
    (
        RecrawlArguments,
        {"urls": "x", "match": "a"},
        "-a urls names the pages itself; leave out -a match=…",
    ),
    (
        ReextractArguments,
        {"since": "2026-05-02", "until": "2026-05-02"},
        "no day lies from since=2026-05-02 until 2026-05-02",
    ),
    (ReextractArguments, {"listed": "x"}, "unknown argument -a listed=…; "),
]


@pytest.mark.parametrize(("model", "words", "said"), WRONG, ids=[said for *_, said in WRONG])
def test_what_is_wrong_is_said_in_one_line(
    model: type[SpiderArguments], words: dict[str, str], said: str
) -> None:
    with pytest.raises(UsageError) as wrong:
        parse_arguments(model, words)
    assert str(wrong.value).startswith(said)


def test_arguments_are_typed_values() -> None:
    words = {"site": "a", "limit": "5", "accept": "1", "since": "2026-05-24", "dry_run": "1"}
    read = parse_arguments(ReextractArguments, words)
    assert (read.site, read.limit, read.accept, read.dry_run) == ("a", 5, True, True)
    assert read.since == datetime(2026, 5, 24, tzinfo=UTC)
    assert parse_arguments(SpiderArguments, {}) == SpiderArguments()
