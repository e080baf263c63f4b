"""One line of a site's file says that nothing is fetched; all else of the file stays."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from models.errors import SiteConfigError
from models.sites.enabled import disabled, enabled, is_disabled

FILE = """# The Post, looked at in May
start = "https://example.test/"   # the front page

[extraction]   # enabled = false would be wrong here
remove = [".partner"]
"""


def test_the_line_comes_first_and_goes_again() -> None:
    off = disabled(FILE, "since 2026-05-24: relaunch")
    assert off == f"enabled = false  # since 2026-05-24: relaunch\n{FILE}"
    assert enabled(off) == FILE
    assert enabled(FILE) == FILE


@pytest.mark.parametrize(
    "line", ["enabled = true\n", " enabled=false # long ago\n", '"enabled" = true\n']
)
def test_a_line_that_is_there_is_replaced_where_it_is(line: str) -> None:
    text = FILE.replace("\n\n", f"\n{line}\n")
    off = disabled(text, "now")
    assert off == text.replace(line, "enabled = false  # now\n")
    assert enabled(text) == FILE


def test_what_looks_like_the_line_inside_a_text_is_no_line() -> None:
    text = 'start = """https://example.test/\nenabled = true\n"""\nenabled = true\n[fetch]\n'
    off = disabled(text, "x")
    assert off == text.replace("enabled = true\n[", "enabled = false  # x\n[")
    other = 'start = "https://example.test/"\n[other]\nenabled = true\n'
    assert disabled(other, "x") == f"enabled = false  # x\n{other}"


def test_an_editor_s_mark_stays_and_a_file_without_a_last_line_end_too() -> None:
    text = '\ufeffstart = "https://example.test/"\nenabled = true'
    assert disabled(text, "x") == '\ufeffstart = "https://example.test/"\nenabled = false  # x\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [("start = ", "is no TOML"), ("enabled = 3\n", "by hand"), ("enabled.x = true\n", "by hand")],
)
def test_what_cannot_be_edited_is_refused(text: str, said: str) -> None:
    with pytest.raises(SiteConfigError, match=said):
        disabled(text, "x")


_KEYS = st.sampled_from(["start", "enabled", "note", "x-y"])
_VALUES = st.one_of(
    st.booleans().map(lambda value: str(value).lower()),
    st.text(st.characters(codec="ascii", categories=["L", "N", "P"]), max_size=9).map(repr),
    st.just('"""\nenabled = true\n"""'),
)


@given(
    st.lists(st.tuples(_KEYS, _VALUES), unique_by=lambda pair: pair[0], max_size=4),
    st.lists(st.tuples(_KEYS, _VALUES), unique_by=lambda pair: pair[0], max_size=3),
    st.sampled_from(["", "# enabled = true\n", "\n\n"]),
)
def test_whatever_the_file_has_it_means_the_same_otherwise(
    top: list[tuple[str, str]], below: list[tuple[str, str]], between: str
) -> None:
    text = "".join(f"{key} = {value}\n" for key, value in top) + between + "[fetch]\n"
    text += "".join(f"{key} = {value}\n" for key, value in below)
    try:
        before = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        assume(False)
    try:
        off = disabled(text, "since 2026-05-24")
    except SiteConfigError:
        assert not isinstance(before["enabled"], bool)
        return
    assert tomllib.loads(off) == {**before, "enabled": False}
    assert tomllib.loads(enabled(off)) == {k: v for k, v in before.items() if k != "enabled"}


def test_it_is_seen_without_reading_the_site(tmp_path: Path) -> None:
    path = tmp_path / "post.toml"
    assert not is_disabled(path)
    for text, said in [
        (FILE, False),
        (disabled(FILE, "x"), True),
        ("\ufeffenabled = false\n", True),
        ("enabled = true\n", False),
        ("[scope]\nenabled = false\n", False),
        ("enabled = ", False),
        ("# enabled = false\n", False),
    ]:
        path.write_text(text)
        assert is_disabled(path) is said, text
    path.write_bytes(b"enabled = false\n\xff")
    assert not is_disabled(path)
