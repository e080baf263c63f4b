"""Names, out of what pages write in place of an author."""

import html
import re
from collections.abc import Iterable
from itertools import islice

from models.text import one_line, words

_MAX_RAW = 5_000  # characters read of one text
_MAX_TEXTS = 200
_MAX_NAME = 120
_MAX_NAMES = 50
_TAGS = re.compile(r"<[^<>]{0,500}>")
_ASIDE = re.compile(r"\s*[(\[{][^()\[\]{}]{0,200}[)\]}]")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[^\s@]{0,80}@\S+|mailto:\S+", re.IGNORECASE)
_WRITTEN_BY = re.compile(
    r"^(?:(?:(?:written|story|text|words|reporting|analysis|opinion|posted|published)\s+)?by|"
    r"text|autor(?:in)?|author|auteur|autore|автор|текст|저자|文)(?:\s*[:：]\s*|\s+)(?=\S)",
    re.IGNORECASE,
)
_GLUED_BY = re.compile(r"^(?:By|Von|Par|Por)(?=[A-Z][a-z]+\s)")
# These also begin names (Von Miller, De Niro): they are "by" only before two words or more.
_BY_ELSEWHERE = re.compile(
    r"^(?:von|par|por|door|af|av|di|przez|od|oleh)\s+(?=\S+\s+\S)", re.IGNORECASE
)
_DEGREE = re.compile(
    r"(?:ph\.?\s?d|m\.?d|m\.?s|m\.?a|m\.?sc|b\.?sc|b\.?a|mba|j\.?d|esq|r\.?d|rdn|r\.?n|cpa|cfp|cfa|cepf|"
    r"facc|facp|jr|sr|iii?)[.®™]*",
    re.IGNORECASE,
)
_TITLE_AFTER = re.compile(r"\s*(?:기자|특파원|논설위원|記者|编辑)$")
_HARD = re.compile(r"\s*[;|•·]\s*|\s+[/]\s+|\n")
_AND = re.compile(
    r"\s+(?:and|und|et|y|e|og|och|en|ja|ve|и|и|та|dan|&|\+)\s+|\s*、\s*|\s*&\s+", re.IGNORECASE
)
_ROLE = re.compile(
    r"\b(?:editor|reporter|correspondent|journalist\w*|columnist|writer|producer|contributor|"
    r"redakteur\w*|redaktor\w*|korrespondent\w*|autor|journaliste|correspondant\w*|redactor\w*|"
    r"periodista|giornalista|correspondente|corresponsal|director|analyst|fellow|professor|"
    r"photographer|staff|bureau|desk)\b",
    re.IGNORECASE,
)
_DATED = re.compile(r"\b(?:19|20)\d\d\b|\d{1,2}:\d\d|\d{1,2}[./]\d{1,2}\b")
_PARTICLE = re.compile(
    r"v[ao]n|de[rnl]?|della|d[aiou]|dos|l[ae]|[ea]l|bin|ibn|ben|a[fv]|zum?|[ye]", re.IGNORECASE
)
_AGENCY = re.compile(
    r"reuters|dpa|afp|ap|apa|sda|ats|ansa|efe|sid|kna|epd|bloomberg|tass|interfax|xinhua|pti|ani|ians|"
    r"kyodo|yonhap|lusa|ntb|tt|ritzau|belga|anp|[cč]tk|pap|mti|aa|tanjug|hina|unian",
    re.IGNORECASE,
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
        return 2 <= len(name) <= 20  # a script without capitals
    capital = [part for part in parts if not part[0].islower()]
    small = [part for part in parts if part[0].islower() and not _PARTICLE.fullmatch(part)]
    return 2 <= len(parts) <= 5 and len(capital) >= 2 and not small


def _names(raw: str) -> list[str]:
    if len(raw) > _MAX_RAW:
        raw = raw[:_MAX_RAW].rpartition(",")[0]  # no half name at the end
    text = one_line(html.unescape(_TAGS.sub(" ", raw.replace("\n", " ; "))))
    text = _ADDRESS.sub(" ", text)
    text = (_ASIDE.sub(" ", text) or text).strip()
    parts = [part for piece in _HARD.split(text) for part in _split_commas(piece)]
    named = [name for part in parts for name in _split_and(_without_by(part))]
    bare = [_bare(name) for at, name in enumerate(named) if at == 0 or not _is_role(name)]
    return [name for name in bare if _is_name(name)]


def _is_role(name: str) -> bool:
    wordy = len(name.split()) > _MOST_WORDS
    return wordy or bool(_ROLE.search(name) or _DEGREE.fullmatch(name.strip()))


def _without_by(text: str) -> str:
    return _BY_ELSEWHERE.sub("", _WRITTEN_BY.sub("", _GLUED_BY.sub("", text.strip())))


def _split_commas(text: str) -> list[str]:
    parts = [part.strip() for part in re.split(r"\s*[,，]\s*", text) if part.strip()]
    if len(parts) == 2 and all(len(part.split()) == 1 for part in parts):
        return parts if _all_agencies(parts) else [text]  # "Doe, Jane", or "AFP, Paris"
    return parts


def _split_and(text: str) -> list[str]:
    """Splits at a conjunction only between full names: not "Simon & Schuster"."""
    parts = _AND.split(text)
    full = all(len(part.split()) >= 2 for part in parts)
    return parts if full or _all_agencies(parts) else [text]


def _all_agencies(parts: list[str]) -> bool:
    return all(_AGENCY.fullmatch(part.strip()) for part in parts)


def _bare(name: str) -> str:
    return _TITLE_AFTER.sub("", _without_by(name)).strip(" \t,.;:-–—_/|*'\"“”„")


def _is_name(name: str) -> bool:
    bare = words(name)
    return (
        0 < len(name) <= _MAX_NAME
        and bool(bare)
        and not name.isdigit()
        and not _DATED.search(name)
        and " ".join(bare) not in _NOBODY
    )
