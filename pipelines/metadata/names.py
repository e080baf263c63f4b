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
# What stands before a name: "by" after a verb or alone, "author:", and in scripts that need no
# space, "reporter" without a sign.
_BY = (
    r"(?:(?:(?:written|story|text|words|reporting|analysis|opinion|posted|published|reported)\s+)?by|"
    r"(?:geschrieben|verfasst|veröffentlicht|ein beitrag)\s+von|"
    r"(?:écrit|publié|rédigé)e?\s+par|"
    r"(?:escrito|publicado|postado|redactado)\s+por|(?:scritto|pubblicato)\s+da|a cura di|"
    r"(?:geschreven|geplaatst)\s+door|(?:skrevet|skriven|skrivet|publisert|publicerad)\s+a[vf]|"
    r"(?:napisane|opublikowane|dodane)\s+przez|(?:scris|publicat|articol)\s+de|ditulis\s+oleh|"
    r"napisała?|napsala?|írta|kirjoittanut|piše|пише|написала?|пишет|подготовила?|γράφει(?:\s+[οη])?|"
    r"yazan|haber|viết bởi|bởi|بقلم|كتب|كتبت|کتبه|نوشته|מאת|נכתב על ידי|เขียนโดย|โดย)"
    r"(?:\s*[:：]\s*|\s+)"
)
_LABEL = (
    r"(?:text|tekst|teksti|autor(?:in|a|ka)?|author|auteur|autore|forfatter|författare|skribent|"
    r"kirjoittaja|toimittaja|redakce|redactie|szerző|autorius|autors|συντάκτης|yazar|muhabir|penulis|"
    r"tác giả|автор(?:ка)?|текст|аўтар|кореспондент|корреспондент|الكاتب|نویسنده|خبرنگار|लेखक|লেখক|"
    r"저자|글|작성자|著者|執筆|撰文|作者|记者|記者|文)\s*[:：/／]\s*|(?:author|autor|auteur|autore|автор|text|"
    r"текст|저자|文|作者)\s+|(?:本报|本報|本台|見習|实习)?(?:记者|記者|通讯员|通訊員|特派員)\s*"
)
_WRITTEN_BY = re.compile(rf"^(?:{_BY}|{_LABEL})(?=\S)", re.IGNORECASE)
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
_TITLE_AFTER = re.compile(
    r"\s*(?:기자|특파원|논설위원|記者|记者|编辑|編輯|報導|报道|द्वारा|írta|による)$"
)
_DATELINE = re.compile(r"^【?\s*[记記]者\s*([^／/]{2,6})[／/][^／/]{1,12}[报報][导導道]\s*】?$")
# "Ada Lind and Bo Ek for Harbour Post", "Ada Lind in Paris": where they work, behind their names.
_PLACE_AFTER = re.compile(
    r"\s+(?:for|in|at|from|via|für|aus|pour|para|per|voor|för|til|dla|w|для|в|у|için)\s+(?=[^\W\d_])",
    re.IGNORECASE,
)
_HARD = re.compile(r"\s*[;|•·]\s*|\s+[/]\s+|\n")
_AND = re.compile(
    r"\s+(?:and|und|et|y|e|og|och|en|ja|ve|и|і|та|dan|i|és|și|và|και|और|এবং|و|with|mit|avec|&|\+)\s+|"
    r"\s*[、和と]\s*|\s*&\s+",
    re.IGNORECASE,
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


def _names(raw: str) -> list[str]:
    if len(raw) > _MAX_RAW:
        raw = raw[:_MAX_RAW].rpartition(",")[0]  # no half name at the end
    text = one_line(html.unescape(_TAGS.sub(" ", raw.replace("\n", " ; "))))
    text = _ADDRESS.sub(" ", text)
    text = (_ASIDE.sub(" ", text) or text).strip()
    text = _DATELINE.sub(r"\1", text)
    parts = [part for piece in _HARD.split(text) for part in _split_commas(piece)]
    named = [name for part in parts for name in _split_and(_without_by(part))]
    bare = [
        _bare(_without_place(name))
        for at, name in enumerate(named)
        if at == 0 or not _is_role(name)
    ]
    return [name for name in bare if _is_name(name)]


def leading_names(text: str) -> str:
    """The names that a byline begins with, of a sentence that goes on: "... in Ferries on 3 May".

    In scripts with capitals they end where a word begins small that is no part of a name; in all
    scripts at a number.
    """
    rest = _DIGITS.split(_without_by(one_line(text)), maxsplit=1)[0]
    kept: list[str] = []
    for word in rest.split():
        small = word[0].islower() and not _PARTICLE.fullmatch(word)
        if small and kept and not _AND.fullmatch(f" {word} "):
            break
        kept.append(word)
    while kept and (_AND.fullmatch(f" {kept[-1]} ") or _PARTICLE.fullmatch(kept[-1])):
        kept.pop()
    return " ".join(kept)


def is_conjunction(text: str) -> bool:
    """Whether a text only joins two names: a comma, "and"."""
    return bool(_JOIN.fullmatch(text) or _AND.fullmatch(f" {text.strip()} "))


def says_by(text: str) -> bool:
    """Whether a text is what stands before a name: "Written by", "Von", "Автор:"."""
    return bool(
        _WRITTEN_BY.match(f"{text.strip()} x") or _BY_ELSEWHERE.match(f"{text.strip()} x y")
    )


def _without_place(name: str) -> str:
    lead = _PLACE_AFTER.split(name, maxsplit=1)[0]
    return lead if lead != name and looks_personal(lead) else name


def _is_role(name: str) -> bool:
    wordy = len(name.split()) > _MOST_WORDS
    return wordy or bool(_ROLE.search(name) or _DEGREE.fullmatch(name.strip()))


def _without_by(text: str) -> str:
    return _BY_ELSEWHERE.sub("", _WRITTEN_BY.sub("", _GLUED_BY.sub("", text.strip())))


def _split_commas(text: str) -> list[str]:
    parts = [part.strip() for part in re.split(r"\s*[,，،]\s*", text) if part.strip()]
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
