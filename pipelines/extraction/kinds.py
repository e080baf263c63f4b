"""The kind of a text, by the elements that it is in."""

from typing import Final

from pipelines.extraction.blocks import Container

_KINDS: Final = {
    "p": "paragraph", "li": "list", "dt": "list", "dd": "list", "blockquote": "quote",
    "q": "quote", "figcaption": "caption", "caption": "caption", "table": "table",
    "td": "table", "th": "table",
    "pre": "code", **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
}  # fmt: skip
_KIND_REACH: Final = 4  # steps up that decide a kind: the p of li>div>p is a list


def kind(containers: list[Container], number: int) -> str:
    """paragraph, heading, list, quote, caption, table, code or other."""
    found = "other"
    for _ in range(_KIND_REACH):
        if number < 0:
            break
        this = _KINDS.get(containers[number].tag, "other")
        if this in {"caption", "quote", "list", "table"} or found == "other":
            found = this if this != "other" else found
        number = containers[number].parent
    return found
