"""Pages that show something else in an article's place: consent, a challenge, a login, an error.

Such a page is known by what would be kept of it. What stands beside an article tells nothing: each
paper asks somewhere whether one is a subscriber, and briefs are shorter than the bars around them.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from models.blocks import Block
from models.items import Extraction
from models.text import count_words, words
from pipelines.boilerplate.interstitial_calls import CALLS
from pipelines.boilerplate.interstitial_names import NAMES
from pipelines.boilerplate.listings import MANY, TEASER_LINK
from pipelines.extraction.blocks import Outline

_SHORT: Final = 120  # words; more of a page that says it is an article is the article
_PREVIEW: Final = 80  # words of an article's beginning that are worth keeping, with an offer behind
_LONGEST: Final = 300  # words of the longest texts that ask for consent
_SCANT: Final = 400  # words of a page of which nothing is kept, and that is read to its end
_FEW: Final = 25  # words that a title alone explains: "403 Forbidden", and the server's name
_MOSTLY: Final = 0.4  # share of the kept words in sentences that speak to the reader
_STORY_MOSTLY: Final = 0.6  # the same, of a page that says it is an article
_SPACELESS: Final = "\u0e00"  # the first character of a script without spaces between words
_CHARACTERS: Final = 2.5  # of such a script, that say as much as a word
_EMPTY: Final = 60  # words outside of links: a footer has so many
_TEASER_WORDS: Final = 4  # a menu's links are shorter
_BEHIND: Final = 6  # blocks after the last that is kept, where a paywall would be
_BEGUN: Final = 20  # words without a sentence's end that are no teaser and no signature
_ASIDE: Final = frozenset({"aside", "footer", "nav", "header"})
_NAMELESS: Final = frozenset({"p", "div", "section", "main", "body"})
_OFFERS: Final = frozenset({"paywall", "offer", "login"})

_QUOTED: Final = re.compile('“[^”“]*”|„[^“”„]*[“”]|«[^»«]*»|「[^」]*」|『[^』]*』|"[^"]*"|‹[^›]*›')
_PARTS: Final = re.compile(r"\s+[-–—|·•»:]+\s+|\s*[|｜]\s*")
_SENTENCE: Final = re.compile(r"(?<=[.!?…])\s+|(?<=[。！？।؟])\s*")
_SENTENCE_END: Final = re.compile(r"[.!?。！？।؟։።:][\"'»”’」』)\]]*$")


def _compiled(table: Mapping[str, str]) -> dict[str, re.Pattern[str]]:
    def whole(lines: str) -> str:
        return lines.replace("\n", "").replace("~~", ".{0,140}?").replace("~", ".{0,60}?")

    return {kind: re.compile(whole(lines)) for kind, lines in table.items()}


_CALLS: Final = _compiled(CALLS)
_NAMES: Final = _compiled(NAMES)


def instead(page: Extraction, keeps: Sequence[bool]) -> str | None:
    """What a page shows in an article's place: 'consent', 'login', 'paywall', ..., or None.

    `keeps` has one flag per block: what would be kept of it. 'other' is a page that is not the one
    its source names, and does not say that it is an article.
    """
    kept = [block for block, keep in zip(page.blocks, keeps, strict=True) if keep]
    heads = [block.text for block in kept if block.kind == "heading"]
    texts = [block for block in kept if block.kind != "heading"]
    most = _SHORT if page.signs.story else _LONGEST
    total = _total(texts, most)
    if total > most:
        return None
    titled = _name_of([*page.signs.titles, *heads])
    if not texts:
        return titled or _call_in(page.blocks)
    said = {block.position: kind for block in texts if (kind := call_of(block.text))}
    asking = sum(_asking(block.text) for block in texts if block.position in said)
    share = asking / max(sum(count_words(block.text) for block in texts), 1)
    kind = next(iter(said.values()), None)
    kind = "paywall" if kind == "offer" else kind
    if kind and share >= (_STORY_MOSTLY if page.signs.story else _MOSTLY):
        return titled or kind
    if titled and (kind or total <= _FEW or page.signs.unlike) and _rules(texts, said):
        return titled
    if total <= (_PREVIEW if page.signs.story else _SHORT) and (
        offer := _offer_behind(page, texts)
    ):
        return offer
    return "other" if page.signs.unlike and not page.signs.story and total <= _SHORT else None


def no_text(page: Outline, blocks: Sequence[Block]) -> str | None:
    """'empty' if a page has neither article text nor a list of links to articles.

    Such are pages that scripts fill, and templates that nothing was put into.
    """
    if any(block.kept for block in blocks):
        return None
    teasers = sum(
        len(piece.tokens) >= _TEASER_WORDS and piece.linked / len(piece.text) > TEASER_LINK
        for piece in page.pieces
    )
    unlinked = sum(len(piece.tokens) for piece in page.pieces if not piece.linked)
    return "empty" if teasers < MANY and unlinked < _EMPTY else None


def asks_to_subscribe(texts: Iterable[str]) -> bool:
    """Whether one of the texts asks to pay for the rest of a page."""
    return any(map(_is_offer, texts))


@lru_cache(maxsize=4096)  # most are menus, which a site's pages share
def _is_offer(text: str) -> bool:
    folded = _folded(text)
    return any(_CALLS[kind].search(folded) is not None for kind in ("paywall", "offer"))


@lru_cache(maxsize=1024)
def call_of(text: str) -> str | None:
    """The kind of what a text asks of its reader, outside of quotation marks; None: nothing."""
    folded = _QUOTED.sub(" ", _folded(text))
    return next((kind for kind, calls in _CALLS.items() if calls.search(folded)), None)


def _total(texts: Iterable[Block], most: int) -> float:
    """The length of all texts; of an article, no more than shows that it has more than `most`."""
    total = 0.0
    for block in texts:
        total += _length(block.text)
        if total > most:
            break
    return total


def _length(text: str) -> float:
    """The words of a text; in scripts without spaces, a word for each few characters."""
    tokens = words(text)
    if text.isascii():
        return len(tokens)
    single = sum(len(token) == 1 and token >= _SPACELESS for token in tokens)
    return len(tokens) - single + single / _CHARACTERS


def _asking(text: str) -> int:
    """The words of a text's sentences that ask something of its reader."""
    found = sum(count_words(part) for part in _SENTENCE.split(text) if part and call_of(part))
    return found or count_words(text)  # it asks across two sentences


def _name_of(titles: Iterable[str]) -> str | None:
    """The kind of page that a title, or a part of one, is the name of."""
    for title in titles:
        for part in {title, *_PARTS.split(title)}:
            bare = _folded(part).strip(" .!?…:。！？।؟-")
            for kind, names in _NAMES.items():
                if names.fullmatch(bare):
                    return kind
    return None


def _call_in(blocks: Sequence[Block]) -> str | None:
    """The first call on a page of which nothing would be kept."""
    if sum(count_words(block.text) for block in blocks) > _SCANT:
        blocks = blocks[:_BEHIND]
    return next((kind for block in blocks if (kind := call_of(block.text))), None)


def _rules(texts: Sequence[Block], said: Mapping[int, str]) -> bool:
    """Whether no other container of a page has more words than those in which it asks something."""
    counts: dict[str, int] = {}
    for block in texts:
        place = _place(block)
        counts[place] = counts.get(place, 0) + count_words(block.text)
    asking = {_place(block) for block in texts if block.position in said}
    rest = sum(count for place, count in counts.items() if place not in asking)
    return not said or sum(counts.values()) >= 2 * rest


def _offer_behind(page: Extraction, texts: Sequence[Block]) -> str | None:
    """'paywall' or 'login' if a short text goes on behind one, in the container of the text."""
    told = [block for block in texts if call_of(block.text) not in _OFFERS]
    if not told:
        return None
    # A teaser, a signature or a reader's line behind the text is no end at which it breaks off.
    last = next((block for block in reversed(told) if _is_told(block.text)), told[-1])
    around = set(last.dom_path.split(">")[:-1]) - _NAMELESS
    broken = not _SENTENCE_END.search(last.text) or _breaks_off(last.text)
    surely = broken or page.metadata.paywalled is True
    for block in page.blocks:
        if not last.position < block.position <= last.position + _BEHIND:
            continue
        steps = block.dom_path.split(">")
        if not _ASIDE.isdisjoint(re.split(r"[.#\[]", step, maxsplit=1)[0] for step in steps):
            continue
        kind = call_of(block.text) or _name_of([block.text])
        if kind in _OFFERS and call_of(block.text):
            inside = kind == "paywall" and not around.isdisjoint(steps)
            return ("paywall" if kind == "offer" else kind) if surely or inside else None
        if block.kind == "heading" and kind not in _OFFERS:
            return None
    return None


def _is_told(text: str) -> bool:
    """Whether a text is a sentence, or so long that it can only be the beginning of one."""
    return bool(_SENTENCE_END.search(text)) or _breaks_off(text) or _length(text) >= _BEGUN


def _breaks_off(text: str) -> bool:
    return text.endswith(("...", "…", "[…]"))


def _place(block: Block) -> str:
    return block.dom_path.rpartition(">")[0]


def _folded(text: str) -> str:
    return text.casefold().replace("’", "'")
