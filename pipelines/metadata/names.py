"""Names, out of what pages write in place of an author."""

import html
import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice

from models.text import is_spaceless, one_line, words
from pipelines.metadata.credits import (
    lists_reporters,
    of_writers,
    others_apart,
    without_by,
    without_frame,
)

_MAX_RAW = 5_000  # characters read of one text
_MAX_TEXTS = 200
_SHORT = 200  # characters of a text whose names are kept
_MAX_NAME = 120
_MAX_NAMES = 50
_TAGS = re.compile(r"<[^<>]{0,500}>")
_ASIDE = re.compile(r"\s*[(\[{（〔][^()\[\]{}（）〔〕]{0,200}[)\]}）〕]")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[^\s@]{0,80}@\S+|mailto:\S+", re.IGNORECASE)
_DEGREE = re.compile(
    r"(?:ph\.?\s?d|m\.?d|m\.?s|m\.?a|m\.?sc|b\.?sc|b\.?a|mba|j\.?d|esq|r\.?d|rdn|r\.?n|cpa|cfp|cfa|cepf|"
    r"facc|facp|jr|sr|iii?)[.®™]*",
    re.IGNORECASE,
)
_TITLE_AFTER = re.compile(
    r"\s*(?:기자|특파원|논설위원|記者|记者|编辑|編輯|報導|报道|द्वारा|írta|による)$"
)
# "Ada Lind and Bo Ek for Harbour Post", "Ada Lind in Paris": where they work, behind their names.
_PLACE_AFTER = re.compile(
    r"\s+(?:for|in|at|from|via|für|aus|pour|para|per|voor|för|til|dla|w|для|в|у|için|à|a|en|em|i|på|ve|"
    r"v|we|u|na|из|στ[οη]ν?)\s+(?=[^\W\d_])",
    re.IGNORECASE,
)
_HARD = re.compile(r"\s*[;；|｜•·、]\s*|\s+[/]\s+|\n")
_DASH = re.compile(r"\s+[-–—]\s+")
_AND = re.compile(
    r"\s+(?:and|und|et|y|e|og|och|en|ja|ve|i|и|і|та|dan|a|és|și|và|και|और|এবং|و|with|mit|avec|&|\+)\s+|"
    r"\s*[、和と]\s*|\s*&\s+",
    re.IGNORECASE,
)
_FIRST_AND = re.compile(
    r"^(?:and|und|et|y|e|og|och|ja|ve|i|и|і|та|dan|a|és|și|và|και|และ|और|و)\s+", re.I
)
_ROLE = re.compile(
    r"\b(?:editor|journalist\w*|columnist|writer|producer|contributor|redaktor\w*|autor|"
    r"\w*(?:reporter|[ck]orrespondent|redakteur|redacteur|redakt[øö]r)\w*|journaliste|correspondant\w*|redactor\w*|"
    r"periodista|giornalista|correspondente|corresponsal|director|analyst|fellow|professor|"
    r"photographer|staff|bureau|desk)\b",
    re.IGNORECASE,
)
_DATED = re.compile(r"\b(?:19|20)\d\d\b|\d{1,2}:\d\d|\d{1,2}[./]\d{1,2}\b")
_PARTICLE = re.compile(
    r"v[ao]n|de[rnl]?|della|degli|d[aiou]s?|l[aeo]s?|[ea]l|bin|bint|ibn|abu|ben|a[fv]|zum?|te[rn]?|"
    r"'t|op|und|ould|[yei]|d['’].+|o['’].+|mac.+|mc.+",
    re.IGNORECASE,
)
_AGENCY = re.compile(
    r"reuters|dpa|afp|ap|apa|sda|ats|ansa|efe|sid|kna|epd|bloomberg|tass|interfax|xinhua|pti|ani|ians|"
    r"kyodo|yonhap|lusa|ntb|tt|ritzau|belga|anp|[cč]tk|pap|mti|aa|tanjug|hina|unian",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d")
_JOIN = re.compile(
    r"\s*[,;&/、،+|·]?\s*(?:and|und|et|y|e|og|och|en|ja|ve|и|та|dan|i|o|و)?\s*", re.IGNORECASE
)
_MOST_WORDS = 6  # of a name beside others; a longer text is what the person does
_NOBODY = frozenset({
    "by", "von", "par", "por", "author", "autor", "editor", "written by", "the author",
    "about the author", "null", "undefined", "none", "n a", "unknown", "admin", "administrator",
})  # fmt: skip


def split_names(texts: Iterable[str]) -> tuple[str, ...]:
    """The names in some texts, in order, each once: people, agencies, the paper itself."""
    names: dict[tuple[str, ...], str] = {}
    for text in islice(texts, _MAX_TEXTS):
        for name in _names(text):
            if len(names) >= _MAX_NAMES:
                return tuple(names.values())
            names.setdefault(tuple(words(name)), name)
    return tuple(names.values())


def looks_personal(name: str) -> bool:
    """Whether a text could be a person's name: two to five words in capitals, no signs between."""
    parts = name.split()
    if any(sign in name for sign in ':/!?"„“|0123456789'):
        return False
    if not any(char.islower() or char.isupper() for char in name):
        return 2 <= len(name) <= 30 and len(parts) <= 5  # a script without capitals
    capital = [part for part in parts if not part[0].islower()]
    small = [part for part in parts if part[0].islower() and not _PARTICLE.fullmatch(part)]
    return 2 <= len(parts) <= 5 and len(capital) >= 2 and not small


def _names(raw: str) -> tuple[str, ...]:
    return _kept_names(raw) if len(raw) <= _SHORT else _names_in(raw)


def _names_in(raw: str) -> tuple[str, ...]:
    if len(raw) > _MAX_RAW:
        raw = raw[:_MAX_RAW].rpartition(",")[0]  # no half name at the end
    text = one_line(html.unescape(_TAGS.sub(" ", raw.replace("\n", " ; "))))
    text = _ADDRESS.sub(" ", text)
    text = _ASIDE.sub(" ", text).strip() or text.strip()
    pieces = _HARD.split(others_apart(without_frame(text)))
    parts = of_writers([_split_commas(piece) for piece in pieces])
    named = [name for part in parts for name in _split_and(without_by(part))]
    bare = [_bare(_without_place(name)) for name in named]
    first = bare[0] if bare else ""
    kept = [name for at, name in enumerate(bare) if at == 0 or not _is_beside(name, first)]
    return tuple([name for name in kept if _is_name(name)])


_kept_names = lru_cache(maxsize=512)(_names_in)  # a site's pages have the same few authors


def leading_names(text: str) -> str:
    """The names that a byline begins with, of a sentence that goes on: "... in Ferries on 3 May".

    In scripts with capitals they end where a word begins small that is no part of a name, unless
    another name follows: "... in Paris and ..."; in all scripts at a number.
    """
    line = one_line(text)
    if lists_reporters(line):
        return _DIGITS.split(line, maxsplit=1)[0].strip()
    rest = _DIGITS.split(without_by(line), maxsplit=1)[0].split()
    kept: list[str] = []
    at = 0
    while at < len(rest):
        word = rest[at]
        small = word[0].islower() and not _PARTICLE.fullmatch(word)
        if small and kept and not _AND.fullmatch(f" {word} "):
            at = _behind_place(rest, at)
            if at < len(rest) and rest[at - 1].endswith(","):
                kept.append(",")
            continue
        kept.append(word)
        at += 1
    while kept and (_AND.fullmatch(f" {kept[-1]} ") or _PARTICLE.fullmatch(kept[-1])):
        kept.pop()
    return " ".join(kept)


def _behind_place(parts: list[str], at: int) -> int:
    """Where names go on behind "in New York": at "and", or behind a comma; else at the end."""
    if not _PLACE_AFTER.match(f" {parts[at]} x"):
        return len(parts)
    for here in range(at + 1, len(parts)):
        if here > at + 1 and _AND.fullmatch(f" {parts[here]} "):
            return here
        if parts[here][0].islower() and not _PARTICLE.fullmatch(parts[here]):
            break
        if parts[here].endswith(","):
            full = len(parts) > here + 2 and not parts[here + 1].endswith(",")
            return here + 1 if full else len(parts)
    return len(parts)


def is_conjunction(text: str) -> bool:
    """Whether a text only joins two names: a comma, "and"."""
    return bool(_JOIN.fullmatch(text) or _AND.fullmatch(f" {text.strip()} "))


def _without_place(name: str) -> str:
    lead = _PLACE_AFTER.split(name, maxsplit=1)[0]
    return lead if lead != name and looks_personal(lead) else name


def _is_beside(part: str, first: str) -> bool:
    """Whether what follows a name is about it: a role, a degree, "our man in Rome", "for AFP"."""
    small = part[:1].islower() and first[:1].isupper()
    return (
        len(part.split()) > _MOST_WORDS
        or bool(_ROLE.search(part) or _DEGREE.fullmatch(part.strip()))
        or (small and not (looks_personal(part) or _AGENCY.fullmatch(part)))
    )


def _split_commas(text: str) -> list[str]:
    parts = [part.strip() for part in re.split(r"\s*[,，،]\s*", text) if part.strip()]
    if len(parts) == 2 and all(len(part.split()) == 1 for part in parts):
        return parts if _all_agencies(parts) else [text]  # "Doe, Jane", or "AFP, Paris"
    parts = [*parts[:1], *(_FIRST_AND.sub("", part) for part in parts[1:])]
    return [name for part in parts for name in _split_dash(part)]


def _split_dash(text: str) -> list[str]:
    """At a dash behind a person's name: another name, a paper or, in one word, a place."""
    parts = _DASH.split(text)
    if len(parts) == 1 or not looks_personal(without_by(parts[0])):
        return [text]
    return [parts[0], *(part for part in parts[1:] if len(part.split()) > 1 or _is_agency(part))]


def _split_and(text: str) -> list[str]:
    """Splits at a conjunction only between full names: not "Simon & Schuster"."""
    if _all_agencies(parts := _AND.split(text)):
        return parts
    names: list[str] = []
    start = 0
    for found in _AND.finditer(text):
        before, rest = text[start : found.start()], text[found.end() :]
        following = _AND.split(rest, maxsplit=1)[0]
        least = 3 if found[0].strip() in ("和", "と") else 2
        if _is_full(before, least) and _is_full(following, least):
            names.append(before)
            start = found.end()
    return [*names, text[start:]]


def _is_full(name: str, least: int) -> bool:
    """Whether a text may be a whole name: two words, or so many characters without spaces."""
    return len(name.split()) >= 2 or (is_spaceless(name[:1]) and len(name) >= least)


def _is_agency(name: str) -> bool:
    return _AGENCY.fullmatch(name.strip()) is not None


def _all_agencies(parts: list[str]) -> bool:
    return all(map(_is_agency, parts))


def _bare(name: str) -> str:
    return _TITLE_AFTER.sub("", without_by(name)).strip(" \t,.;:-–—_/|*'\"“”„()（）")


def _is_name(name: str) -> bool:
    bare = words(name)
    return (
        0 < len(name) <= _MAX_NAME
        and bool(bare)
        and not name.isdigit()
        and not _DATED.search(name)
        and " ".join(bare) not in _NOBODY
    )
