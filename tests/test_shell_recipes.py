"""Every command of the manuals is typed as it is written, or is named here with the reason why not.

A block begins in a copy of a folder in which the README's `Use it` was typed, unless it adds a site
itself: then in a new one. What a manual leaves to its reader is filled in from PLACEHOLDERS.
"""

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import make_url

from tests.databases import AtHead
from tests.support.manual_blocks import SHELLS, Block, blocks, manuals, spans
from tests.support.recipe_folder import RecipeFolder, recipe_folder
from tests.support.typed_words import check_line

BLOCKS = blocks(*SHELLS)
COMMANDS = [command for block in BLOCKS for command in block.commands]
ADDS_A_SITE = "scrapy sites add "
[USE_IT] = [one for one in BLOCKS if one.manual == "README.md" and ADDS_A_SITE in one.text]
# What a reader puts in its place: a pattern, and what stands there when it is typed. {…} is of
# the test's folder or databases.
PLACEHOLDERS: Mapping[str, str] = {
    r"postgresql\+psycopg://winnow@db\.example/winnow": "sqlite:///winnow.db",
    r"(?<![\w./:~*}])/(?=(opt|var|etc|backup)/)": "{folder}/",
    r"\bNAME\b|\bharbour-post\b": "example",
    r"(?<=--template )ID\b": "{template}",
    r"(?<=--block )ID\b|(?<=--like )ID\b": "{text}",
    r"\bFILE\b": "pages.txt",
    r"(?<=pg_dump -Fc )winnow\b": "{postgresql}",
    r"(?<=mariadb-dump --single-transaction )winnow\b": "{mariadb}",
}
# What is not run, and why. What it names of this project is there all the same: verbs with their
# options, targets of make, extras, files.
NOT_RUN: Mapping[str, str] = {
    r"make demo\b": "types the verb `demo`; tests/crawler/commands/test_demo.py does so",
    r"make quick\b|uv run pytest\b|bash \.ci/run\b": "is the suite itself",
    r"git (clone|pull)\b": "the address of the repository is the reader's",
    r"uv sync\b|uv tool install\b": "fetches packages from the index",
    r"pre-commit install\b": "comes from the index; tests/test_project.py reads the hooks",
    r"uv run python -m benchmarks\.": "takes minutes",
    r"sudo |systemctl\b|journalctl\b": "changes the machine; tests/test_contrib.py reads the units",
    r"docker compose\b": "needs Docker; tests/test_contrib.py reads the compose file",
    r"(uv run |/\S+/)(scrapy|winnow) .*--fleet\b": "needs a broker; tests/test_fleet.py has one",
    r"uv run scrapy look\b": "serves until it is stopped; tests/test_look_browser.py opens it",
}
# What would serve until it is stopped, and the option with which it answers once
ONCE: Mapping[str, str] = {r"uv run datasette winnow\.db\b": "--get /winnow.json"}
# What ends with another code than 0, and where the manual says so
CODES: Mapping[str, int] = {
    r"uv run scrapy sites import(?!-)\b": 1,  # `feeds.opml` has a site that does not answer
}
TABLES = (PLACEHOLDERS, NOT_RUN, ONCE, CODES)
TOOLS = ("sqlite3", "pg_dump", "mariadb-dump", "rsync", "zsh")


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RecipeFolder]:
    with recipe_folder(tmp_path_factory.mktemp("empty")) as made:
        yield made


@pytest.fixture(scope="module")
def used(empty: RecipeFolder, tmp_path_factory: pytest.TempPathFactory) -> RecipeFolder:
    """After the README's `Use it`."""
    made = empty.copy(tmp_path_factory.mktemp("used"))
    done = made.run("sh", script(USE_IT, {"folder": str(made.folder)}))
    assert done.code == 0, done.printed
    return made


def entry(table: Mapping[str, object], command: str) -> str | None:
    """The pattern of a table that a command begins with."""
    return next((pattern for pattern in table if re.match(pattern, command)), None)


def script(block: Block, values: Mapping[str, str]) -> str:
    """What the shell reads: a line for each command."""
    lines = []
    for command in block.commands:
        if entry(NOT_RUN, command):
            continue
        line = command
        for pattern, there in PLACEHOLDERS.items():
            line = re.sub(pattern, lambda _, there=there: there.format(**values), line)
        once, code = entry(ONCE, command), entry(CODES, command)
        if once:
            line = f"{line} {ONCE[once]}"
        if code:
            typed = line.partition(" #")[0].rstrip()
            line = f"{typed} && exit 99 || [ $? = {CODES[code]} ]"
        lines.append(line)
    return "\n".join(lines)


def values_for(block: Block, machine: RecipeFolder) -> dict[str, str]:
    """What this block's placeholders stand for."""
    values = {"folder": str(machine.folder)}
    if re.search(r"--(block|like|template) ID", block.text):
        done = machine.run("sh", "scrapy sites memory example --json")
        memory = json.loads(done.out)
        values["text"] = str(memory["texts"][0]["block_id"])
        values["template"] = str(memory["templates"][0]["template_id"])
    return values


@pytest.mark.slow  # it starts shells, and crawls
@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.name)
def test_a_block_runs_as_it_is_written(
    block: Block, request: pytest.FixtureRequest, at_head: AtHead, tmp_path: Path
) -> None:
    begun: RecipeFolder = request.getfixturevalue("empty" if ADDS_A_SITE in block.text else "used")
    if block is USE_IT:
        request.getfixturevalue("used")  # it was typed there
        return
    machine = begun.copy(tmp_path)
    missing = [tool for tool in TOOLS if re.search(rf"^{tool} ", block.text, re.MULTILINE)
               and shutil.which(tool, path=machine.environment["PATH"]) is None]  # fmt: skip
    if missing:
        pytest.skip(f"this machine has no {', '.join(missing)}")
    values = values_for(block, machine)
    with ExitStack() as stack:
        for kind, program in {"postgresql": "pg_dump", "mariadb": "mariadb-dump"}.items():
            if program in block.text:
                url = stack.enter_context(at_head.database(kind, tmp_path))
                values[kind] = make_url(url).database or ""
        shell = block.language if block.language in {"bash", "zsh"} else "sh"
        done = machine.run(shell, script(block, values))
    assert done.code == 0, done.printed
    assert "Traceback" not in done.printed


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.name)
def test_what_a_block_names_of_ours_is_there(block: Block) -> None:
    for command in block.commands:
        check_line(command)


@pytest.mark.parametrize("path", manuals(), ids=lambda path: path.name)
def test_commands_in_sentences_and_tables_are_there(path: Path) -> None:
    for span in spans(path):
        if re.match(r"(uv run )?(scrapy|winnow) [a-z]", span):
            check_line(span)
        elif re.match(r"(sites|db) [a-z]", span):  # where the verb's program was named before
            check_line(f"scrapy {span}")


@pytest.mark.parametrize("table", TABLES, ids=["placeholders", "not run", "once", "codes"])
def test_each_entry_is_of_a_command(table: Mapping[str, object]) -> None:
    found = re.search if table is PLACEHOLDERS else re.match
    unused = [pattern for pattern in table if not any(found(pattern, one) for one in COMMANDS)]
    assert unused == []


def test_commands_are_in_blocks_of_a_shell() -> None:
    """A command in a block without a language, or in an indented one, would not be typed."""
    begins = re.compile(r"\s*(\$ )?(uv run|scrapy|winnow|make|sudo) [a-z]")
    others = [block for block in blocks("", "text") if begins.match(block.text)]
    assert [block.name for block in others] == []
    indented = re.compile(r"^ {4,}(\$ )?(uv run|scrapy|winnow|make|sudo) [a-z]", re.MULTILINE)
    assert [path.name for path in manuals() if indented.search(path.read_text("utf-8"))] == []
