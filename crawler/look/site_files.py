"""Which sites have a TOML file, and so are visited."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SiteFiles:
    """The names of the TOML files of a folder; without any, another machine has them."""

    names: frozenset[str]

    @classmethod
    def of(cls, folder: Path) -> "SiteFiles":
        """Those of a folder, which need not exist."""
        return cls(frozenset(path.stem for path in folder.glob("*.toml")))

    def lacks(self, site: str) -> bool:
        """Whether a site is not visited any more, because its file is gone."""
        return bool(self.names) and site not in self.names

    def without_run(self, known: Collection[str]) -> list[str]:
        """Sites that have a file and that no run has seen yet."""
        return sorted(self.names - frozenset(known))
