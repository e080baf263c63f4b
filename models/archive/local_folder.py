"""The local folder of an archive: whether it can be written, and what dead runs left in it."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile

from models.archive.warc import repair
from models.errors import ArchiveUnwritable


def require_writable(folder: Path) -> None:
    """Raises ArchiveUnwritable if no file can be made in the archive."""
    with writing_in(folder):
        folder.mkdir(parents=True, exist_ok=True)
        TemporaryFile(dir=folder).close()


@contextmanager
def writing_in(folder: Path) -> Iterator[None]:
    """Raises ArchiveUnwritable, which says what to do, for an OSError of writing there."""
    try:
        yield
    except OSError as fault:
        raise ArchiveUnwritable(
            f"the archive {folder} cannot be written: {fault.strerror or fault};"
            " it needs space and the right to write; see WINNOW_ARCHIVE_DIR, or with"
            " object storage WINNOW_ARCHIVE_SPOOL"
        ) from fault


def files_of(folder: Path, run_ids: Iterable[int]) -> list[str]:
    """Names of the files of runs, in their order."""
    runs = sorted(set(run_ids))
    found = [path for run in runs for path in folder.glob(f"*/*/run-{run:06d}-*.warc.gz")]
    return sorted(path.relative_to(folder).as_posix() for path in found)


def mend(folder: Path, run_ids: Iterable[int], besides: Collection[str] = ()) -> list[Path]:
    """Repairs the files of dead runs, for every WARC tool to read; returns those repaired.

    `besides`: files that are repaired elsewhere.
    """
    return repair(folder / name for name in files_of(folder, run_ids) if name not in besides)
