"""Scripts: which one a text is written in, and which languages are."""

import re
from typing import Final, NamedTuple


class Script(NamedTuple):
    """A script, its letters, and the languages of the press that are written in it."""

    name: str
    letters: re.Pattern[str]
    weight: float  # of one letter: signs for syllables and words say more than letters
    languages: frozenset[str]  # the first in `_SCRIPTS` is the usual one; none: all others


# Name, ranges of letters, weight, languages. Of Latin only those that have another script as well.
_SCRIPTS: Final = (
    ("Latin", "A-Za-z\u00aa\u00ba\u00c0-\u024f\u1e00-\u1eff", 1.0,
     "az bal bs crh ha kk ku ky mn ms ro so sr su jv tg tk tt ug uz"),
    ("Cyrillic", "\u0400-\u052f", 1.0,
     "ru ab av az ba be bg bs ce crh cv kk kv ky mk mn os ro rue sah sr tg tk tt tyv udm uk uz"),
    ("Greek", "\u0370-\u03ff\u1f00-\u1fff", 1.0, "el grc pnt"),
    ("Arabic",
     "\u0620-\u065f\u066e-\u06d3\u06d5-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc", 1.0,
     "ar acm ary arz az bal ckb fa glk ha kk ks ku ky lrc ms mzn pa pnb prs ps sd sdh so tg tk "
     "ug ur uz"),
    ("Hebrew", "\u05d0-\u05f4", 1.0, "he iw yi lad"),
    ("Devanagari", "\u0900-\u0963\u0970-\u097f", 1.0, "hi awa bho brx doi gom kok ks mai mr mag ne "
     "new sa sat sd"),
    ("Bengali", "\u0980-\u09e3\u09f0-\u09ff", 1.0, "bn as bpy mni"),
    ("Gurmukhi", "\u0a00-\u0a65\u0a70-\u0a7f", 1.0, "pa"),
    ("Gujarati", "\u0a80-\u0ae5", 1.0, "gu"),
    ("Oriya", "\u0b00-\u0b65", 1.0, "or"),
    ("Tamil", "\u0b80-\u0be5", 1.0, "ta"),
    ("Telugu", "\u0c00-\u0c65", 1.0, "te"),
    ("Kannada", "\u0c80-\u0ce5", 1.0, "kn tcy"),
    ("Malayalam", "\u0d00-\u0d65", 1.0, "ml"),
    ("Sinhala", "\u0d80-\u0de5", 1.0, "si"),
    ("Thai", "\u0e00-\u0e4f", 1.0, "th"),
    ("Lao", "\u0e80-\u0ecf", 1.0, "lo"),
    ("Tibetan", "\u0f00-\u0fff", 1.0, "bo dz"),
    ("Myanmar", "\u1000-\u103f\u1050-\u109f\uaa60-\uaa7f", 1.0, "my mnw shn"),
    ("Georgian", "\u10a0-\u10ff\u1c90-\u1cbf", 1.0, "ka xmf"),
    ("Armenian", "\u0531-\u0587", 1.0, "hy hyw"),
    ("Ethiopic", "\u1200-\u139f\u2d80-\u2ddf", 2.0, "am ti tig gez"),
    ("Khmer", "\u1780-\u17d3", 1.0, "km"),
    ("Thaana", "\u0780-\u07bf", 1.0, "dv"),
    ("Hangul", "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af", 2.5, "ko"),
    ("Kana", "\u3041-\u30ff", 3.0, "ja"),
    ("Han", "\u3400-\u4dbf\u4e00-\u9fff", 3.0, "zh cdo gan hak ja nan wuu yue"),
)  # fmt: skip
SCRIPTS: Final = {
    name: Script(name, re.compile(f"[{ranges}]"), weight, frozenset(languages.split()))
    for name, ranges, weight, languages in _SCRIPTS
}
# The language of each script that writes one, or one nearly always.
USUAL: Final = {
    name: languages.split()[0]
    for name, _, _, languages in _SCRIPTS
    if name not in ("Latin", "Cyrillic", "Arabic", "Devanagari", "Bengali", "Ethiopic")
}
_ELSEWHERE: Final = frozenset(
    language
    for script in SCRIPTS.values()
    if script.name != "Latin"
    for language in script.languages
)
_NOT_LATIN: Final = re.compile("[\u0370-\u1dff\u2d80-\uabff\uac00-\ud7ff\uf900-\ufeff]")
_JAPANESE: Final = 0.1  # of a text's Han and kana signs: a Chinese text quotes fewer
_MOST: Final = 0.5  # of all letters


def script_of(text: str) -> str | None:
    """The script of more than half of a text's letters; None for none, or a mixture.

    A text with kana is in "Kana", though most of its signs be Han.
    """
    if text.isascii() or not _NOT_LATIN.search(text):
        return "Latin" if SCRIPTS["Latin"].letters.search(text) else None
    counts = {
        script.name: script.weight * len(found)
        for script in SCRIPTS.values()
        if (found := script.letters.findall(text))
    }
    kana, han = counts.get("Kana", 0.0), counts.get("Han", 0.0)
    if kana and kana >= _JAPANESE * (kana + han):
        counts["Kana"] = kana + counts.pop("Han", 0.0)
    name = max(counts, key=lambda name: counts[name], default=None)
    return name if name and counts[name] > _MOST * sum(counts.values()) else None


def can_be(language: str, script: str) -> bool:
    """Whether a language (a primary tag) is written in a script."""
    if script == "Latin":
        return language not in _ELSEWHERE or language in SCRIPTS["Latin"].languages
    if script == "Kana":
        return language == "ja"
    return language in SCRIPTS[script].languages
