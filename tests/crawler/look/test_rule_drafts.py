"""A rule in a site's TOML file: nothing else of the file changes."""

import tomllib
from pathlib import Path

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from crawler.look.rule_drafts import ACTIONS, with_rule
from models.errors import SiteConfigError
from models.sites.selector_lists import checked

FILE = """# The Post, looked at in May
start = "https://example.test/"   # the front page

[extraction]   # for the partners' boxes
remove = [
    ".partner",   # since 2025
    ".tip",
]

[schedule]
every = "1h"
"""


def test_a_selector_joins_the_list_and_comments_stay() -> None:
    drafted = with_rule(FILE, "remove", ".box p")
    assert tomllib.loads(drafted)["extraction"]["remove"] == [".partner", ".tip", ".box p"]
    for line in FILE.splitlines():
        assert line in drafted.splitlines()
    assert '\n    ".box p",\n]' in drafted


def test_the_other_list_loses_it() -> None:
    drafted = with_rule(FILE, "keep", ".tip")
    assert tomllib.loads(drafted)["extraction"] == {"remove": [".partner"], "keep": [".tip"]}
    back = tomllib.loads(with_rule(drafted, "remove", ".tip"))["extraction"]
    assert back == {"remove": [".partner", ".tip"]}


def test_without_the_table_it_is_added_at_the_end() -> None:
    drafted = with_rule('start = "https://example.test/"', "remove", 'p:contains("a \\"b")')
    assert drafted.startswith('start = "https://example.test/"\n\n[extraction]\nremove = [')
    assert tomllib.loads(drafted)["extraction"]["remove"] == ['p:contains("a \\"b")']


def test_a_new_list_stands_above_what_is_said_of_the_next_table() -> None:
    text = "[extraction]\n# ours\n\n# hourly, as they asked\n[schedule]\nevery = '1h'\n"
    drafted = with_rule(text, "keep", ".a")
    assert drafted == text.replace("# ours\n", '# ours\nkeep = [".a"]\n')
    below = '[extraction]\nbody = ["main"]\n\n[schedule]\n'
    assert with_rule(below, "keep", ".a") == below.replace("]\n\n", ']\nkeep = [".a"]\n\n')


def test_a_list_that_has_comments_stays_though_it_is_empty() -> None:
    drafted = with_rule('[extraction]\nremove = [\n    # partners\n    ".a",\n]\n', "keep", ".a")
    assert "    # partners\n" in drafted
    assert tomllib.loads(drafted)["extraction"] == {"remove": [], "keep": [".a"]}


def test_the_mark_of_an_editor_stays(tmp_path: Path) -> None:
    drafted = with_rule(f"\ufeff{FILE}", "remove", ".a")
    assert drafted.startswith("\ufeff# The Post")
    assert checked(drafted, "post", tmp_path).extraction.remove == (".partner", ".tip", ".a")


@pytest.mark.parametrize("selector", ["p\n.a", "\ud800", "\x00"])
def test_a_selector_is_a_line_of_text(selector: str) -> None:
    with pytest.raises(SiteConfigError, match="in one line of plain text"):
        with_rule(FILE, "remove", selector)


def test_a_rule_that_is_there_is_not_doubled() -> None:
    assert with_rule(FILE, "remove", ".tip") == FILE


_KEYS = st.text("abc-_", min_size=1, max_size=6).map(lambda key: f"x{key}")
_VALUES = st.one_of(
    st.integers(-5, 5), st.booleans(), st.text(max_size=8), st.lists(st.text("ab#", max_size=4))
)
_SELECTORS = st.sampled_from([".a", "p.b > i", '[x="y"]', "#c", 'p:contains("d")'])


@given(
    st.dictionaries(_KEYS, _VALUES, max_size=4),
    st.dictionaries(_KEYS, st.dictionaries(_KEYS, _VALUES, max_size=3), max_size=3),
    st.lists(st.tuples(st.sampled_from(ACTIONS), _SELECTORS), min_size=1, max_size=5),
    st.booleans(),
)
def test_whatever_the_file_has_stays_and_the_rules_are_there(
    top: dict[str, object], tables: dict[str, dict[str, object]],
    rules: list[tuple[str, str]], has_rules: bool,
) -> None:  # fmt: skip
    tables = {f"t{name}": table for name, table in tables.items()}
    extraction: dict[str, object] = {"extraction": {"body": ["main"]}} if has_rules else {}
    text = "# first\n" + tomlkit.dumps({**top, **tables, **extraction}) + "# last\n"
    drafted = text
    for action, selector in rules:
        drafted = with_rule(drafted, next(a for a in ACTIONS if a == action), selector)
    found = tomllib.loads(drafted)
    lists = found.pop("extraction")
    assert found == {**top, **tables} and (lists.pop("body", None) == ["main"]) is has_rules
    last = {selector: action for action, selector in rules}
    for action in ACTIONS:
        wanted = {selector for selector, of in last.items() if of == action}
        assert set(lists.get(action, [])) == wanted
        assert len(lists.get(action, [])) == len(wanted)
    assert "# first" in drafted and "# last" in drafted


_LISTS = st.lists(_SELECTORS, unique=True, max_size=4)


@given(
    _LISTS, st.sampled_from(ACTIONS), _SELECTORS,
    st.sampled_from(["    ", "\t", ""]), st.booleans(), st.booleans(),
)  # fmt: skip
def test_lists_as_people_write_them_keep_their_comments(
    before: list[str], action: str, selector: str, indent: str, comma: bool, blank: bool
) -> None:
    lines = [f"{indent}# of {n}\n{indent}'{one}'," for n, one in enumerate(before)]
    if lines and not comma:
        lines[-1] = lines[-1].removesuffix(",")
    remove = "\n".join(["remove = [", *lines, "]   # all of them"])
    text = f"# top\n[extraction]   # rules\n{remove}\n{chr(10) * blank}# next\n[fetch]\ndelay = 2\n"
    drafted = with_rule(text, next(a for a in ACTIONS if a == action), selector)
    found = tomllib.loads(drafted)
    assert found.pop("fetch") == {"delay": 2}
    lists = found.pop("extraction")
    others = [one for one in before if one != selector]
    added = {"keep": [selector]} if action == "keep" else {}
    kept = before if selector in before else [*before, selector]
    wanted = others if action == "keep" else kept
    assert found == {} and {"remove": [], **lists} == {"remove": wanted, **added}
    comments = [line.partition("#")[2] for line in text.splitlines() if "# " in line]
    assert [one for one in comments if f"#{one}" not in drafted] == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("start = ", "is no TOML"),
        ("[extraction]\nremove = 3", r"\[extraction\] remove is no list of selectors"),
        ("extraction = 3", "without a table"),
    ],
)
def test_a_file_that_cannot_take_a_rule_is_refused(text: str, said: str) -> None:
    with pytest.raises(SiteConfigError, match=said):
        with_rule(text, "remove", ".a")


def test_the_real_reader_checks_the_draft(tmp_path: Path) -> None:
    site = checked(with_rule(FILE, "keep", ".lead"), "post", tmp_path)
    assert site.extraction.keep == (".lead",)
    with pytest.raises(SiteConfigError, match="is no CSS selector") as wrong:
        checked(with_rule(FILE, "keep", "p["), "post", tmp_path)
    assert str(tmp_path) not in str(wrong.value)
