"""contrib/: each file is checked by the program that reads it, where this machine has that."""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
import yaml

from crawler import settings as ours
from tests.support.desk import ROOT, wait_for
from tests.support.tools import tool
from tests.support.typed_words import check_verb

CONTRIB = ROOT / "contrib"
UNITS = sorted((CONTRIB / "systemd").glob("winnow-*"))
COMPOSE = yaml.safe_load((CONTRIB / "docker/compose.yaml").read_text())
FLEET = yaml.safe_load((CONTRIB / "docker/compose.fleet.yaml").read_text())
SETTINGS = {name for name in dir(ours) if name.startswith("WINNOW_")}
NOT_SETTINGS = {
    "POSTGRES_PASSWORD", "POSTGRES_USER", "POSTGRES_DB", "MAILTO",
    "RABBITMQ_DEFAULT_USER", "RABBITMQ_DEFAULT_PASS",
    "AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
}  # fmt: skip
INSTRUCTIONS = {
    "FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "VOLUME", "ENTRYPOINT", "CMD",
}  # fmt: skip


def names_in(path: Path) -> set[str]:
    """Variables that a file of NAME=value lines sets, those in comments too."""
    return set(re.findall(r"^#?([A-Z_]+)=", path.read_text(), re.MULTILINE))


@pytest.mark.parametrize(
    "path",
    [
        "systemd/winnow.env",
        "docker/winnow.env.example",
        "docker/fleet.env.example",
        "cron/winnow",
    ],
)
def test_every_variable_is_a_setting(path: str) -> None:
    names = names_in(CONTRIB / path)
    assert names
    assert names - NOT_SETTINGS <= SETTINGS


# ---------------------------------------------------------------- systemd


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    analyze = tool("systemd-analyze")
    for unit in UNITS:  # it looks whether the program is there
        text = unit.read_text().replace("/opt/winnow/bin/winnow", "/bin/true")
        (tmp_path / unit.name).write_text(text)
    done = subprocess.run(
        [analyze, "verify", "--man=no", *map(str, sorted(tmp_path.iterdir()))],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("unit", [u for u in UNITS if u.suffix == ".service"], ids=str)
def test_a_service_types_a_verb_that_exists(unit: Path) -> None:
    [line] = re.findall(r"^ExecStart=(.+)$", unit.read_text(), re.MULTILINE)
    program, *words = shlex.split(line)
    assert program == "/opt/winnow/bin/winnow"
    check_verb(words)


def test_every_timer_has_its_service() -> None:
    timers = [unit for unit in UNITS if unit.suffix == ".timer"]
    assert timers
    assert all(timer.with_suffix(".service") in UNITS for timer in timers)


# ---------------------------------------------------------------- cron and logrotate


def test_the_crontab_s_lines_have_times_a_user_and_a_verb() -> None:
    lines = [
        line
        for line in (CONTRIB / "cron/winnow").read_text().splitlines()
        if line and not re.match(r"#|[A-Z_]+=", line)
    ]
    assert len(lines) == 2
    for line in lines:
        *times, user, command = line.split(maxsplit=6)
        assert all(re.fullmatch(r"\*(/\d+)?|\d+", time) for time in times), line
        assert user == "winnow"
        assert "%" not in command  # cron's sign for a new line
        check_verb(shlex.split(command.partition(">>")[0])[1:])


def test_logrotate_takes_its_file_and_it_names_the_crontab_s_log(tmp_path: Path) -> None:
    text = (CONTRIB / "logrotate/winnow").read_text()
    assert ">>/var/log/winnow/prune.log" in (CONTRIB / "cron/winnow").read_text()
    # without the folder, the shell refuses the line and nothing is ever pruned
    assert "install -d -o winnow -g winnow /var/log/winnow" in (CONTRIB / "README.md").read_text()
    copy = tmp_path / "winnow"
    copy.write_text(text.replace("su winnow winnow", "su root root"))
    copy.chmod(0o644)
    done = subprocess.run(
        [tool("logrotate"), "--debug", "--state", str(tmp_path / "state"), str(copy)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0
    assert "error:" not in done.stderr
    assert "/var/log/winnow/*.log" in done.stderr


# ---------------------------------------------------------------- Docker


@pytest.mark.parametrize("name", ["winnow.env", "fleet.env"])
def test_the_containers_passwords_are_no_file_of_the_project(name: str) -> None:
    ignored = (ROOT / ".gitignore").read_text().split()
    assert f"/contrib/docker/{name}" in ignored
    assert f"cp {name}.example {name}" in (CONTRIB / "README.md").read_text()


def instructions() -> list[tuple[str, str]]:
    text = (CONTRIB / "docker/Dockerfile").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines)]


def test_the_dockerfile_has_known_instructions_and_copies_what_is_here() -> None:
    found = instructions()
    assert {word for word, _ in found} <= INSTRUCTIONS
    assert found[0][0] == "FROM"
    ignored = (CONTRIB / "docker/Dockerfile.dockerignore").read_text().splitlines()
    for word, rest in found:
        if word in {"ENTRYPOINT", "CMD"}:
            assert all(isinstance(part, str) for part in json.loads(rest))
        if word == "COPY" and not rest.startswith("--from"):
            *sources, _target = rest.split()
            for source in sources:
                assert (ROOT / source).exists(), rest
                parents = [source, *(str(parent) for parent in Path(source).parents)]
                assert any(f"!{name}" in ignored for name in parents), f"{source} is ignored"
    users = [rest for word, rest in found if word == "USER"]
    assert users == ["winnow"]  # not root


def test_the_image_has_all_that_the_wheel_needs() -> None:
    copied = " ".join(rest for word, rest in instructions() if word == "COPY").split()
    manifest = (ROOT / "pyproject.toml").read_text()
    [packages] = re.findall(r"^only-include = (\[.*\])$", manifest, re.MULTILINE)
    assert set(json.loads(packages)) <= set(copied)
    assert {"pyproject.toml", "README.md", "LICENSE"} <= set(copied)
    [extras] = re.findall(r'"\.\[(.+)\]"', " ".join(rest for _, rest in instructions()))
    assert all(re.search(rf"^{extra} = \[", manifest, re.MULTILINE) for extra in extras.split(","))


def test_compose_starts_the_database_then_the_upgrade_then_the_visits() -> None:
    services = COMPOSE["services"]
    assert services["upgrade"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    for name in ("visit", "winnow"):
        wanted = {"upgrade": {"condition": "service_completed_successfully"}}
        assert services[name]["depends_on"] == wanted
    check_verb(services["upgrade"]["command"])
    check_verb(["visit", *services["visit"]["command"][1:]])
    for name, service in services.items():
        used = {mount.partition(":")[0] for mount in service["volumes"]}
        assert used <= set(COMPOSE["volumes"]), name
    build = services["visit"]["build"]
    assert (CONTRIB / "docker" / build["context"] / build["dockerfile"]).is_file()
    assert build["context"] == "../.."


def test_compose_starts_the_fleet_once_its_database_and_broker_are_there() -> None:
    services = FLEET["services"]
    ready = {
        "upgrade": {"condition": "service_completed_successfully"},
        "broker": {"condition": "service_healthy"},
    }
    assert services["hand-out"]["depends_on"] == ready
    assert services["worker"]["depends_on"] == ready
    assert {"healthcheck", "volumes"} <= set(services["broker"])
    check_verb(services["upgrade"]["command"])
    check_verb(services["worker"]["command"])
    check_verb(["visit", *services["hand-out"]["command"][1:]])
    for name, service in services.items():
        used = {mount.partition(":")[0] for mount in service.get("volumes", ())}
        assert used <= set(FLEET["volumes"]), name
        assert service.get("env_file") == "fleet.env", name
    # a worker reads the sites' files that the hand-out reads, and writes none
    assert "sites:/data/sites" in services["hand-out"]["volumes"]
    assert "sites:/data/sites:ro" in services["worker"]["volumes"]


def test_the_image_has_the_extras_of_a_fleet() -> None:
    [extras] = re.findall(r'"\.\[(.+)\]"', " ".join(rest for _, rest in instructions()))
    assert {"fleet", "s3"} <= set(extras.split(","))


@pytest.mark.parametrize("name", ["compose.yaml", "compose.fleet.yaml"])
def test_docker_compose_takes_the_file(name: str, tmp_path: Path) -> None:
    docker = tool("docker")
    asked = [docker, "compose", "version"]
    if subprocess.run(asked, capture_output=True, timeout=60, check=False).returncode:
        pytest.skip("this machine's docker has no compose")
    copy = tmp_path / "contrib/docker"
    shutil.copytree(CONTRIB / "docker", copy)
    for settings in ("winnow.env", "fleet.env"):
        shutil.copy(copy / f"{settings}.example", copy / settings)
    done = subprocess.run(
        [docker, "compose", "-f", name, "config", "--quiet"],
        cwd=copy, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_the_container_visits_again_and_a_stop_lets_the_visit_end(tmp_path: Path) -> None:
    """The script that repeats visits, with a `winnow` that takes its time to end."""
    calls = tmp_path / "calls"
    program = tmp_path / "winnow"
    program.write_text(
        f"#!/bin/sh\ntrap 'stop=1' TERM\necho \"$@\" >>{calls}\n"
        f'[ "$(wc -l <{calls})" -lt 2 ] && exit 3\n'
        f'until [ "$stop" ]; do sleep 0.05; done\nsleep 0.2; echo ended >>{calls}\n'
    )
    program.chmod(0o755)
    process = subprocess.Popen(
        [CONTRIB / "docker/visit-every", "0.1", "--max-time", "50m"],
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}"},
    )
    try:
        wait_for(lambda: calls.exists() and len(calls.read_text().splitlines()) == 2, 20)
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)
    finally:
        process.kill()
    assert calls.read_text().splitlines() == ["visit --max-time 50m"] * 2 + ["ended"]
    assert time.monotonic() - began < 10
