"""The benchmark of pages works, on a small database; its figures are CI's to take."""

from pathlib import Path

import pytest

from benchmarks import look


@pytest.mark.slow
def test_each_page_is_measured_and_slow_ones_fail_the_check(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(look, "TIMES", 1)
    words = ["--articles", "1200", "--sites", "20", "--keep", str(tmp_path / "look.db")]
    assert look.main(words) == 0
    printed = capsys.readouterr().out
    paths = [line.split()[-1] for line in printed.splitlines()[1:]]
    assert paths[: len(look.PAGES)] == list(look.PAGES)
    assert [path.split("/")[1] for path in paths[len(look.PAGES) :]] == ["page"] * 4
    monkeypatch.setattr(look, "MOST", 0.0)
    assert look.main([*words, "--check"]) == 1
    assert "above 0 ms: /, " in capsys.readouterr().err
