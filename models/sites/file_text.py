"""A site's TOML file as text, for those who change a line of it: read, and replaced at once."""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import NamedTuple

from models.errors import SiteConfigError, WinnowError
from models.file_owner import keep_owner


class FileChanged(WinnowError):
    """The file is not what the draft was made from."""


class FileText(NamedTuple):
    """A site's file as it was read."""

    text: str  # line ends are \n; of a file that mixes them, as they are
    digest: str  # of its bytes
    line_end: str  # as written


def read_file(path: Path) -> FileText:
    """Raises SiteConfigError if there is no such file, or it is not UTF-8."""
    try:
        raw = path.read_bytes()
        text = raw.decode()
    except OSError as fault:
        raise SiteConfigError(f"{path}: {fault.strerror}; the site's file is needed") from fault
    except UnicodeDecodeError as fault:
        raise SiteConfigError(f"{path}: not UTF-8") from fault
    if "\r\n" in text and text.count("\r\n") == text.count("\n"):
        return FileText(text.replace("\r\n", "\n"), _digest(raw), "\r\n")
    return FileText(text, _digest(raw), "\n")


def write_file(path: Path, seen: str, text: str) -> str:
    """Replaces a file at once, if its digest is still `seen`; returns the new digest.

    Its mode and line ends stay, and a link still leads to it. Raises FileChanged, or
    SiteConfigError if it cannot be written.
    """
    before = read_file(path)
    if before.digest != seen:
        raise FileChanged(f"{path.name} has changed since; look at it, and do it once more")
    raw = text.replace("\n", before.line_end).encode()
    try:
        _replace(path.resolve(), raw)
    except OSError as fault:
        raise SiteConfigError(f"{path} cannot be written: {fault.strerror}") from fault
    return _digest(raw)


def _replace(path: Path, raw: bytes) -> None:
    """Puts a new file in the place of one, with its mode and owner; a fault leaves nothing."""
    before = path.stat()
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as made:
        new = Path(made.name)
        try:
            made.write(raw)
            made.flush()
            keep_owner(made.fileno(), before)
            os.fsync(made.fileno())
            new.replace(path)
        except BaseException:
            new.unlink()
            raise


def _digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()
