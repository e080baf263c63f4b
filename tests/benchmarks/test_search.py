"""The benchmark of searches works, on a small database; its figures are CI's to take."""

from pathlib import Path

import pytest

from benchmarks import search


@pytest.mark.slow
def test_each_question_is_measured_and_slow_ones_fail_the_check(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(search, "TIMES", 1)
    words = ["--articles", "800", "--sites", "20", "--keep", str(tmp_path / "search.db")]
    assert search.main(words) == 0
    lines = capsys.readouterr().out.splitlines()[1:]
    assert len(lines) == 3 * len(search.QUESTIONS)
    shown = {line.split("shown  ")[1]: int(line.split()[2]) for line in lines}
    assert shown["a word of every article"] == shown["a beginning"] == 20
    assert shown["nothing"] == 0
    monkeypatch.setattr(search, "MOST", 0.0)
    assert search.main([*words, "--check"]) == 1
    assert "above 0 ms: a word of every article, " in capsys.readouterr().err


@pytest.mark.slow
def test_the_cost_is_a_small_share(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "PAGES", 20)
    assert search.main(["--cost", "--check"]) == 0
    assert "a page " in capsys.readouterr().out
