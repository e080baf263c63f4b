"""A machine as the manuals have it, below a folder: a project, a site at example.com, programs.

The project is in FOLDER/opt/winnow, and `/var`, `/etc` and `/backup` are below FOLDER too. A proxy
leads https://example.com to a server of the test, which a certificate of its own makes trusted:
addresses are typed as the manuals write them. `scrapy`, `winnow` and `uv run` on the PATH hand
what is typed to the warm process (tests/support/warm_start.py).
"""

import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.certificates import self_signed
from tests.support.desk import ROOT, Result
from tests.support.forward_proxy import ForwardProxy
from tests.support.listener import Listener
from tests.support.site_server import SiteServer, article, feed
from tests.support.warm_start import warm_start

HOST = "example.com"
HOME = f"https://{HOST}"
STORIES = ("/news/1", "/news/2", "/some/page")
_PROGRAM = """#!{python} -IS
import json, os, socket, sys
with socket.create_connection(("127.0.0.1", {port})) as typed:
    typed.sendall(json.dumps([{name!r}, sys.argv[1:], os.getcwd(), dict(os.environ)]).encode())
    typed.shutdown(socket.SHUT_WR)
    code, out, err = json.load(typed.makefile())
sys.stdout.write(out)
sys.stderr.write(err)
sys.exit(code)
"""
_UV = '#!/bin/sh\n[ "$1" = run ] && shift && exec "$@"\necho "uv $1: not here" >&2\nexit 64\n'
_LOOKS_AROUND = {("sites", "add"), ("sites", "import")}  # they wait between requests


class Typist(Listener):
    """Runs in the warm process what the programs of a folder are typed with."""

    def answer(self, connection: socket.socket) -> None:
        """Runs one command."""
        with connection:
            program, words, folder, environment = json.load(connection.makefile())
            at_once = ["-s", "DOWNLOAD_DELAY=0"] if tuple(words[:2]) in _LOOKS_AROUND else []
            ended = warm_start().run(
                [*words, *at_once], environment, Path(folder), 120, program=program
            )
            if at_once:
                _hurry(Path(environment["HOME"]).parent / "opt/winnow/crawler/sites")
            connection.sendall(json.dumps(ended).encode())


def _hurry(sites: Path) -> None:
    """The server is our own, so that no run need wait between two requests."""
    for path in sites.glob("*.toml"):
        text = path.read_text()
        if "\ndelay = 0\n" not in text:
            path.write_text(text.replace("[fetch]\n", "[fetch]\ndelay = 0\n", 1))


@dataclass(frozen=True, slots=True)
class RecipeFolder:
    """The folder, and what its programs need in the environment."""

    folder: Path
    environment: Mapping[str, str]

    @property
    def project(self) -> Path:
        """Where recipes are typed."""
        return self.folder / "opt/winnow"

    def run(self, shell: str, script: str, **more: str) -> Result:
        """Runs lines as a shell reads them; it stops at the first that fails, and names it."""
        done = subprocess.run(
            [shell, "-eux", "-c", script],
            env={**self.environment, **more}, cwd=self.project,
            capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        return Result(done.returncode, done.stdout, done.stderr)

    def copy(self, folder: Path) -> "RecipeFolder":
        """Another machine with the same files."""
        shutil.copytree(self.folder, folder, symlinks=True, dirs_exist_ok=True)
        told = {
            name: value.replace(str(self.folder), str(folder))
            for name, value in self.environment.items()
        }
        return RecipeFolder(folder, told)


@contextmanager
def recipe_folder(folder: Path) -> Iterator[RecipeFolder]:
    """A machine without a database or sites, while its site and its programs answer."""
    certificate = self_signed(folder, HOST)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with ForwardProxy() as proxy, SiteServer() as site, Typist() as typist:
        site._server.socket = context.wrap_socket(site._server.socket, server_side=True)
        proxy.routes[HOST] = int(site.url.rpartition(":")[2])
        _publish(site)
        _put_programs(folder, typist.port)
        _put_files(folder)
        yield RecipeFolder(folder, {
            "PATH": os.pathsep.join(
                [f"{folder}/bin", os.environ["PATH"], str(Path(sys.executable).parent)]
            ),
            "HOME": str(folder / "home"),
            "LANG": "C.UTF-8",
            "SSL_CERT_FILE": str(certificate),
            "WINNOW_PROXY": proxy.url,
            "WINNOW_WORKERS": "0",
            "PYTHONPATH": str(ROOT),
        })  # fmt: skip


def _publish(site: SiteServer) -> None:
    items = []
    for path in STORIES:
        title = f"A ferry for the harbour: {path[1:]}"
        lines = [f"The harbour ferry had a storm on day {n} of {path[1:]}." for n in range(9)]
        page = article(title, [*lines, "Read this newspaper every single morning."])
        site.page(path, page.replace("</article>", "<h2>Weather at sea</h2></article>"))
        items.append((HOME + path, title))
    site.page("/rss", feed(items))
    site.page("/", '<link rel="alternate" type="application/rss+xml" href="/rss">')


def _put_programs(folder: Path, port: int) -> None:
    programs = folder / "bin"
    programs.mkdir()
    for name in ("scrapy", "winnow"):
        text = _PROGRAM.format(python=sys.executable, port=port, name=name)
        _write_program(programs / name, text)
    _write_program(programs / "uv", _UV)


def _write_program(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)


def _put_files(folder: Path) -> None:
    project = folder / "opt/winnow"
    (project / "crawler/sites").mkdir(parents=True)
    for name in ("home", "backup", "etc/winnow", "var/log/winnow", "var/lib/winnow",
                 "var/lib/node_exporter/textfile"):  # fmt: skip
        (folder / name).mkdir(parents=True)
    for link, to in {
        "opt/winnow/bin": "../../bin",
        "opt/winnow/.venv/bin": "../../../bin",
        "etc/winnow/sites": "../../opt/winnow/crawler/sites",
        "var/lib/winnow/archive": "../../../opt/winnow/archive",
    }.items():
        (folder / link).parent.mkdir(exist_ok=True)
        (folder / link).symlink_to(to)
    shutil.copy(ROOT / "scrapy.cfg", project)
    shutil.copytree(ROOT / "contrib", project / "contrib")
    outlines = f'<outline text="Known" htmlUrl="{HOME}/"/><outline xmlUrl="{HOME}/rss"/>'
    gone = '<outline text="Away" htmlUrl="https://away.example/"/>'
    (project / "feeds.opml").write_text(f"<opml><body>{outlines}{gone}</body></opml>")
    (project / "ftr-site-config").mkdir()
    (project / f"ftr-site-config/{HOST}.txt").write_text("strip: //p[@class='advert']\n")
    (project / "pages.txt").write_text(f"{HOME}/news/1\n")
