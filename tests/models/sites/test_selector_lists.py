"""Lists of selectors in a site's file: replaced and added, and all else stays."""

import tomllib
from pathlib import Path

import pytest

from models.errors import SiteConfigError
from models.sites.selector_lists import SelectorLists, changed_lines, checked

FILE = """start = "https://example.test/"   # the front page

[extraction]   # ours
body = ["main"]   # since May
remove = [
    ".tip",   # partners
]
# the last word

# hourly
[schedule]
every = "1h"
"""


def test_a_list_is_replaced_where_it_is_with_a_comment_for_each() -> None:
    lists = SelectorLists(FILE)
    assert (lists.selectors("body"), lists.selectors("keep")) == (["main"], None)
    lists.replace("body", {"p[class='x']": "line 3", 'div:contains("y")': "line 4"})
    text = lists.text()
    assert tomllib.loads(text)["extraction"]["body"] == ["p[class='x']", 'div:contains("y")']
    assert "\n    \"p[class='x']\", # line 3\n" in text
    for line in FILE.splitlines():
        assert line in text or line.startswith("body")
    assert text.index("body") < text.index("remove") < text.index("# the last word")


def test_a_new_list_stands_in_its_table() -> None:
    lists = SelectorLists(FILE)
    lists.replace("keep", {".a": "line 1"})
    assert tomllib.loads(lists.text())["extraction"]["keep"] == [".a"]
    assert lists.text().index("keep") < lists.text().index("# hourly")
    bare = SelectorLists("\ufeffstart = 'https://example.test/'")
    bare.replace("body", {".a": "line 1"})
    assert bare.text().startswith("\ufeffstart")
    assert tomllib.loads(bare.text()[1:])["extraction"] == {"body": [".a"]}


def test_what_was_only_looked_at_is_not_written() -> None:
    text = "start = 'https://example.test/'\n"
    lists = SelectorLists(text)
    assert lists.selectors("body") is None
    lists.remove("body", ".a")
    assert lists.text() == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[extraction]\nbody = 3", r"\[extraction\] body is no list"),
        ("extraction = 3", "without a table"),
    ],
)
def test_another_form_is_refused(text: str, said: str) -> None:
    with pytest.raises(SiteConfigError, match=said):
        SelectorLists(text).selectors("body")
    with pytest.raises(SiteConfigError, match=said):
        SelectorLists(text).replace("body", {".a": ""})


def test_the_lines_that_changed_are_shown_with_two_around() -> None:
    assert changed_lines("a\nb\nc\nd\n", "a\nb\nc\nD\n") == [
        "@@ -2,3 +2,3 @@",
        " b",
        " c",
        "-d",
        "+D",
    ]
    assert changed_lines("a\n", "a\n") == []


def test_the_real_reader_checks_a_draft(tmp_path: Path) -> None:
    assert checked(FILE, "post", tmp_path).extraction.remove == (".tip",)
    with pytest.raises(SiteConfigError, match="is no CSS selector"):
        checked(FILE.replace(".tip", "p["), "post", tmp_path)
