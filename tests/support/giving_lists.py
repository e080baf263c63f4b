"""Lists of sites given to `scrapy sites import`."""

import csv

from tests.support.desk import Desk, Result

QUICK = {"DOWNLOAD_DELAY": 0, "RETRY_ENABLED": 0}


def give(desk: Desk, text: str, *more: str, code: int = 0, **settings: object) -> Result:
    """Imports a list; its sites may have private addresses."""
    (desk.folder / "list").write_text(text, encoding="utf-8")
    words = ("sites", "import", str(desk.folder / "list"), "--private", *more)
    return desk.type(*words, code=code, **{**QUICK, **settings})


def failed(done: Result) -> list[dict[str, str]]:
    """The rows of what failed."""
    return list(csv.DictReader(done.out.splitlines()))
