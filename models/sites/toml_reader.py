"""A TOML file read into a dataclass: every mistake is found, with its line and what to write.

The dataclass's fields are the keys; those that are dataclasses themselves are the [sections]. A
field is `Annotated` with the function that reads its value and raises ValueError for a bad one.
"""

import re
import tomllib
from collections.abc import Container, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

from cattrs import AttributeValidationNote, ClassValidationError, Converter, IterableValidationError

from models.text import nearest

T = TypeVar("T")
Keys = dict[str | None, tuple[str, ...]]
Mistake = tuple[str | None, str, str]  # section, key, what is wrong
_Group = ClassValidationError | IterableValidationError
_WRITTEN: Final = re.compile(  # [section], or key = and key.
    r"""\s*(?:\[\s*["']?([^\]"'.]+?)["']?\s*\]|["']?([A-Za-z0-9_-]+)["']?\s*[=.])"""
)


class _NotAList(ValueError):
    """A single value in place of a list."""


def keys_of(model: Any, given: Container[str] = ()) -> Keys:
    """The keys of each section, less `given`; None is what comes before the first [section]."""
    names: Keys = {None: ()}
    for part in fields(model):
        if is_dataclass(part.type):
            names[part.name] = tuple(field.name for field in fields(part.type))
        elif part.name not in given:
            names[None] += (part.name,)
    return names


def read_toml(
    path: Path, model: type[T], given: Mapping[str, object]
) -> tuple[T | None, list[str]]:
    """The file as a `model`, or None; and every mistake in it, in the order of lines.

    A mistake is `FILE: line 7: what is wrong; what to write`. `given` holds the fields of the
    model that are no keys of the file.
    """
    text, keys = "", keys_of(model, given)
    try:
        text = path.read_text(encoding="utf-8-sig")
        data = tomllib.loads(text)
    except (OSError, ValueError, RecursionError) as fault:
        return None, [f"{path}: {_not_toml(fault, text)}"]
    mistakes, found = list(_misplaced(data, keys)), None
    whole = {name: v for name, v in data.items() if name not in keys or isinstance(v, dict)}
    try:
        found = _converter().structure({**whole, **given}, model)
    except ClassValidationError as group:
        mistakes += _wrong_values(group)
    lines = text.splitlines()
    placed = [(_line(lines, section, key), what) for section, key, what in mistakes]
    return None if mistakes else found, [
        f"{path}: line {line}: {what}" if line else f"{path}: {what}"
        for line, what in sorted(dict.fromkeys(placed), key=lambda mistake: mistake[0])
    ]


@cache
def _converter() -> Converter:
    converter = Converter()
    hook = converter.register_structure_hook_func
    hook(
        lambda kind: hasattr(kind, "__metadata__"), lambda value, kind: kind.__metadata__[0](value)
    )
    hook(lambda kind: getattr(kind, "__origin__", None) in (tuple, frozenset), _read_list)
    return converter


def _read_list(value: Any, kind: Any) -> Any:
    if not isinstance(value, list):
        raise _NotAList(value)
    return kind.__origin__(_converter().structure(value, list[kind.__args__[0]]))


def _not_toml(fault: Exception, text: str) -> str:
    match fault:
        case OSError():
            return f"cannot be read: {fault.strerror or fault}"
        case UnicodeDecodeError():
            return f"is not UTF-8: {fault.reason} at byte {fault.start}"
        case RecursionError():
            return "not TOML that anybody wrote: nested too deep"
    what, _, place = str(fault).partition(" (at ")  # numbers of thousands of digits have no place
    line = re.match(r"line (\d+)", place)
    return f"line {line[1] if line else len(text.splitlines())}: not TOML: {what}"


def _misplaced(data: Mapping[str, Any], keys: Keys) -> Iterator[Mistake]:
    """Unknown keys, and values in place of a section."""
    for name, value in data.items():
        if name in keys and isinstance(value, dict):
            unknown = (key for key in value if key not in keys[name])
            yield from ((name, key, _unknown(keys, name, key)) for key in unknown)
        elif name in keys:
            yield None, name, f"{name} is a table; write [{name}]"
        elif name not in keys[None]:
            yield None, name, _unknown(keys, None, name)


def _unknown(keys: Keys, section: str | None, key: str) -> str:
    known = keys[section] if section else (*keys[None], *filter(None, keys))
    wrong = f"unknown key {key!r}{_in(section)}"
    if home := next((name for name, own in keys.items() if name != section and key in own), None):
        return f"{wrong}; it belongs in [{home}]"
    if near := nearest(key.lower(), known):
        return f"{wrong}; did you mean {near!r}?"
    return f"{wrong}; known are {', '.join(known)}"


def _wrong_values(group: _Group, path: tuple[str, ...] = ()) -> Iterator[Mistake]:
    """What the readers of values refused, out of nested groups; `path` is section and key."""
    for fault, note in group.group_exceptions()[0]:
        inner = (*path, note.name) if isinstance(note, AttributeValidationNote) else path
        if isinstance(fault, _Group):
            yield from _wrong_values(fault, inner)
            continue
        section, key = inner if inner[1:] else (None, inner[0])
        what = f"{key}{_in(section)}: {fault}"
        if isinstance(fault, KeyError):
            what = f'{key} is missing; write {key} = "https://example.com/"'
        elif isinstance(fault, _NotAList):
            what = f'{key}{_in(section)}: {fault.args[0]!r} is no list; write {key} = ["..."]'
        yield section, key, what


def _in(section: str | None) -> str:
    return f" in [{section}]" if section else ""


def _line(lines: list[str], section: str | None, key: str) -> int:
    """Where a key is written, which tomllib does not tell; 0 for one that is not written."""
    now, table = None, 0
    for number, line in enumerate(lines, 1):
        if (written := _WRITTEN.match(line)) is None:
            continue
        header, word = written.groups()
        if word == key and now == section:
            return number
        now = header or now
        if (header or word) in (key, section) and (header or now is None):
            table = table or number
    return table
