"""Where relative settings lead, and whether Python finds Winnow's own packages.

A relative database, sites folder or archive is resolved against one folder, never against the one
where somebody stands: the folder of the nearest scrapy.cfg that names Winnow, else WINNOW_HOME,
else the user's data folder.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from configparser import ConfigParser, Error
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

# how a process of ours starts a module: Python puts no folder where one stands before our packages
PYTHON: Final = (sys.executable, "-P", "-m")
_OURS: Final = "crawler.settings"
_PACKAGES: Final = ("crawler", "pipelines", "models", "migrations")
_ROOT: Final = Path(__file__).resolve().parents[1]
_FILE: Final = re.compile(
    r"(?P<scheme>sqlite(?:\+\w+)?:///)(?P<path>(?!/|:memory:|file:)[^?]+)(?P<query>\?.*)?"
)
_ADDRESS: Final = re.compile(r"\s*[a-z][a-z0-9+.:-]+:/", re.IGNORECASE)  # one slash: it is refused
_PASSWORD: Final = re.compile(r"(?<=://)[^/@]*:[^/@]*@")


@dataclass(frozen=True, slots=True)
class Home:
    """The folder against which relative settings are resolved."""

    folder: Path  # absolute
    is_project: bool = False  # it has a scrapy.cfg that names Winnow

    @property
    def sites(self) -> str:
        """The default of WINNOW_SITES_DIR."""
        return "crawler/sites" if self.is_project else "sites"

    def url(self, url: str) -> str:
        """A database's URL; the file of a SQLite database has an absolute path in it."""
        found = _FILE.fullmatch(url)
        if found is None:
            return url
        path = Path(in_url(self.folder)) / Path(found["path"]).expanduser()
        return f"{found['scheme']}{path}{found['query'] or ''}"

    def path(self, path: str) -> str:
        """A folder's absolute path; what names another kind of store (s3://…) stays as it is."""
        return path if _ADDRESS.match(path) else str(self.folder / Path(path).expanduser())


def in_url(folder: Path) -> str:
    """A folder as the URL of a database has it."""
    return str(folder).replace("%", "%25").replace("?", "%3F")


def where_one_stands() -> Path:
    """The current folder; without one, which is a folder that was removed, a line ends all."""
    try:
        return Path.cwd()
    except FileNotFoundError as gone:
        raise SystemExit("winnow: the folder where you stand was removed; go to another") from gone


def home_of(environment: Mapping[str, str], here: Path) -> Home:
    """The home of a command that is typed in the folder `here`."""
    for folder in (here, *here.parents):
        if (folder / "scrapy.cfg").is_file():
            if _names_winnow(folder / "scrapy.cfg"):
                return Home(folder, is_project=True)
            break  # somebody else's project
    if given := environment.get("WINNOW_HOME"):
        folder = here / Path(given).expanduser()
        return Home(folder, is_project=(folder / "scrapy.cfg").is_file())
    from platformdirs import user_data_path  # noqa: PLC0415 - 20 ms, for nothing in a project's folder

    return Home(user_data_path("winnow", appauthor=False))


def where(settings: "BaseSettings", environment: Mapping[str, str], here: Path) -> Iterator[str]:
    """Lines on where a command writes that is typed in the folder `here`, if that is elsewhere.

    One of them says that a project's folder goes before a WINNOW_HOME that is set.
    """
    home, database = Path(settings["WINNOW_HOME"]), str(settings["WINNOW_DATABASE_URL"])
    given = environment.get("WINNOW_HOME")
    if given and (here / Path(given).expanduser()).resolve() != home.resolve():
        yield f"WINNOW_HOME={given} is ignored: this folder is in the project {home}"
    if home != here and f"///{in_url(home)}/" in database:
        archive = _PASSWORD.sub("…@", str(settings["WINNOW_ARCHIVE_DIR"]))
        yield f"database {database}, archive {archive}"


def resolve(settings: "BaseSettings") -> None:
    """Makes the paths absolute that `-s` gave."""
    home = Home(Path(settings["WINNOW_HOME"]))
    for name, resolved in (
        ("WINNOW_DATABASE_URL", home.url),
        ("WINNOW_SITES_DIR", home.path),
        ("WINNOW_ARCHIVE_DIR", home.path),
        ("WINNOW_ARCHIVE_SPOOL", home.path),
    ):
        settings.set(name, resolved(str(settings[name])), settings.getpriority(name) or 0)


def as_typed(sentence: str) -> str:
    """A sentence of ours that names commands of `scrapy`, for whoever typed `winnow`."""
    if not Path(sys.argv[0]).name.startswith("winnow"):
        return sentence
    return re.sub(r"\b(uv run )?scrapy(?= [a-z])", "winnow", sentence)


def require_own_packages() -> None:
    """Ends the process with one line if Python finds another project's package for one of ours."""
    for name in _PACKAGES:
        spec = find_spec(name)
        places = [Path(place) for place in spec.submodule_search_locations or ()] if spec else []
        if _ROOT / name not in [place.resolve() for place in places]:
            found = places[0] if places else f"the module {spec.origin}" if spec else "nothing"
            raise SystemExit(
                f"winnow: Python finds {found} for the package {name!r}, not {_ROOT / name}:"
                " another project has a package of that name. Type winnow instead of scrapy, or"
                " install Winnow into an environment of its own"
            )


def _names_winnow(file: Path) -> bool:
    """Whether one of the projects that a scrapy.cfg lists is ours. Scrapy reports its mistakes."""
    parser = ConfigParser(interpolation=None)
    try:
        parser.read(file, encoding="utf-8")
    except (Error, UnicodeDecodeError):
        return False
    return parser.has_section("settings") and _OURS in dict(parser.items("settings")).values()
