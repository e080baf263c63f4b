"""The main content of a page by trafilatura: the only module that imports it."""

import re
from importlib.metadata import version
from typing import Final

import trafilatura
from lxml.html import HtmlElement
from trafilatura.metadata import Document

_BULLET: Final = re.compile(r"^(?:- |> |\d+\. |#+ )+")
NAME: Final = f"trafilatura/{version('trafilatura')}"


def main_content(tree: HtmlElement, url: str, *, thorough: bool) -> list[str]:
    """The lines of main content, in order, without comments; empty if it finds none.

    `thorough`: if its own rules find little, it compares the results of readability and jusText,
    for half as much time again. The tree is not changed: trafilatura works on a copy.
    """
    found = trafilatura.bare_extraction(
        tree, url=url, include_comments=False, include_tables=False, fast=not thorough
    )
    if not isinstance(found, Document):
        return []
    lines = (_BULLET.sub("", line).strip() for line in (found.text or "").split("\n"))
    return [line for line in lines if line]
