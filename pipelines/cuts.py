"""Whether a copy ends early, where a page wants money for the rest. Pure."""

import re
from collections.abc import Sequence
from typing import Final

from models.items import Article, Extraction
from models.text import count_words, words
from pipelines.boilerplate.condense import EXCERPT
from pipelines.boilerplate.interstitials import asks_to_subscribe
from pipelines.extraction.call_words import asks_readers

# A page that asks to subscribe and has only so much left, all of it known, was cut by a paywall.
_CUT: Final = 0.85
_KNOWN: Final = 0.9  # share of its words in paragraphs that the stored copy has too
_CALL: Final = 40  # words of a call that was kept; more is a new ending
_BEHIND: Final = 6  # blocks after the last that was kept, where a paywall would be
# What may stand behind any article, other each day; a call to subscribe is none of it.
_PASSING: Final = frozenset({"related", "navigation", "caption", "comment", "headline", "rule"})
_FIGURE: Final = re.compile(r"\d+(?:[.,\u066b\u066c'\u202f]\d+)*")
_ELLIPSIS: Final = re.compile(r"\s*(?:\.{3}|…|\[…\])$")
_SENTENCE_END: Final = re.compile(r"[.!?。！？।؟։።][\"'»”’」』)\]]*$")


def was_cut(known: str, new: Article, before: Extraction | None = None) -> bool:
    """Whether a copy is the beginning of what is known, and the page wants money for the rest.

    A text that only lost its end is the publisher's edit if the page ends as the stored one did
    (`before`), and was cut if something new stands there: a call, whatever its words. A call that
    is kept as the text's last lines is known by its words, or by its place.
    """
    text = new.text or ""
    behind = _behind(new)
    asks = new.metadata.paywalled is True or asks_to_subscribe([said for said, _ in behind])
    if is_beginning(known, text) and (asks_anew(new, behind, before) or _breaks_off(known, text)):
        return True
    lines = _behind_beginning(known, text)
    if lines and count_words(text) < count_words(known) and _is_call(new, lines):
        return True
    return asks and not is_beginning(known, text) and _has_less(known, text)


def is_beginning(known: str, text: str) -> bool:
    """Whether a text is the first paragraphs of what is known, the last of them perhaps in part.

    A tenth of its words may be new: a call that was kept.
    """
    lines = _behind_beginning(known, text)
    if lines is None:
        return False
    count = count_words(text)
    return sum(map(count_words, lines)) <= (1 - _KNOWN) * count < count_words(known)


def _behind_beginning(known: str, text: str) -> list[str] | None:
    """What a text says behind its common beginning with what is known; None without one.

    Also None if all that is known is there.
    """
    before, parts = known.split("\n\n"), text.split("\n\n")
    same = 0
    while same < min(len(before), len(parts)) and before[same] == parts[same]:
        same += 1
    if same == len(before):
        return None
    if same < len(parts) and _is_part(before[same], parts[same]):
        same += 1
    return parts[same:] if same else None


def _is_call(new: Article, lines: Sequence[str]) -> bool:
    """Whether a text's last lines are a call: few words that ask, or elements of another kind."""
    if new.classification is None or sum(map(count_words, lines)) > _CALL:
        return False
    if any(asks_to_subscribe([line]) or asks_readers(line) for line in lines):
        return True
    kept = {said.position for said in new.classification.blocks if said.keep}
    paths = [block.dom_path for block in new.extraction.blocks if block.position in kept]
    return set(paths[-len(lines) :]).isdisjoint(paths[: -len(lines)])


def asks_anew(new: Article, behind: Sequence[tuple[str, str]], before: Extraction | None) -> bool:
    """Whether the page is declared paywalled, or its end has a call that the stored one had not."""
    if new.metadata.paywalled is True:
        return True
    if before is None:
        return asks_to_subscribe([text for text, _ in behind])
    had = {_folded(text) for text in _texts(before)}
    fresh = [(text, hint) for text, hint in behind if _folded(text) not in had]
    return any(hint not in _PASSING or asks_to_subscribe([text]) for text, hint in fresh)


def _has_less(known: str, text: str) -> bool:
    """Whether a text is much shorter than what is known, and nearly all of it is known."""
    if count_words(text) >= count_words(known) * _CUT:
        return False
    before = set(known.split("\n\n"))
    shared = sum(count_words(part) for part in text.split("\n\n") if part in before)
    return shared >= _KNOWN * count_words(text)


def _breaks_off(known: str, text: str) -> bool:
    """Whether the text ends within a sentence of what is known."""
    last = text.rsplit("\n\n", maxsplit=1)[-1]
    if _SENTENCE_END.search(last) and not _ELLIPSIS.search(last):
        return False
    return any(_is_part(part, last) for part in known.split("\n\n"))


def _is_part(whole: str, part: str) -> bool:
    """Whether one text is the beginning of another, longer one, an ellipsis at its end or none."""
    stem = _ELLIPSIS.sub("", part)
    return bool(stem) and len(stem) < len(whole) and whole.startswith(stem)


def _behind(new: Article) -> list[tuple[str, str]]:
    """The texts that stand right after the last that was kept, each with its hint."""
    if new.classification is None:
        return []
    kept = [said.position for said in new.classification.blocks if said.keep]
    last = kept[-1] if kept else -1
    behind = range(last + 1, last + 1 + _BEHIND)
    found = [(b.position, b.text, b.hint) for b in new.extraction.blocks if b.position in behind]
    found += [
        (r.position, r.text, r.reason) for r in new.extraction.removed if r.position in behind
    ]
    return [(text, hint) for _, text, hint in sorted(found)]


def _texts(page: Extraction) -> list[str]:
    return [*(block.text for block in page.blocks), *(run.text for run in page.removed)]


def _folded(text: str) -> str:
    """A text without its figures, as far as a run of removed blocks keeps one."""
    return " ".join(words(_FIGURE.sub("0", text[:EXCERPT])))
