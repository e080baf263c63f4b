"""A page of a stranger as a sanitised copy, in which each text is marked with its fate. Pure.

The copy has the page's HTML and inline styles, and nothing that runs, loads, submits or leads
away. It is shown in a sandboxed frame whose policy forbids all of that once more.
"""

import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from itertools import pairwise
from typing import Final

import lxml.html
import nh3
from lxml.html import HtmlElement

from models.text import words
from pipelines.extraction.inline import BLOCK, INLINE
from pipelines.extraction.tree import UNREAD, parse
from pipelines.inspection.page_fates import KEPT, TextFate
from pipelines.inspection.page_texts import elements

NUMBER: Final = "data-winnow-block"  # the number of a text
FATE: Final = "data-winnow-fate"  # as of TextFate.tint
WHY: Final = "data-winnow-why"  # a word, on the first of neighbours with one reason
# with their content; what a button says can be part of a sentence
_DROPPED: Final = (UNREAD | {"applet", "frame", "frameset", "noframes", "title"}) - {"button"}
_TAGS: Final = (
    (INLINE | BLOCK | {"br"})
    - {"body", "dialog", "fieldset", "form", "html", "img", "label", "legend", "picture", "source"}
    - _DROPPED
)
_ATTRIBUTES: Final = frozenset(
    {
        "class",
        "id",
        "style",
        "dir",
        "lang",
        "align",
        "colspan",
        "rowspan",
        "open",
        NUMBER,
        FATE,
        WHY,
    }
)
_WHOLE: Final = frozenset({"table", "pre"})  # one text each, whatever is in them
_LONGEST_STYLE: Final = 300_000  # characters of all style elements that are shown
# what a style sheet loads; escaped forms are refused by the frame's policy
_LOADS: Final = re.compile(r"@import\b[^;]*;?|(?:url|image|image-set|src)\s*\([^)]*\)", re.I)
# In a layer that is declared first: there, what is important wins over all that the page's own
# sheets call important. Overlays would lie above what they hide, hidden texts were read too.
_STYLE: Final = f"""@layer LAYER {{
* {{ position: static !important; display: revert !important; visibility: visible !important;
  opacity: 1 !important; transform: none !important; filter: none !important;
  clip-path: none !important; max-height: none !important; animation: none !important;
  transition: none !important; }}
html {{ overflow-wrap: anywhere !important; background: #fff !important; color: #1b1b1b;
  font: 16px/1.5 serif; }}
body {{ margin: 0.75rem !important; }}
[{NUMBER}] {{ cursor: pointer !important; color: #1b1b1b !important; text-shadow: none !important;
  box-shadow: inset 4px 0 0 var(--edge) !important; padding-left: 8px !important;
  background: var(--tint) !important; }}
[{FATE}=kept] {{ --tint: #e3f4e6 !important; --edge: #2f8f46 !important; }}
[{FATE}=restored] {{ --tint: #dcebfb !important; --edge: #2367b0 !important; }}
[{FATE}=removed] {{ --tint: #fbe3e1 !important; --edge: #b3372f !important; }}
[{FATE}=rule-kept] {{ --tint: #efe6fb !important; --edge: #2f8f46 !important; }}
[{FATE}=rule-removed] {{ --tint: #efe6fb !important; --edge: #b3372f !important; }}
[{FATE}=unread] {{ --tint: #eeeeee !important; --edge: #6b6b6b !important; }}
[{WHY}]::before {{ content: attr({WHY}) !important; float: right !important;
  margin-left: 1em !important; padding: 0 6px !important; border-radius: 8px !important;
  background: var(--edge) !important; color: #fff !important;
  font: 600 11px/16px sans-serif !important; }}
[{NUMBER}]::after {{ content: none !important; }}
[{NUMBER}]:hover {{ outline: 2px solid var(--edge) !important; }}
[{NUMBER}].winnow-chosen {{ outline: 3px solid #7a3fc4 !important; }}
[{NUMBER}].winnow-covered {{ outline: 3px dashed #7a3fc4 !important; }}
}}
"""


def page_copy(body: bytes, charset: str | None, fates: Sequence[TextFate]) -> str:
    """The page as one HTML document. Raises ExtractionFailed as `parse` does."""
    tree = parse(body, charset)
    numbered = elements(tree)
    labels = _labels(fates)
    for number, of_element in _by_element(fates).items():
        _mark(numbered[number], of_element, labels)
    styles = _styles(tree)
    content = tree.find("body")
    if content is None:
        content = tree
    content.tag = "div"
    for folded in content.iter("details"):
        folded.set("open", "")
    source = lxml.html.tostring(content, encoding="unicode", with_tail=False)
    shown = nh3.clean(
        source,
        tags=set(_TAGS),
        clean_content_tags=set(_DROPPED),
        attributes={"*": set(_ATTRIBUTES)},
        attribute_filter=_filtered,
        strip_comments=True,
        link_rel=None,
    )
    # a name that the page cannot know, and so cannot add to
    ours = _STYLE.replace("LAYER", f"winnow-{secrets.token_hex(8)}", 1)
    language = escape(tree.get("lang") or "", quote=True)
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f"<title>Archived copy</title><style>{ours}</style><style>{styles}</style></head>"
        f"<body>{shown}</body></html>"
    )


def _by_element(fates: Iterable[TextFate]) -> dict[int, list[TextFate]]:
    found: dict[int, list[TextFate]] = {}
    for fate in fates:
        if fate.element is not None:
            found.setdefault(fate.element, []).append(fate)
    return found


def _labels(fates: Sequence[TextFate]) -> dict[int, str]:
    """A word for each text that was not simply kept, once for neighbours with the same."""
    words_of = {fate.number: fate.reason or fate.fate for fate in fates}
    return {
        fate.number: words_of[fate.number]
        for before, fate in pairwise([None, *fates])
        if fate is not None
        and words_of[fate.number] != KEPT
        and (before is None or words_of[before.number] != words_of[fate.number])
    }


def _mark(element: HtmlElement, fates: Sequence[TextFate], labels: Mapping[int, str]) -> None:
    """Marks an element, or if it holds other blocks too, a span around each text of its own."""
    if len(fates) == 1 and (element.tag in _WHOLE or not any(map(_parts, element))):
        _set(element, fates[0], labels)
        return
    with_words = [run for run in _runs(element) if words(_text(element, run))]
    for run, fate in reversed(list(zip(with_words, fates, strict=False))):
        _set(_wrap(element, run), fate, labels)
    if len(fates) > len(with_words):  # texts parted by a block deep in something inline
        _set(element, fates[len(with_words)], labels)


def _set(element: HtmlElement, fate: TextFate, labels: Mapping[int, str]) -> None:
    element.set(NUMBER, str(fate.number))
    element.set(FATE, fate.tint)
    if label := labels.get(fate.number):
        element.set(WHY, label)
    if element.tag not in _TAGS:  # a form, a custom element: their tags go, and marks with them
        element.tag = "div"


def _parts(child: HtmlElement) -> bool:
    """Whether an element ends the text before it: a block, or the first of two line breaks."""
    if child.tag == "br":
        after = child.getnext()
        return after is not None and after.tag == "br" and not (child.tail or "").strip()
    return child.tag not in INLINE and child.tag not in UNREAD


def _runs(element: HtmlElement) -> list[range]:
    """The children of each text of an element; the text before the first is a part of it."""
    ends = [i for i, child in enumerate(element) if _parts(child)]
    return [
        range(start, end)
        for start, end in zip([0, *(i + 1 for i in ends)], [*ends, len(element)], strict=True)
    ]


def _text(element: HtmlElement, run: range) -> str:
    parts = [_lead(element, run)]
    for child in element[run.start : run.stop]:
        parts += [*child.itertext(), child.tail or ""]
    return " ".join(parts)


def _lead(element: HtmlElement, run: range) -> str:
    """The text before a run's first child."""
    return (element[run.start - 1].tail if run.start else element.text) or ""


def _wrap(element: HtmlElement, run: range) -> HtmlElement:
    """A new span around a run of an element's content."""
    span = element.makeelement("span")
    span.text = _lead(element, run)
    children = element[run.start : run.stop]
    if run.start:
        element[run.start - 1].tail = None
    else:
        element.text = None
    element.insert(run.start, span)
    span.extend(children)  # with the texts behind them
    return span


def _styles(tree: HtmlElement) -> str:
    """The page's own style elements, without what they would load."""
    found = "\n".join(style.text or "" for style in tree.iter("style"))[:_LONGEST_STYLE]
    return _LOADS.sub("", found).replace("<", "")


def _filtered(_tag: str, name: str, value: str) -> str | None:
    # what an element calls important itself would win over any layer
    return _LOADS.sub("", value.replace("!", "")) if name == "style" else value
