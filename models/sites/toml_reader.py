"""A site's TOML, read with care: every mistake is found, with its line and what to write."""

import difflib
import re
import tomllib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, TypeVar

from cssselect import HTMLTranslator, SelectorError

from models.durations import duration
from models.urls import host_of, request_url

T = TypeVar("T")

KEYS: Final = {  # the contract's; None is what stands before the first [section]
    None: ("start",),
    "sources": ("sitemaps", "feeds", "sections"),
    "scope": ("hosts", "include", "exclude", "max_age", "private"),
    "fetch": ("delay", "concurrency", "max_bytes"),
    "schedule": ("every",),
    "extraction": ("body", "keep", "remove"),
}
_SIZE: Final = re.compile(r"(\d{1,9}(?:\.\d{1,3})?)\s*(kB|KB|MB|GB|B)")
_BYTES: Final = {"B": 1, "kB": 10**3, "KB": 10**3, "MB": 10**6, "GB": 10**9}
_SIZES: Final = (1000, 10**9)  # bytes; more than a page can need is a slip of the pen
_SECTION: Final = re.compile(r"\s*\[\s*[\"']?([^\]\"'.]+?)[\"']?\s*\]")
_KEY: Final = re.compile(r"\s*[\"']?([A-Za-z0-9_-]+)[\"']?\s*[=.]")


class SiteFile:
    """One TOML file: typed reading of its keys, and all that is wrong with it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._mistakes: list[tuple[int, str]] = []
        self._lines: list[str] = []
        self._data = self._parse()
        self._check_keys()

    def mistakes(self) -> list[str]:
        """Every mistake in the order of lines: `FILE: line 7: what is wrong; what to write`."""
        told = sorted(dict.fromkeys(self._mistakes), key=lambda mistake: mistake[0])
        return [
            f"{self._path}: line {line}: {text}" if line else f"{self._path}: {text}"
            for line, text in told
        ]

    def mistake(self, line: int | None, text: str) -> None:
        """Adds a mistake; line None is the file as a whole."""
        self._mistakes.append((line or 0, text))

    def url(self, section: str | None, key: str, *, required: bool = False) -> str:
        """A web address; '' where there is none."""
        value = self._get(section, key)
        if value is None:
            if required and self._data is not None:
                self.mistake(None, f'{key} is missing; write {key} = "https://example.com/"')
            return ""
        return self._each(section, key, value, _web) or ""

    def urls(self, section: str, key: str) -> tuple[str, ...]:
        """A list of web addresses."""
        return self._list(section, key, _web)

    def hosts(self, section: str, key: str) -> tuple[str, ...]:
        """A list of host names, with a port or without."""
        return self._list(section, key, _host)

    def patterns(self, section: str, key: str) -> tuple[re.Pattern[str], ...]:
        """A list of regular expressions."""
        return self._list(section, key, _pattern)

    def selectors(self, section: str, key: str) -> tuple[str, ...]:
        """A list of CSS selectors."""
        return self._list(section, key, _selector)

    def duration(self, section: str, key: str) -> timedelta | None:
        """A length of time: "50m", "1h", "30d"."""
        value = self._get(section, key)
        return None if value is None else self._each(section, key, value, duration)

    def size(self, section: str, key: str, *, default: int) -> int:
        """A number of bytes: "10MB", or a whole number."""
        value = self._get(section, key)
        return (None if value is None else self._each(section, key, value, _size)) or default

    def flag(self, section: str, key: str, *, default: bool) -> bool:
        """True or false."""
        value = self._get(section, key)
        if value is None or isinstance(value, bool):
            return default if value is None else value
        self._wrong(section, key, f"{value!r} is neither; write true or false")
        return default

    def number(self, section: str, key: str, *, default: float, least: float, most: float) -> float:
        """A number within bounds; a whole one where the default is."""
        value = self._get(section, key)
        if value is None:
            return default
        kinds = (int,) if isinstance(default, int) else (int, float)
        if isinstance(value, bool) or not isinstance(value, kinds) or not least <= value <= most:
            what = "a whole number" if isinstance(default, int) else "a number"
            self._wrong(section, key, f"{value!r}: write {what} from {least:g} to {most:g}")
            return default
        return value

    def _get(self, section: str | None, key: str) -> Any:
        table = (self._data or {}) if section is None else (self._data or {}).get(section, {})
        return table.get(key) if isinstance(table, dict) else None

    def _list(self, section: str, key: str, read: Callable[[Any], T]) -> tuple[T, ...]:
        values = self._get(section, key)
        if values is None:
            return ()
        if not isinstance(values, list):
            self._wrong(section, key, f'{values!r} is no list; write {key} = ["..."]')
            return ()
        return tuple(
            good for v in values if (good := self._each(section, key, v, read)) is not None
        )

    def _each(
        self, section: str | None, key: str, value: Any, read: Callable[[Any], T]
    ) -> T | None:
        try:
            return read(value)
        except ValueError as wrong:
            self._wrong(section, key, str(wrong))
            return None

    def _wrong(self, section: str | None, key: str, text: str) -> None:
        where = f" in [{section}]" if section else ""
        self.mistake(self._line(section, key), f"{key}{where}: {text}")

    def _parse(self) -> dict[str, Any] | None:
        try:
            text = self._path.read_text(encoding="utf-8-sig")
            self._lines = text.splitlines()
            return tomllib.loads(text)
        except OSError as fault:
            self.mistake(None, f"cannot be read: {fault.strerror or fault}")
        except UnicodeDecodeError as fault:
            self.mistake(None, f"is not UTF-8: {fault.reason} at byte {fault.start}")
        except RecursionError:
            self.mistake(None, "not TOML that anybody wrote: nested too deep")
        except ValueError as fault:  # TOMLDecodeError, and numbers of thousands of digits
            what, _, place = str(fault).partition(" (at ")
            line = re.match(r"line (\d+)", place)
            self.mistake(int(line[1]) if line else len(self._lines), f"not TOML: {what}")
        return None

    def _check_keys(self) -> None:
        for name, value in (self._data or {}).items():
            if name in KEYS and isinstance(value, dict):
                for key in value.keys() - set(KEYS[name]):
                    self._unknown(name, key, KEYS[name])
            elif name in KEYS:
                self.mistake(self._line(None, name), f"{name} is a table; write [{name}]")
            elif name not in KEYS[None]:
                self._unknown(None, name, (*KEYS[None], *(k for k in KEYS if k)))

    def _unknown(self, section: str | None, key: str, known: tuple[str, ...]) -> None:
        where = f" in [{section}]" if section else ""
        near = difflib.get_close_matches(key.lower(), known, n=1)
        home = next((s for s, keys in KEYS.items() if s != section and key in keys), None)
        said = f"unknown key {key!r}{where}"
        if home:
            said += f"; it belongs in [{home}]"
        elif near:
            said += f"; did you mean {near[0]!r}?"
        else:
            said += f"; known are {', '.join(known)}"
        self.mistake(self._line(section, key), said)

    def _line(self, section: str | None, key: str) -> int | None:
        """Where a key is written; tomllib does not tell."""
        now, table = None, None
        for number, line in enumerate(self._lines, 1):
            if header := _SECTION.match(line):
                now = header[1]
                if now in (key, section):
                    table = table or number
            elif (word := _KEY.match(line)) and (word[1] == key and now == section):
                return number
            elif word and now is None and word[1] in (key, section):
                table = number
        return table


def _text(value: Any, example: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{value!r} is no text; write {example}")
    return value


def _web(value: Any) -> str:
    url = _text(value, '"https://example.com/..."')
    try:
        return request_url(url)
    except ValueError as wrong:
        raise ValueError(f'{wrong}; write "https://example.com/..."') from wrong


def _host(value: Any) -> str:
    host = _text(value, '"example.com"')
    try:
        if "/" in host or "*" in host or "@" in host:
            raise ValueError(host)
        name = host_of(f"http://{host}/")
    except ValueError as wrong:
        raise ValueError(f'{value!r} is no host; write "example.com", without path') from wrong
    port = re.search(r":(\d+)$", host)
    written = f"[{name}]" if ":" in name else name
    return written if port is None or int(port[1]) in (80, 443) else f"{written}:{port[1]}"


def _pattern(value: Any) -> re.Pattern[str]:
    try:
        return re.compile(_text(value, "a regular expression, e.g. '/tag/'"))
    except re.error as wrong:
        raise ValueError(f"{value!r} is no regular expression: {wrong}") from wrong


def _selector(value: Any) -> str:
    selector = _text(value, 'a CSS selector, e.g. "article .content"')
    try:
        HTMLTranslator().css_to_xpath(selector)
    except SelectorError as wrong:
        raise ValueError(f"{value!r} is no CSS selector: {wrong}") from wrong
    return selector


def _size(value: Any) -> int:
    match = _SIZE.fullmatch(value) if isinstance(value, str) else None
    plain = value if isinstance(value, int) and not isinstance(value, bool) else 0
    size = int(float(match[1]) * _BYTES[match[2]]) if match else plain
    if not _SIZES[0] <= size <= _SIZES[1]:
        raise ValueError(f'{value!r} is no size from 1kB to 1GB; write e.g. "10MB"')
    return size
