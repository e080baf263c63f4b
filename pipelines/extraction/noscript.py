"""`<noscript>` as a browser with scripts reads it: text up to its end tag, whatever stands in it.

A parser that reads its markup lets an element which is not closed in it swallow the page.
"""

import re
from html import escape
from typing import Final

_START: Final = re.compile(r"<(?:noscript|NOSCRIPT)(?:\s[^<>]*)?>")
_END: Final = re.compile(r"</(?:noscript|NOSCRIPT)\s*>")


def as_text(source: str) -> str:
    """The source with the markup inside each `noscript` escaped; what is not closed stays."""
    parts, done, searched = [], 0, 0
    for end in _END.finditer(source):
        *_, start = [None, *_START.finditer(source, searched, end.start())]
        searched = end.end()
        # an earlier start than the last is one in a script
        if start is not None and _is_whole(inner := source[start.end() : end.start()]):
            parts += [source[done : start.end()], escape(inner, quote=False)]
            done = end.start()
    return "".join([*parts, source[done:]])


def _is_whole(inner: str) -> bool:
    """Whether start and end belong together: no script or comment ends between them."""
    if inner.count("</script") > inner.count("<script"):
        return False
    return inner.count("-->") <= inner.count("<!--")
