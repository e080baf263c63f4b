"""A file that appears under its name only when it is whole."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from models.errors import UsageError
from models.file_owner import keep_owner


@contextmanager
def whole_file(out: str, instead: str) -> Iterator[IO[bytes]]:
    """Writes beside the target and takes its place at the end, or leaves what was there.

    Its mode stays, for root its owner too, and a link still leads to it. Of several writers at
    once, the last one's holds. Raises UsageError if it cannot be written; `instead` says what to
    type for what is no file, such as a pipe.
    """
    target = Path(os.path.realpath(out))
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        if target.exists() and not target.is_file():
            raise UsageError(f"{out}: a file would take its place; {instead}")
        try:
            with part.open("xb") as file:
                if target.exists():
                    keep_owner(file.fileno(), target.stat())
                yield file
            part.replace(target)
        finally:
            if part.exists():  # unlink(missing_ok=True) raises if the parent is a file
                part.unlink()
    except OSError as fault:
        raise UsageError(f"{out}: {fault.strerror}") from fault
