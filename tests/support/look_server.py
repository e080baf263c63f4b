"""The look application, served over real HTTP on the loopback for a test."""

import http.client
import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from crawler.look.app import create_app
from crawler.look.security import cookie_name
from crawler.look.server import listen, make_server
from crawler.look.state import Look
from models.archive.places import ArchivePlaces
from models.db.database import Database
from tests.support.desk import wait_for


@dataclass(frozen=True)
class Answer:
    """What the server answered."""

    status: int
    headers: Mapping[str, str]  # names in lower case
    text: str


@dataclass(frozen=True)
class LookServer:
    """A server under way."""

    look: Look

    @property
    def admission(self) -> dict[str, str]:
        """The header of a browser that was given the token."""
        return {"Cookie": f"{cookie_name(self.look.port)}={self.look.token}"}

    def get(self, path: str, **headers: str) -> Answer:
        """Asks as an admitted browser."""
        return self.ask("GET", path, {**self.admission, **headers})

    def post(self, path: str, body: str = "", **headers: str) -> Answer:
        """Posts as a page of this server."""
        ours = {**self.admission, "Origin": self.look.origin}
        return self.ask("POST", path, {**ours, **headers}, body)

    def ask(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: str = ""
    ) -> Answer:
        """Asks with these headers alone; a Host among them replaces the right one."""
        connection = http.client.HTTPConnection("127.0.0.1", self.look.port, timeout=60)
        try:
            connection.request(method, path, body or None, dict(headers or {}))
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, found, answer.read().decode())
        finally:
            connection.close()


@contextmanager
def look_server(
    url: str,
    folder: Path,
    *,
    sites: Path | None = None,
    archive: Path | None = None,
    search: bool = True,
) -> Iterator[LookServer]:
    """Serves the database until the end of the block; folders are those of a Desk."""
    database = Database.open(url, reads_only=True, search=search)
    sites, archive = sites or folder / "sites", archive or folder / "archive"
    listener = listen(0)
    look = Look(
        database=database,
        sites_dir=sites,
        archive=ArchivePlaces(archive),
        settings={
            "WINNOW_DATABASE_URL": url,
            "WINNOW_SITES_DIR": str(sites),
            "WINNOW_ARCHIVE_DIR": str(archive),
        },
        token=secrets.token_urlsafe(32),
        port=listener.getsockname()[1],
    )
    app = create_app(look)
    server = make_server(app)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        wait_for(lambda: server.started, 30)
        yield LookServer(look)
    finally:
        server.stop()
        thread.join(30)
        app.state.rules.jobs.stop_all()
        listener.close()
        database.close()
