"""What the pages of one `scrapy look` share."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from models.archive.places import ArchivePlaces
from models.db.database import Database


@dataclass(frozen=True, slots=True)
class Look:
    """The database, the folders and the secret of one server."""

    database: Database  # opened with reads_only
    sites_dir: Path
    archive: ArchivePlaces
    settings: Mapping[str, str]  # WINNOW_… settings, the environment of commands that pages start
    token: str = field(repr=False)  # in the first address, later in the cookie
    port: int  # of 127.0.0.1

    @property
    def origin(self) -> str:
        """The server's address without a path."""
        return f"http://127.0.0.1:{self.port}"

    def address(self, path: str) -> str:
        """The address that opens a path in a browser for the first time: it has the token."""
        return f"{self.origin}{path}{'&' if '?' in path else '?'}token={self.token}"
