"""A file of URLs, one a line; what is none is told with its line, and the rest goes on."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from models.errors import UsageError
from models.urls import request_url

_SHOWN: Final = 200  # characters of what is wrong


@dataclass(frozen=True, slots=True)
class UrlList:
    """What a file says."""

    name: str
    urls: tuple[tuple[int, str], ...]  # line number, URL
    faults: tuple[str, ...]  # FILE:LINE: what is wrong


def read_url_list(name: str) -> UrlList:
    """Reads UTF-8 with or without a mark; blank lines and # comments are passed over.

    Raises UsageError where the file cannot be read, or names no URL at all.
    """
    try:
        lines = Path(name).read_bytes().removeprefix(b"\xef\xbb\xbf").splitlines()
    except (OSError, ValueError) as wrong:
        why = getattr(wrong, "strerror", None) or wrong
        raise UsageError(f"-a urls={name}: {why}; write a file with one URL a line") from wrong
    urls: list[tuple[int, str]] = []
    faults: list[str] = []
    for number, line in enumerate(lines, 1):
        try:
            url = line.decode().strip()
            if url and not url.startswith("#"):
                request_url(url)
                urls.append((number, url))
        except UnicodeDecodeError:
            faults.append(f"{name}:{number}: not UTF-8")
        except ValueError as wrong:
            faults.append(f"{name}:{number}: {str(wrong)[:_SHOWN]}")
    if not urls:
        raise UsageError(f"-a urls={name}: no URL in it{f'; {faults[0]}' if faults else ''}")
    return UrlList(name, tuple(urls), tuple(faults))
