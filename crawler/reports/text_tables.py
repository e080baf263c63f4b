"""Rows as people read them in a terminal, and as programs read them."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from crawler.reports.colors import state


def format_time(at: datetime | None) -> str:
    """A UTC time to the second; empty for None."""
    return "" if at is None else f"{at:%Y-%m-%d %H:%M:%S}"


def rows_as_text(rows: Sequence[Mapping[str, str]], in_color: str | None = None) -> str:
    """Rows below a heading, columns aligned; numbers to the right.

    `in_color`: the column of states that have their colours, if any.
    """
    heads = list(rows[0])
    widths = {head: max(len(head), *(len(row[head]) for row in rows)) for head in heads}
    right = {h for h in heads if all(_is_number(row[h]) for row in rows)}

    def cell(head: str, text: str) -> str:
        padding = " " * (widths[head] - len(text))  # colours take no room
        shown = state(text) if head == in_color else text
        return padding + shown if head in right else shown + padding

    lines = [{head: head for head in heads}, *rows]
    return "\n".join("  ".join(cell(head, line[head]) for head in heads).rstrip() for line in lines)


def as_json(value: Any) -> str:
    """One JSON document, indented; times are ISO 8601 in UTC, with a Z."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=_plain)


def as_json_line(value: Any) -> str:
    """The same in one line, for JSON lines."""
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if hasattr(value, "__float__"):  # PostgreSQL and MariaDB add integers up to Decimal
        number = float(value)
        return int(number) if number.is_integer() else number
    raise TypeError(f"{type(value).__name__} is no JSON")


def _is_number(text: str) -> bool:
    return not text or text.replace(".", "", 1).isdecimal()
