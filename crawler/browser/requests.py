"""Which of its requests a page's browser makes. Pure: it is told what a request is for."""

from enum import Enum
from typing import Final, NamedTuple

# what the text does not need; `ping` is sendBeacon too
_UNWANTED: Final = frozenset(
    {"image", "media", "font", "texttrack", "manifest", "ping", "cspviolationreport"}
)
_LASTING: Final = frozenset({"eventsource", "websocket"})  # they stay open: nobody waits for them


class Wanted(NamedTuple):
    """One request, as the browser describes it."""

    url: str
    method: str
    kind: str  # Playwright's resource type
    is_navigation: bool
    is_top: bool  # of the page itself, not of a frame in it or of a window that it opened


class Answer(Enum):
    """What the request gets."""

    DOCUMENT = "the page that was fetched"
    MOVED = "nothing: the page leads to another, which the crawl asks for"
    AGAIN = "nothing: the page asks for itself, as a challenge does with a cookie"
    NETWORK = "the network's answer, through the proxy"
    NOTHING = "nothing"


def answer(wanted: Wanted, asked: str, *, has_begun: bool) -> Answer:
    """What a request gets of a page that was fetched from `asked`.

    `has_begun`: the browser has the page's document.
    """
    if wanted.is_navigation:
        if not wanted.is_top or wanted.method != "GET":
            return Answer.NOTHING
        if not has_begun:
            return Answer.DOCUMENT
        if _page(wanted.url) == _page(asked):
            return Answer.AGAIN
        is_web = wanted.url.startswith(("http://", "https://"))
        return Answer.MOVED if is_web else Answer.NOTHING
    return Answer.NOTHING if wanted.kind in _UNWANTED else Answer.NETWORK


def is_waited_for(kind: str) -> bool:
    """Whether a page is not ready while a request of this kind is under way."""
    return kind not in _LASTING and kind not in _UNWANTED


def _page(url: str) -> str:
    return url.partition("#")[0]
