"""Prepared statements, in the URL: `prepare_threshold`, which psycopg takes as a number or None."""

from typing import Any, Final

from sqlalchemy import URL

from models.errors import UsageError

_NAME: Final = "prepare_threshold"
_OFF: Final = "none"  # for a pooler that gives each transaction another connection


def threshold_in(url: URL) -> dict[str, Any]:
    """What psycopg is given for `prepare_threshold` in the URL, in place of its word.

    `5`: a statement is prepared when it comes for the sixth time, as psycopg does by itself;
    `none`: never. Raises UsageError for anything else. Empty where the URL names none.
    """
    word = url.query.get(_NAME)
    if word is None or url.get_driver_name() != "psycopg":
        return {}
    if word == _OFF:
        return {_NAME: None}
    if isinstance(word, str) and word.isdecimal() and word.isascii():
        return {_NAME: int(word)}
    raise UsageError(f"WINNOW_DATABASE_URL: {_NAME}={word}: write none, or a number such as 5")
