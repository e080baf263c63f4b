"""The main content of a page by trafilatura: the only module that imports it."""

import re
from importlib.metadata import version
from typing import Final

import trafilatura
from lxml.html import HtmlElement
from trafilatura.metadata import Document
from trafilatura.settings import Extractor

_BULLET: Final = re.compile(r"^(?:- |> |\d+\. |#+ )+")
NAME: Final = f"trafilatura/{version('trafilatura')}"
# Made once: it reads a configuration file's worth of settings each time.
_OPTIONS: Final = Extractor(output_format="python", fast=True, comments=False, tables=False)


def main_content(tree: HtmlElement) -> list[str]:
    """The lines of main content, in order, without comments; empty if it finds none.

    Its thorough way, which compares the results of readability and jusText, costs as much again and
    gains nothing that the page model does not: docs/decisions/0021. The tree is not changed:
    trafilatura works on a copy.
    """
    found = trafilatura.bare_extraction(tree, options=_OPTIONS)
    if not isinstance(found, Document):
        return []
    lines = (_BULLET.sub("", line).strip() for line in (found.text or "").split("\n"))
    return [line for line in lines if line]
