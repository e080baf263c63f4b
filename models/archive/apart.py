"""Whether two places are one by another spelling: a move would then lose what it moves."""

import secrets
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from models.archive.stores import Store
from models.errors import UsageError


def require_apart(target: Store, sources: Iterable[Store]) -> None:
    """Raises UsageError if a small file that is put at `target` is at one of `sources` too.

    Addresses say little: s3:// and s3a:// are one place, as are a folder and a mount of it. Raises
    what the stores raise.
    """
    name = f".winnow-{secrets.token_hex(8)}"
    with TemporaryDirectory() as folder:
        probe = Path(folder) / name
        probe.write_bytes(name.encode())
        target.put(name, probe)
    try:
        same = next((one for one in sources if one.size(name) is not None), None)
    finally:
        target.delete(name)
    if same is not None:
        raise UsageError(
            f"WINNOW_ARCHIVE_DIR: {target.address} and {same.address}, where files are now, are one"
            " place; nothing was moved; write it as it was"
        )
