"""A wheel in an environment where other software has packages of our names."""

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from hatchling.builders.wheel import WheelBuilder

from tests.support.desk import ROOT, Result

CALL = "import sys; from winnow import main; sys.argv[0] = 'winnow'; main()"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of packages: our wheel, and a stranger's `models` and `crawler` that cannot load."""
    folder = tmp_path_factory.mktemp("wheel")
    [wheel] = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    packages = folder / "packages"
    with ZipFile(wheel) as archive:
        archive.extractall(packages)
    return packages


def call(installed: Path, folder: Path, *words: str) -> Result:
    done = subprocess.run(
        [sys.executable, "-c", CALL, *words],
        env={
            **{n: os.environ[n] for n in ("PATH", "LANG") if n in os.environ},
            "PYTHONPATH": str(installed), "HOME": str(folder), "WINNOW_HOME": str(folder),
        },
        cwd=folder, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return Result(done.returncode, done.stdout, done.stderr)


def test_it_has_no_package_but_winnow(installed: Path) -> None:
    tops = {path.name for path in installed.iterdir() if not path.name.endswith(".dist-info")}
    assert tops == {"winnow", "winnow.pth"}


def test_it_works_beside_packages_of_the_same_names(installed: Path, tmp_path: Path) -> None:
    for place in (installed, tmp_path):  # the environment, and the folder where somebody stands
        for name in ("models", "crawler", "pipelines", "migrations"):
            (place / name).mkdir(exist_ok=True)
            (place / name / "__init__.py").write_text("raise RuntimeError('not yours')")
    assert call(installed, tmp_path, "db", "upgrade").code == 0
    assert "no runs yet; type: winnow crawl" in call(installed, tmp_path, "runs").out
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites/gone.toml").write_text(
        'start = "http://127.0.0.1:9/"\n[scope]\nprivate = true\n'
    )
    visited = call(installed, tmp_path, "visit", "-s", "RETRY_ENABLED=0", "-s", "DOWNLOAD_DELAY=0")
    assert visited.code == 1
    # a process of its own was started, and found our packages
    assert "gone: no source could be read" in visited.err
    told = call(
        installed, tmp_path, "health", "--notify-test", "-s", "WINNOW_NOTIFY=json://127.0.0.1:9"
    )
    assert told.out == "not sent to json://127.0.0.1:9: connection refused\n", told.err
