"""Verbs as a user types them, within the test's own process."""

import contextlib
import io
from dataclasses import dataclass
from unittest.mock import patch

from scrapy.cmdline import execute
from scrapy.settings import Settings


@dataclass(frozen=True, slots=True)
class Said:
    """What a verb printed, and its exit code."""

    code: int
    out: str
    err: str


def scrapy(url: str, *words: str, **settings: str) -> Said:
    """Types `scrapy WORDS` against a database; `settings` are set as by -s."""
    made = Settings()
    made.setmodule("crawler.settings")
    made.setdict({"WINNOW_DATABASE_URL": url, **settings}, priority="cmdline")
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    err, code = io.StringIO(), 0
    with (
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        patch("scrapy.cmdline.inside_project", return_value=True),
    ):
        try:
            execute(["scrapy", *words], made)
        except SystemExit as end:
            code = int(end.code or 0)
    return Said(code, out.buffer.getvalue().decode(), err.getvalue())
