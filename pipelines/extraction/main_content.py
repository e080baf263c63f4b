"""The main content of a page by trafilatura: the only module that imports it."""

import re
from functools import lru_cache
from importlib.metadata import version
from typing import Any, Final

from lxml.html import HtmlElement

_BULLET: Final = re.compile(r"^(?:- |> |\d+\. |#+ )+")
NAME: Final = f"trafilatura/{version('trafilatura')}"


def main_content(tree: HtmlElement) -> list[str]:
    """The lines of main content, in order, without comments; empty if it finds none.

    Its thorough way, which compares the results of readability and jusText, costs as much again and
    gains nothing that the page model does not: docs/decisions/0021. The tree is not changed:
    trafilatura works on a copy.
    """
    import trafilatura  # noqa: PLC0415 - 90 ms and 20 MB, which the crawl's own process can spare

    found: Any = trafilatura.bare_extraction(tree, options=_options())
    if found is None:
        return []
    lines = (_BULLET.sub("", line).strip() for line in (found.text or "").split("\n"))
    return [line for line in lines if line]


@lru_cache(maxsize=1)  # made once: they take a configuration file's worth of settings
def _options() -> Any:
    from trafilatura.settings import Extractor  # noqa: PLC0415 - as above

    return Extractor(output_format="python", fast=True, comments=False, tables=False)
