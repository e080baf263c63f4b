"""The libraries of the extra `look`, which an installation may lack."""

from importlib.util import find_spec
from typing import Final

from models.errors import WinnowError

LIBRARIES: Final = ("starlette", "uvicorn", "jinja2", "pygal")


class ExtraMissing(WinnowError):
    """A library of the extra `look` is not installed; the message says what to type."""


def require_extra(command: str) -> None:
    """Raises ExtraMissing, in the name of the command, where a library is missing."""
    missing = [name for name in LIBRARIES if find_spec(name) is None]
    if missing:
        raise ExtraMissing(
            f"scrapy {command} needs the extra winnow[look] (missing: {', '.join(missing)});"
            " type: uv sync --extra look, or: pip install 'winnow[look]'"
        )
