"""Where the pages of a run led their readers on to, so that a loop of them ends as one."""

from collections import OrderedDict
from typing import Final

from models.urls import url_key

MOST: Final = 50_000  # pages that are remembered: some MB


class Trail:
    """The steps from page to page; a page leads to one other."""

    def __init__(self) -> None:
        self._to: OrderedDict[bytes, bytes] = OrderedDict()  # by the keys of URLs
        self._steps: dict[bytes, int] = {}  # pages before each that led on by themselves

    def note(self, url: str, target: str) -> None:
        """A redirect led from one page to another."""
        self._to[url_key(url)] = url_key(target)
        if len(self._to) > MOST:
            oldest, _ = self._to.popitem(last=False)
            self._steps.pop(oldest, None)

    def goes_on(self, url: str, target: str, most: int) -> bool:
        """Notes that a page leads on by itself; False in a loop, and after `most` such pages."""
        self.note(url, target)
        came, at = url_key(url), url_key(target)
        steps = self._steps[at] = self._steps.get(came, 0) + 1
        for _ in range(len(self._to)):
            if at == came:
                return False
            if at not in self._to:
                break
            at = self._to[at]
        return steps <= most
