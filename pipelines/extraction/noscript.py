"""`<noscript>` as a browser with scripts reads it: text up to its end tag, whatever stands in it.

A parser that reads its markup lets an element which is not closed in it swallow the page.
"""

import re
from typing import Final

_REST: Final = re.compile(rb"(?:\s[^<>]*)?>")  # of a start tag


def as_text(source: bytes) -> bytes:
    """The source with the markup inside each `noscript` escaped; what is not closed stays."""
    name, end = b"noscript", source.find(b"</noscript")
    if end < 0:
        name, end = b"NOSCRIPT", source.find(b"</NOSCRIPT")
    if end < 0:
        return source
    parts, done, searched = [], 0, 0
    while end >= 0:
        # the last start before it; one before that is in a script
        start = source.rfind(b"<" + name, searched, end)
        searched = end + len(name) + 2
        tag = _REST.match(source, start + len(name) + 1, end) if start >= 0 else None
        if tag is not None and _is_whole(inner := source[tag.end() : end]):
            parts += [source[done : tag.end()], _escaped(inner)]
            done = end
        end = source.find(b"</" + name, searched)
    return b"".join([*parts, source[done:]])


def _escaped(inner: bytes) -> bytes:
    return inner.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;")


def _is_whole(inner: bytes) -> bool:
    """Whether start and end belong together: no script or comment ends between them."""
    if inner.count(b"</script") > inner.count(b"<script"):
        return False
    return inner.count(b"-->") <= inner.count(b"<!--")
