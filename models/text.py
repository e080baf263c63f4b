"""Text in the form that every database accepts, and words for comparing texts."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

# Control characters but tab and line ends; a terminal obeys those above \x7f too.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_SPACES = re.compile(r"[^\S\n]+")
# Characters without a glyph: hints for line breaks and direction, marks of byte order and of ruby.
_UNSEEN = (
    "\u00ad\u034f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0001\U000e0020-\U000e007f"
)
_WIDTHS = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"  # spaces of other widths
_TO_NORMALISE = re.compile(f"[{_UNSEEN}\u200c\u200d{_WIDTHS}]")
# England's flag and its like are a black flag and letters that are not seen.
_UNSEEN_RUN = re.compile(f"(\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f)|[{_UNSEEN}]+")
_WIDTH = re.compile(f"[{_WIDTHS}]")
_JOINER_RUN = re.compile("[\u200c\u200d]+")
# Scripts whose letters take another form beside a joiner: Arabic and its neighbours, those of India
# and what came of them (Tibetan, Burmese, Khmer, Javanese, ...), Mongolian.
_JOINING = re.compile(
    "[\u0600-\u08ff\u0900-\u0dff\u0f00-\u109f\u1700-\u18af\u1900-\u1cff\ua840-\ua8ff\ua900-\uaaff"
    "\uabc0-\uabff\ufb50-\ufdff\ufe70-\ufefc\U00010a00-\U00010fff\U00011000-\U00011fff"
    "\U0001e900-\U0001e95f]"
)
# What emoji are made of: pictures, skin tones, the request for a coloured one.
_PICTURE = re.compile("[\u2190-\u2bff\u3030\u303d\u3297\u3299\ufe0f\U0001f000-\U0001faff]")
# Scripts without spaces between words: Thai, Lao, Burmese, Khmer, kana, Han.
_SPACELESS = (
    "\u0e00-\u0e7f\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_SPACELESS_CHARACTER = re.compile(f"[{_SPACELESS}]")
_WORD = re.compile(f"[{_SPACELESS}]|[^\\W{_SPACELESS}]+")
_OFTEN = "’“”–‘—…„•"  # what parts words and is in no Latin-1
_LATIN_1 = bytes(range(256)).decode("latin-1")
_SHARP_S, _MICRO = "ß".encode("latin-1"), "µ".encode("latin-1")  # case folded, no Latin-1
# For each character of Latin-1 what `words` makes of it: a letter in lower case, or a space.
_OF_WORDS = "".join(
    char if char in "ßµ" else char.casefold() if _WORD.match(char) else " " for char in _LATIN_1
).encode("latin-1")
_PARTING_NOTHING = frozenset("\u00ad\u0640\u200b\u200c\u200d\u2060\ufeff'’")  # they part no word
_SEPARATORS = frozenset("|~")  # symbols by Unicode, punctuation by their use


class _Written(dict[int, str]):
    """For `str.translate`: letters, marks and digits as they are, white space for what parts them.

    It grows with the characters that are met.
    """

    def __missing__(self, code: int) -> str:
        char = chr(code)
        kind = unicodedata.category(char)
        if kind[0] in "LMN":
            made = f" {char} " if is_spaceless(char) else char
        elif kind in ("Sm", "Sc", "So") and char not in _SEPARATORS:
            made = f" {char} "
        else:
            made = "" if char in _PARTING_NOTHING else " "
        self[code] = made
        return made


_WRITTEN = _Written()
_CHARACTERS = 2.5  # of a script without spaces, that say as much as a word
_SENTENCE = re.compile(r"(?<=[.!?…。！？।॥؟۔።])[\"'”’»)」』]*(?:\s+|(?<=[。！？」』]))")


def clean(text: str) -> str:
    """The text in NFC, without NUL, control characters and lone surrogates."""
    if not text.isprintable():  # what is forbidden is never printable
        text = _FORBIDDEN.sub("", text.replace("\r\n", "\n"))
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def plain(text: str) -> str:
    """The text cleaned, so that a search for a word finds it: no character that nobody sees.

    Soft hyphens, zero-width spaces, byte order marks and direction marks are left out; spaces of
    any width are U+0020. Joiners stay where they shape letters (Persian, Hindi) or join emoji.
    """
    if not (text.isascii() or _is_seen(text)) and _TO_NORMALISE.search(text):
        seen = clean(_UNSEEN_RUN.sub(lambda run: run.group(1) or "", _FORBIDDEN.sub("", text)))
        text = _JOINER_RUN.sub(_joiner, _WIDTH.sub(" ", seen))
    return clean(text)


def _is_seen(text: str) -> bool:
    """Whether all is printable, as nothing that `_TO_NORMALISE` finds is but one sign."""
    return text.isprintable() and "\u034f" not in text


def _joiner(run: re.Match[str]) -> str:
    """The first of some joiners where it has an effect, else nothing."""
    text, joiner = run.string, run.group()[0]
    before, after = text[run.start() - 1 : run.start()], text[run.end() : run.end() + 1]
    shaped = _JOINING.match(before) is not None
    if joiner == "\u200c":  # what it keeps apart stands on both sides
        apart = before.isalnum() or shaped
        return joiner if apart and after and _is_shaped(after, shaped) else ""
    pictures = _PICTURE.match(before) and _PICTURE.match(after)
    return joiner if shaped or pictures else ""


def _is_shaped(after: str, shaped: bool) -> bool:
    return _JOINING.match(after) is not None or (shaped and after.isalpha())


def one_line(text: str) -> str:
    """The text made `plain`, with each run of white space replaced by one space."""
    return " ".join(plain(text).split())


def paragraphs(text: str) -> str:
    """The text made `plain`, with one blank line between paragraphs and no stray spaces."""
    lines = (_SPACES.sub(" ", line).strip() for line in plain(text).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def words(text: str) -> list[str]:
    """Words, case folded; single characters in scripts without spaces (Han, kana, Thai, ...)."""
    if text.isascii():
        return text.encode().translate(_OF_WORDS).decode().split()
    found = _words_in_latin_1(text)
    return _WORD.findall(text.casefold()) if found is None else found


def _words_in_latin_1(text: str) -> list[str] | None:
    """The words of a text in Latin-1 with quotation marks or dashes; None of any other text.

    A search for words takes twice to three times as long.
    """
    inside = text[len(text) // 2]
    if inside > "\u024f" and not "\u2000" <= inside <= "\u206f":  # other scripts, at once
        return None
    for sign in _OFTEN:
        text = text.replace(sign, " ")
    try:
        plain_bytes = text.encode("latin-1")
    except UnicodeEncodeError:
        return None
    if _SHARP_S in plain_bytes or _MICRO in plain_bytes:
        return None
    return plain_bytes.translate(_OF_WORDS).decode("latin-1").split()


def written_words(text: str) -> list[str]:
    """Words as they are written, in NFKC, with all their marks; a symbol is a word, too.

    A character of a script without spaces is a word by itself. Punctuation belongs to no word;
    apostrophes, soft hyphens and zero width characters part none.
    """
    return unicodedata.normalize("NFKC", text).translate(_WRITTEN).split()


def folded_words(text: str) -> list[str]:
    """`written_words`, case folded: for titles, in scripts with vowel signs too."""
    return written_words(text.casefold())


def is_spaceless(char: str) -> bool:
    """Whether a character is of a script without spaces between words."""
    return _SPACELESS_CHARACTER.match(char) is not None


def sentences(text: str) -> list[str]:
    """The parts of a text that end with a full stop of any script; after an abbreviation too."""
    return [part for part in _SENTENCE.split(text) if part and not part.isspace()]


@lru_cache(maxsize=8192)  # several callers count the words of each block
def count_words(text: str) -> int:
    """The number of `words` in a text."""
    return len(words(text))


def count_spoken(text: str) -> float:
    """The words of a text; in scripts without spaces, a word for each few characters."""
    found = words(text)
    single = sum(is_spaceless(token[0]) for token in found)
    return len(found) - single + single / _CHARACTERS


def content_hash(text: str) -> str:
    """64 hex digits of the SHA-256 of the text."""
    return hashlib.sha256(text.encode()).hexdigest()


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that a mistyped one is most like; None if none is near."""
    import difflib  # noqa: PLC0415 - only a mistake needs it

    return next(iter(difflib.get_close_matches(word, list(known), n=1)), None)
