"""`<noscript>` as a browser with scripts reads it: text up to its end tag, whatever stands in it.

A parser that reads its markup lets an element which is not closed in it swallow the page.
"""

import re
from html import escape
from typing import Final

_REST: Final = re.compile(r"(?:\s[^<>]*)?>")  # of a start tag


def as_text(source: str) -> str:
    """The source with the markup inside each `noscript` escaped; what is not closed stays."""
    name = "noscript" if "</noscript" in source else "NOSCRIPT"
    parts, done, searched = [], 0, 0
    while (end := source.find(f"</{name}", searched)) >= 0:
        # the last start before it; one before that is in a script
        start = source.rfind(f"<{name}", searched, end)
        searched = end + len(name) + 2
        tag = _REST.match(source, start + len(name) + 1, end) if start >= 0 else None
        if tag is not None and _is_whole(inner := source[tag.end() : end]):
            parts += [source[done : tag.end()], escape(inner, quote=False)]
            done = end
    return "".join([*parts, source[done:]])


def _is_whole(inner: str) -> bool:
    """Whether start and end belong together: no script or comment ends between them."""
    if inner.count("</script") > inner.count("<script"):
        return False
    return inner.count("-->") <= inner.count("<!--")
