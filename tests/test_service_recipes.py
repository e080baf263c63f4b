"""What the manuals show of crontabs and of rules: the programs that read them take them.

The commands in it are typed by tests/test_shell_recipes.py.
"""

import re

import pytest
import yaml

from models.clock import utc_now
from models.db.database import Database
from models.fleet import handouts
from tests.factories import known_site
from tests.support.desk import Desk
from tests.support.manual_blocks import Block, blocks

CRONTABS = blocks("crontab")
RULES = blocks("yaml")


def test_the_manuals_have_each_kind() -> None:
    assert CRONTABS and RULES


@pytest.mark.parametrize("block", CRONTABS, ids=lambda block: block.name)
def test_the_lines_of_a_crontab_have_times(block: Block) -> None:
    for line in block.text.splitlines():
        if line and not re.match(r"[A-Z_]+=", line):
            *times, command = line.split(maxsplit=5)
            assert all(re.fullmatch(r"\*(/\d+)?|\d+", time) for time in times), line
            assert "%" not in command  # cron's sign for a new line


@pytest.mark.parametrize("block", RULES, ids=lambda block: block.name)
def test_rules_ask_for_metrics_that_there_are(block: Block, desk: Desk, sqlite: Database) -> None:
    desk.write_site("example", "https://example.com/")
    with sqlite.transaction() as conn:
        known_site(conn)
        handouts.hand_out(conn, "b1", "de", ["example"], utc_now())  # rules of a fleet
    printed = desk.here("health", "--prometheus").out
    described = set(re.findall(r"^# TYPE (\w+) gauge$", printed, re.MULTILINE))
    labels = set(re.findall(r"[{,](\w+=\"[^\"]*\")", printed))
    [group] = yaml.safe_load(block.text)["groups"]
    for rule in group["rules"]:
        asked = re.findall(r"\bwinnow_\w+", rule["expr"])
        assert asked and set(asked) <= described, rule
        assert set(re.findall(r"[{,](\w+=\"[^\"]*\")", rule["expr"])) <= labels, rule
