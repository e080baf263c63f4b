"""A page on its way through the browser: as it was fetched, and what its scripts made of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Document:
    """What was fetched."""

    url: str
    headers: Mapping[str, str]  # lower-case names; several values in lines of one
    body: bytes = field(repr=False)
    user_agent: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """The result: its DOM, or the URL that its scripts redirected to."""

    browser: str  # name and version
    html: str = field(repr=False, default="")
    moved_to: str | None = None
