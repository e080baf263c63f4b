"""What the manuals show of crontabs, units, logrotate and rules: the programs that read it take it.

The commands in it are typed by tests/test_shell_recipes.py.
"""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from models.db.database import Database
from tests.factories import known_site
from tests.support.desk import Desk
from tests.support.manual_blocks import Block, blocks
from tests.support.tools import tool

CRONTABS = blocks("crontab")
UNITS = blocks("ini")
ROTATIONS = blocks("logrotate")
RULES = blocks("yaml")
NAMED = re.compile(r"^# (/\S+)$", re.MULTILINE)


def files_of(block: Block) -> dict[str, str]:
    """The files that a block shows, each below a comment with its path."""
    _, *parts = NAMED.split(block.text)
    assert parts, block.name
    return {Path(name).name: text for name, text in zip(parts[::2], parts[1::2], strict=True)}


def test_the_manuals_have_each_kind() -> None:
    assert all((CRONTABS, UNITS, ROTATIONS, RULES))


@pytest.mark.parametrize("block", CRONTABS, ids=lambda block: block.name)
def test_the_lines_of_a_crontab_have_times(block: Block) -> None:
    for line in block.text.splitlines():
        if line and not re.match(r"[A-Z_]+=", line):
            *times, command = line.split(maxsplit=5)
            assert all(re.fullmatch(r"\*(/\d+)?|\d+", time) for time in times), line
            assert "%" not in command  # cron's sign for a new line


@pytest.mark.parametrize("block", UNITS, ids=lambda block: block.name)
def test_systemd_takes_the_units(block: Block, tmp_path: Path) -> None:
    analyze = tool("systemd-analyze")
    for name, text in files_of(block).items():  # it looks whether the program is there
        program = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", text, flags=re.MULTILINE)
        (tmp_path / name).write_text(program)
    (tmp_path / "status-mail@.service").write_text("[Service]\nType=oneshot\nExecStart=/bin/true\n")
    done = subprocess.run(
        [analyze, "verify", "--man=no", *map(str, sorted(tmp_path.glob("winnow*")))],
        env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("block", ROTATIONS, ids=lambda block: block.name)
def test_logrotate_takes_its_file(block: Block, tmp_path: Path) -> None:
    [(name, text)] = files_of(block).items()
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "visit.log").write_text("a line\n")
    copy = tmp_path / name
    copy.write_text(
        text.replace("/var/log/winnow", str(logs)).replace("winnow winnow", "root root")
    )
    copy.chmod(0o644)
    done = subprocess.run(
        [tool("logrotate"), "--debug", "--state", str(tmp_path / "state"), str(copy)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "error:" not in done.stderr
    assert f"considering log {logs}/visit.log" in done.stderr


@pytest.mark.parametrize("block", RULES, ids=lambda block: block.name)
def test_rules_ask_for_metrics_that_there_are(block: Block, desk: Desk, sqlite: Database) -> None:
    desk.write_site("example", "https://example.com/")
    with sqlite.transaction() as conn:
        known_site(conn)
    printed = desk.here("health", "--prometheus").out
    described = set(re.findall(r"^# TYPE (\w+) gauge$", printed, re.MULTILINE))
    labels = set(re.findall(r"[{,](\w+=\"[^\"]*\")", printed))
    [group] = yaml.safe_load(block.text)["groups"]
    for rule in group["rules"]:
        asked = re.findall(r"\bwinnow_\w+", rule["expr"])
        assert asked and set(asked) <= described, rule
        assert set(re.findall(r"[{,](\w+=\"[^\"]*\")", rule["expr"])) <= labels, rule
