"""WARC files in which nothing is left but records that say that one was taken out."""

from collections.abc import Collection, Iterator
from pathlib import Path

from sqlalchemy import Connection, select

from models.archive.blanking import is_blank
from models.archive.captures import CAPTURES
from models.errors import ArchiveError


def emptied_files(folder: Path, known: Collection[str], below: str = "") -> Iterator[str]:
    """Names of an archive's files `below` a folder that nobody can need, besides the `known`.

    They are of no use to any database: records were taken out of them, and none is left. A file
    that a run has just opened is none of them. Raises ArchiveError for one that cannot be read.
    """
    for path in sorted((folder / below).glob("**/*.warc.gz")):
        name = path.relative_to(folder).as_posix()
        try:
            if name not in known and is_blank(path):
                yield name
        except FileNotFoundError:
            continue  # gone since it was listed
        except OSError as fault:
            raise ArchiveError(f"{path}: {fault.strerror or fault}") from fault


def emptied_of(conn: Connection, folder: Path) -> list[str]:
    """Those of an archive; a file with captures of this database is read by nobody here."""
    known = set(conn.scalars(select(CAPTURES.c.warc_file).distinct()))
    return list(emptied_files(folder, known))
