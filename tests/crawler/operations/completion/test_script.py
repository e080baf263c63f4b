"""Whatever a verb, a help or a folder is called: the shell takes it as text and runs nothing."""

import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.operations.completion.command_words import CommandWords, Option, Spider
from crawler.operations.completion.script import SHELLS, script
from crawler.operations.completion.usage import Subcommand, Usage

HOSTILE = st.text(st.sampled_from("a '\"`$(){};&|!\\\n*?[]~#:<>é"), min_size=1, max_size=30)
SAY = 'printf "%s\\n" "$_winnow_folder"; _winnow_options visit ""; printf "%s\\n" "${list[@]}"'


def made(says: str, folder: str, shell: str = "bash") -> str:
    verb = CommandWords("visit", says, (Option(("--now",), says, "", ()),), Usage((), {}, {}))
    other = CommandWords("db", says, (), Usage((), {"check": Subcommand(says, ())}, {}))
    return script(shell, [verb, other], [Spider("discover", says, ())], [], Path(folder))


@settings(max_examples=40, deadline=None)
@given(says=HOSTILE, folder=HOSTILE)
def test_texts_reach_the_shell_as_they_are(says: str, folder: str) -> None:
    done = subprocess.run(
        ["bash", "--norc", "-c", f"{made(says, folder)}\n{SAY}"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    meaning = " ".join(says.split())
    entry = f"--now:{meaning}" if meaning else "--now"
    assert done.stdout == f"{Path(folder)}\n{entry}\n"


def test_a_long_meaning_is_shortened() -> None:
    text = made("word " * 100, "/sites")
    meanings = re.findall(r":(word [^']*)'", text)
    assert len(meanings) == 5
    assert all(one.endswith("word …") for one in meanings)
    assert max(map(len, meanings)) <= 100


@pytest.mark.parametrize("shell", SHELLS)
def test_a_script_says_how_it_was_made(shell: str) -> None:
    first, second, *_ = made("Says", "/sites", shell).splitlines()
    assert "winnow scrapy" in first or "winnow and scrapy" in first
    assert second == f"# Made by: winnow completion {shell}"
