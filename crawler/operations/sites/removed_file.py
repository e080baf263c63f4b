"""The file of a site that is removed: it stays beside the others, under a name that none reads."""

from pathlib import Path

from models.errors import UsageError


def removable(folder: Path, name: str) -> Path:
    """A site's file, though it may have mistakes. Raises UnknownSite, which names the nearest."""
    from models.sites.config import NAME, load_site

    path = folder / f"{name}.toml"
    if not NAME.fullmatch(name) or not path.is_file():
        load_site(folder, name)
    return path


def take_away(path: Path) -> Path:
    """Renames a site's file, so that nothing visits the site; returns where it is now."""
    kept = _free(path)
    try:
        path.rename(kept)
    except OSError as fault:
        raise UsageError(f"{path} cannot be moved: {fault.strerror}") from fault
    return kept


def is_removed(folder: Path, name: str) -> bool:
    """Whether a site of that name was removed before."""
    from models.sites.config import NAME

    return bool(NAME.fullmatch(name)) and (folder / f"{name}.toml.removed").exists()


def _free(path: Path) -> Path:
    """NAME.toml.removed, or the next that is free: what was removed before is not written over."""
    number, kept = 1, path.with_name(f"{path.name}.removed")
    while kept.exists():
        number += 1
        kept = path.with_name(f"{path.name}.removed-{number}")
    return kept
