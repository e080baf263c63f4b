"""Checks a wheel: valid metadata, and exactly the tracked files of the packages it ships.

git ls-files | python .ci/check_wheel.py dist/winnow-….whl
"""

import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

from packaging.metadata import Metadata

MANIFEST = "pyproject.toml"


def check(wheel: Path, tracked: set[str]) -> list[str]:
    """What is wrong with the wheel, a line each."""
    manifest = tomllib.loads(Path(MANIFEST).read_text("utf-8"))
    project = manifest["project"]
    target = manifest["tool"]["hatch"]["build"]["targets"]["wheel"]
    moved, further = target["sources"], target["force-include"]
    info = f"{project['name']}-{project['version']}.dist-info/"
    with ZipFile(wheel) as archive:
        names = set(archive.namelist())
        # raises an ExceptionGroup that names every field that an index would refuse
        metadata = Metadata.from_email(archive.read(f"{info}METADATA"), validate=True)
    shipped = {name for name in names if not name.startswith(info)}
    expected = set(further.values())
    for name in tracked:
        package, _, inside = name.partition("/")
        if package in moved:
            expected.add(f"{moved[package]}/{inside}")
    wrong = [f"missing: {name}" for name in sorted(expected - shipped)]
    wrong += [f"not tracked: {name}" for name in sorted(shipped - expected)]
    wrong += [
        f"missing: {info}licenses/{name}"
        for name in metadata.license_files or ["LICENSE"]
        if f"{info}licenses/{name}" not in names
    ]
    if str(metadata.version) != project["version"]:
        wrong.append(f"the metadata says version {metadata.version}")
    if not metadata.description:
        wrong.append("the metadata has no description")
    return wrong


if __name__ == "__main__":
    path = Path(sys.argv[1])
    found = check(path, {line.strip() for line in sys.stdin})
    if found:
        sys.exit("\n".join(found))
    sys.stdout.write(f"{path.name}: metadata valid, files complete, nothing else inside\n")
