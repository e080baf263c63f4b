"""Writes models/month_names.tsv: the names of months in the CLDR, for dates in words.

The table is smaller and quicker to read than the library's own files: a worker would load 0.4 MB
for each language. Run it after an update of Babel: `python -m benchmarks.month_names`.
"""

import re
from collections.abc import Iterator, Mapping

from babel import Locale, localedata

from models.folding import folded
from models.months import TABLE, tokens

# Languages with newspapers, the most frequent first: a name that means two months (Polish and
# Croatian "listopada") means that of the first one where nothing tells the language.
LANGUAGES = (
    "en", "de", "es", "fr", "it", "pt", "nl", "ru", "pl", "tr", "uk", "cs", "el", "sv", "da", "nb",
    "nn", "fi", "hu", "ro", "bg", "sk", "sl", "ca", "id", "lt", "lv", "et", "hr", "sr", "sr_Latn",
    "bs", "bs_Cyrl", "mk", "sq", "is", "ga", "cy", "gd", "eu", "gl", "mt", "lb", "be", "hy", "ka",
    "az", "az_Cyrl", "kk", "ky", "uz", "uz_Cyrl", "tg", "tk", "tt", "mn", "ar", "fa", "ps", "ur",
    "ug", "sd", "ckb", "ku", "he", "yi", "hi", "bn", "mr", "ne", "gu", "pa", "pa_Arab", "ta", "te",
    "kn", "ml", "or", "as", "kok", "si", "th", "lo", "km", "my", "vi", "ms", "fil", "jv", "su",
    "sw", "am", "ti", "om", "so", "ha", "yo", "ig", "zu", "xh", "af", "fo", "fy", "br", "ast",
    "oc", "co", "fur", "rm", "sc", "hsb", "dsb", "ceb", "eo", "rw", "mg",
)  # fmt: skip
# As WordPress and others write it.
_VIETNAMESE = (
    "giêng", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười", "mười một", "mười hai",
)  # fmt: skip
COLLOQUIAL: Mapping[str, tuple[tuple[int, str], ...]] = {  # which the CLDR does not list
    "de": ((2, "feber"),),
    "fr": ((2, "fév"), (8, "aoû")),
    "vi": tuple(enumerate((f"tháng {name}" for name in _VIETNAMESE), 1)),
}
BETWEEN: Mapping[str, str] = {  # beside what its patterns of dates have
    "en": "of the", "ru": "года год г", "uk": "року р", "bg": "година г", "mk": "година",
    "th": "พ ศ ค ศ ปี", "vi": "ngày năm tháng", "pl": "r roku", "lt": "m d metų", "az": "il",
    "kk": "жылғы жылы", "ky": "жылдын", "uz": "yil", "uz_Cyrl": "йил", "ar": "من",
}  # fmt: skip
_FIELD = re.compile(r"'([^']*)'|([A-Za-z])\2*|([^A-Za-z']+)")


def rows() -> Iterator[str]:
    """A line for each language: its tag, twelve lists of names, the words between the parts."""
    for language in LANGUAGES:
        names, between = _read(language)
        lists = ["|".join(sorted(names[month])) for month in range(1, 13)]
        yield "\t".join([language.partition("_")[0], *lists, "|".join(sorted(between))])


def main() -> None:
    """Writes the table."""
    TABLE.write_text("".join(f"{row}\n" for row in rows()), encoding="utf-8")


def _read(language: str) -> tuple[dict[int, set[str]], set[str]]:
    names: dict[int, set[str]] = {month: set() for month in range(1, 13)}
    between: set[str] = set()
    for locale in variants(language):
        glued = {("", "")}
        for shape in locale.date_formats.values():
            between.update(_words_between(str(shape.pattern)))
            glued |= set(_glued(str(shape.pattern)))
        for context in locale.months.values():
            for width in ("wide", "abbreviated"):
                for month, name in context.get(width, {}).items():
                    names[month].update(folded(f"{before}{name}{after}") for before, after in glued)
    for month, name in COLLOQUIAL.get(language, ()):
        names[month].add(folded(name))
    between.update(folded(BETWEEN.get(language, "")).split())
    kept = {
        month: {" ".join(tokens(n)) for n in found if _is_name(n)} for month, found in names.items()
    }
    everywhere = {name for found in kept.values() for name in found}
    return kept, {word for word in between if word not in everywhere}


def variants(language: str) -> Iterator[Locale]:
    """The language as it is written in all its countries, in one script."""
    localedata._cache.clear()  # Babel merges what it read into what it keeps: az into kk
    for tag in localedata.locale_identifiers():
        rest = tag.removeprefix(language)
        if rest != tag and re.fullmatch(r"(_([A-Z]{2}|\d{3}))?", rest):
            yield Locale.parse(tag)


def _is_name(name: str) -> bool:
    """Letters, or one with a vowel sign; not the CLDR's "M05" for a name that it lacks."""
    signs = [sign for sign in name if not sign.isdigit() and sign not in ". "]
    return len(signs) > 1 and not re.fullmatch(r"m ?\d+", name)


def _words_between(pattern: str) -> Iterator[str]:
    for quoted, _, plain in _FIELD.findall(pattern):
        yield from (word for word in tokens(folded(quoted or plain)) if not word.isdigit())


def _glued(pattern: str) -> Iterator[tuple[str, str]]:
    """What a pattern writes directly before and after the month's name, as Hebrew and Basque do."""
    parts = [(quoted or plain, field) for quoted, field, plain in _FIELD.findall(pattern)]
    for at, (_, field) in enumerate(parts):
        if field in ("M", "L") and pattern.count(field) > 2:
            before = parts[at - 1][0] if at else ""
            after = parts[at + 1][0] if at + 1 < len(parts) else ""
            start = before.split(" ")[-1] if before[-1:].isalpha() else ""
            end = after.split(" ")[0] if after[:1].isalpha() else ""
            yield start, end


if __name__ == "__main__":
    main()
