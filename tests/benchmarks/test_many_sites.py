"""The benchmark of many sites works, with few; its figures are CI's to take."""

import pytest

from benchmarks import many_sites


@pytest.mark.slow
def test_each_verb_is_measured_and_a_dear_one_fails_the_check(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many_sites, "TIMES", 1)
    monkeypatch.setattr(many_sites, "ARTICLES", 400)
    monkeypatch.setattr(many_sites, "MOST", -9.0)
    assert many_sites.main(["--sites", "20", "--check"]) == 1
    captured = capsys.readouterr()
    verbs = [" ".join(verb) for verb, _ in many_sites.VERBS]
    assert [line.split(" s  ")[1] for line in captured.out.splitlines()[1:]] == verbs
    assert captured.err == f"above -9 s of CPU: {', '.join(verbs)}\n"
