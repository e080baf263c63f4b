"""Writes models/day_periods.tsv: what the CLDR calls the parts of a day, for clocks of 12 hours.

Run it after an update of Babel: `python -m benchmarks.day_periods`.
"""

from collections import defaultdict
from collections.abc import Iterator

from babel import Locale

from benchmarks.month_names import LANGUAGES, variants
from models.clock_times import TABLE
from models.folding import folded
from models.months import tokens

_HALVES = {"am": range(12), "pm": range(12, 24)}
_OF_NUMBERS = ("zh", "zh_Hans", "zh_Hant", "yue", "ja", "ko")  # their months have no names
_HOUR = 3_600  # seconds


def rows() -> Iterator[str]:
    """A line for each name: a language, the name, and for 12, 1, ... 11 o'clock 'a', 'p' or '-'.

    '-' marks an hour for which the name is unclear, or which differs between countries.
    """
    for language in (*LANGUAGES, *_OF_NUMBERS):
        meant: dict[str, set[str]] = defaultdict(set)
        for locale in variants(language):
            for name, hours in _named(locale):
                meant[name].add("".join(_half(hour, hours) for hour in range(12)))
        for name, halves in sorted(meant.items()):
            agreed = "".join(_agreed(set(of_hour)) for of_hour in zip(*halves, strict=True))
            if agreed.strip("-"):
                yield f"{language.partition('_')[0]}\t{name}\t{agreed}"


def main() -> None:
    """Writes the table."""
    TABLE.write_text("".join(f"{row}\n" for row in rows()), encoding="utf-8")


def _named(locale: Locale) -> Iterator[tuple[str, frozenset[int]]]:
    """Each name of a part of the day, and its hours from 0 to 23."""
    for widths in locale.day_periods.values():
        for width in ("wide", "abbreviated"):
            for period, name in widths.get(width, {}).items():
                hours = frozenset(_HALVES.get(period, ())) or _hours(locale, period)
                known = " ".join(tokens(folded(name)))
                if hours and known:
                    yield known, hours


def _hours(locale: Locale, period: str) -> frozenset[int]:
    found: set[int] = set()
    for rule in locale.day_period_rules.get(None, {}).get(period, ()):
        first = rule.get("from", rule.get("at"))
        last = rule.get("before", first + _HOUR)
        found.update(at % 24 for at in range(first // _HOUR, _end(first, last) // _HOUR))
    return frozenset(found)


def _end(first: int, last: int) -> int:
    return last if last > first else last + 24 * _HOUR


def _half(hour: int, hours: frozenset[int]) -> str:
    first, second = hour in hours, hour + 12 in hours
    return "-" if first == second else "a" if first else "p"


def _agreed(halves: set[str]) -> str:
    said = halves - {"-"}
    return said.pop() if len(said) == 1 else "-"


if __name__ == "__main__":
    main()
