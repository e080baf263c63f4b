"""Where Chromium is found, what is said where it is not, and how it is started."""

from pathlib import Path

import pytest
from scrapy.settings import Settings

from crawler.browser import chromium
from crawler.browser.chromium import PROGRAMS, arguments, find_chromium, require_browser
from crawler.browser.faults import BrowserMissing


def program(folder: Path, name: str) -> str:
    path = folder / name
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return str(path)


def test_the_first_known_program_on_the_path_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    found = {name: program(tmp_path, name) for name in reversed(PROGRAMS)}
    for name in PROGRAMS:
        assert find_chromium("") == found[name]
        Path(found[name]).unlink()


def test_the_setting_comes_before_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    program(tmp_path, "chromium")
    mine = program(tmp_path, "mine")
    assert find_chromium(mine) == find_chromium("mine") == mine


def test_no_chromium_is_said_with_the_next_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BrowserMissing, match=r"apt-get install chromium.*WINNOW_CHROMIUM"):
        find_chromium("")
    (tmp_path / "text").write_text("not to be run")
    for wrong in ("nowhere", str(tmp_path / "text")):
        with pytest.raises(BrowserMissing, match="WINNOW_CHROMIUM"):
            find_chromium(wrong)


def test_no_extra_is_said_with_the_next_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chromium, "find_spec", lambda name: None)
    with pytest.raises(BrowserMissing, match=r"winnow\[browser\].*uv sync --extra browser"):
        require_browser(Settings())


def test_chromium_is_told_to_use_the_proxy_and_no_other_way() -> None:
    given = arguments(4711)
    assert "--proxy-server=http://127.0.0.1:4711" in given
    assert "--proxy-bypass-list=<-loopback>" in given
    assert any(part.startswith("--host-resolver-rules=MAP * ~NOTFOUND") for part in given)
    assert not any("no-sandbox" in part for part in given)


def test_only_root_goes_without_a_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chromium.os, "geteuid", lambda: 0)
    assert not chromium.has_sandbox()
    monkeypatch.setattr(chromium.os, "geteuid", lambda: 1000)
    assert chromium.has_sandbox()
