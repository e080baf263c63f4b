"""The project's own files agree: workflow, hooks, .ci/run, Makefile, docs, version."""

import re
import shlex
import tomllib
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import yaml

from crawler.settings import USER_AGENT

ROOT = Path(__file__).parent.parent
MANIFEST = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
VERSION = MANIFEST["project"]["version"]
CI_RUN = (ROOT / ".ci" / "run").read_text("utf-8").splitlines()
BENCHMARKS = "python -m benchmarks."  # they take minutes and need pages that we may not commit


def _yaml(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text("utf-8"))


def _ci_commands() -> set[str]:
    """The checks of .ci/run, as a user with uv on the path would type them."""
    (prefix,) = (shlex.split(line)[0] for line in CI_RUN if line.startswith("RUN="))
    runner = prefix.removeprefix("RUN=").replace("$UV", "uv")
    commands = {line.strip().replace("$RUN", runner, 1) for line in CI_RUN}
    return {
        command
        for command in commands
        if command.startswith((runner, "git diff")) and BENCHMARKS not in command
    }


def _hooks() -> list[dict[str, Any]]:
    repositories = _yaml(".pre-commit-config.yaml")["repos"]
    assert {repository["repo"] for repository in repositories} == {"local"}
    return [hook for repository in repositories for hook in repository["hooks"]]


@pytest.fixture(scope="module")
def job() -> dict[str, Any]:
    (only,) = _yaml(".github/workflows/ci.yml")["jobs"].values()
    return only


# ---------------------------------------------------------------- the workflow


def test_the_workflow_runs_for_main_and_for_every_pull_request() -> None:
    triggers = _yaml(".github/workflows/ci.yml")[True]  # YAML 1.1 reads the key `on` as true
    assert triggers["push"] == {"branches": ["main"]}
    assert "pull_request" in triggers


def test_the_workflow_calls_ci_run_on_every_supported_python(job: dict[str, Any]) -> None:
    pythons = job["strategy"]["matrix"]["python"]
    assert pythons == ["3.11", "3.12", "3.13", "3.14"]
    assert MANIFEST["project"]["requires-python"] == f">={pythons[0]}"
    brokers, command = [step["run"] for step in job["steps"] if "run" in step]
    assert command == "bash .ci/run"
    assert {"redis-server", "rabbitmq-server"} <= set(brokers.split())  # .ci/run is not root there


def test_the_workflow_gives_uv_the_python_of_the_matrix(job: dict[str, Any]) -> None:
    (setup,) = (
        step for step in job["steps"] if step.get("uses", "").startswith("actions/setup-python@")
    )
    assert setup["with"]["python-version"] == "${{ matrix.python }}"
    assert job["env"]["UV_PYTHON"] == "${{ matrix.python }}"


@pytest.mark.parametrize(
    ("service", "variable", "port", "password"),
    [
        ("postgresql", "WINNOW_TEST_POSTGRESQL_URL", 5432, "POSTGRES_PASSWORD"),
        ("mariadb", "WINNOW_TEST_MARIADB_URL", 3306, "MARIADB_ROOT_PASSWORD"),
    ],
)
def test_ci_run_finds_the_workflow_s_servers_by_the_variables_it_reads(
    job: dict[str, Any], service: str, variable: str, port: int, password: str
) -> None:
    server = job["services"][service]
    assert server["ports"] == [f"{port}:{port}"]
    assert f":{server['env'][password]}@127.0.0.1/" in job["env"][variable]
    assert any(f"${{{variable}:-}}" in line for line in CI_RUN)


# ---------------------------------------------------------------- the hooks


def test_the_hooks_run_exactly_the_checks_of_ci_run() -> None:
    assert {hook["entry"] for hook in _hooks()} == _ci_commands()


def test_the_hooks_check_whole_trees_like_ci_run() -> None:
    assert all(hook["pass_filenames"] is False for hook in _hooks())
    assert all(hook["language"] == "unsupported" for hook in _hooks())


# ---------------------------------------------------------------- make


def test_the_makefile_has_every_target_that_the_docs_name() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z][\w-]*):", makefile, re.MULTILINE))
    documents = [*ROOT.glob("*.md"), *ROOT.glob(".github/**/*.md"), *ROOT.glob("docs/**/*.md")]
    named = {
        target
        for document in documents
        for target in re.findall(
            r"(?:^|`)make ([a-z][\w-]*)(?=`|\s*$|\s+#)", document.read_text("utf-8"), re.MULTILINE
        )
    }
    assert named >= {"demo", "test", "quick", "ci", "release"}
    assert named <= targets
    (phony,) = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert set(phony.split()) == targets


def test_quick_leaves_out_what_is_marked_slow() -> None:
    assert 'pytest -m "not slow"' in (ROOT / "Makefile").read_text("utf-8")
    markers = MANIFEST["tool"]["pytest"]["ini_options"]["markers"]
    assert [marker.partition(":")[0] for marker in markers].count("slow") == 1


# ---------------------------------------------------------------- the version


def test_the_installed_version_is_pyproject_s() -> None:
    assert version("winnow") == VERSION
    assert USER_AGENT.startswith(f"winnow/{VERSION} ")


def test_the_version_is_written_nowhere_else() -> None:
    packages = MANIFEST["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]
    texts = [
        *(path for package in packages for path in (ROOT / package).rglob("*.py")),
        *(ROOT / ".ci").iterdir(),
        *(ROOT / "docs").glob("*.md"),
        *(ROOT / name for name in ("README.md", "Makefile", "scrapy.cfg")),
    ]
    stated = re.compile(rf"(?<![\w.]){re.escape(VERSION)}(?![\w.])|__version__")
    assert [
        path.relative_to(ROOT).as_posix()
        for path in texts
        if path.is_file() and stated.search(path.read_text("utf-8"))
    ] == []


def test_the_changelog_and_the_lock_file_know_the_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    newest = re.search(r"^## (\S+) \((?:unreleased|\d{4}-\d\d-\d\d)\)$", changelog, re.MULTILINE)
    assert newest
    assert newest[1] == VERSION
    lock = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))
    assert [p["version"] for p in lock["package"] if p["name"] == "winnow"] == [VERSION]
