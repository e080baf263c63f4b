"""Two cheap votes on the main content, and a thorough one only where these part."""

import pytest
from lxml.html import fromstring

from pipelines.extraction import extractor_votes as module
from pipelines.extraction.blocks import outline
from pipelines.extraction.extractor_votes import agreement, extractor_votes

LINES = [
    f"The {name} of the town was opened again in June, after {n} years of repairs and waiting."
    for n, name in enumerate(("ferry", "bridge", "school", "library"), 3)
]
PAGE = fromstring(
    "<html><body><nav><a href='/'>Home</a></nav><main><article>"
    + "".join(f"<p>{line}</p>" for line in LINES)
    + "</article></main></body></html>"
)


def test_where_both_agree_the_thorough_way_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []

    def main_content(tree: object, url: str, *, thorough: bool) -> list[str]:
        asked.append(thorough)
        return LINES

    monkeypatch.setattr(module, "main_content", main_content)
    votes = extractor_votes(PAGE, "https://example.test/a", outline(PAGE))
    assert asked == [False]
    assert votes.kept == votes.first == [0.0, 1.0, 1.0, 1.0, 1.0]
    assert votes.dense == [False, True, True, True, True]


def test_where_they_part_the_thorough_way_is_asked_and_counts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = {False: LINES[:1], True: LINES}
    monkeypatch.setattr(module, "main_content", lambda *_, thorough: answers[thorough])
    votes = extractor_votes(PAGE, "https://example.test/a", outline(PAGE))
    assert votes.first == [0.0, 1.0, 0.0, 0.0, 0.0]
    assert votes.kept == [0.0, 1.0, 1.0, 1.0, 1.0]


@pytest.mark.parametrize(
    ("one", "other", "value"),
    [
        ([False] * 5, [False] * 5, 1.0),
        ([True] * 5, [True] * 5, 1.0),
        ([False, True, True, False, False], [False, False, False, True, True], 0.0),
        ([False, True, False, False, False], [False, True, True, True, True], 0.4),
    ],
)
def test_agreement_is_of_words(one: list[bool], other: list[bool], value: float) -> None:
    assert agreement(outline(PAGE), one, other) == pytest.approx(value, abs=0.01)
