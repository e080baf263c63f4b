"""Which sites have a TOML file, and so are visited."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from models.sites.enabled import is_disabled


@dataclass(frozen=True, slots=True)
class SiteFiles:
    """The names of the TOML files of a folder; without any, another machine has them."""

    names: frozenset[str]
    folder: Path

    @classmethod
    def of(cls, folder: Path) -> "SiteFiles":
        """Those of a folder, which need not exist."""
        return cls(frozenset(path.stem for path in folder.glob("*.toml")), folder)

    def lacks(self, site: str) -> bool:
        """Whether a site is not visited any more, because its file is gone."""
        return bool(self.names) and site not in self.names

    def disables(self, site: str) -> bool:
        """Whether a site is not visited, because its file says so."""
        return site in self.names and is_disabled(self.folder / f"{site}.toml")

    def disabled(self) -> frozenset[str]:
        """All sites whose file says so."""
        return frozenset(name for name in self.names if self.disables(name))

    def without_run(self, known: Collection[str]) -> list[str]:
        """Sites that have a file, are visited, and that no run has seen yet."""
        return [name for name in sorted(self.names - frozenset(known)) if not self.disables(name)]
