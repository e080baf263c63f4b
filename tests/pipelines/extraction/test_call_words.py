"""What papers ask of their readers is known in many languages, and news is not taken for it."""

import pytest

from pipelines.extraction.call_words import asks_readers
from tests.support.papers import PAPERS
from tests.support.tales import STORIES


@pytest.mark.parametrize("language", PAPERS)
def test_calls_are_known(language: str) -> None:
    paper = PAPERS[language]
    assert [call for call in paper.calls if not asks_readers(call)] == []


@pytest.mark.parametrize("language", PAPERS)
def test_news_asks_nothing(language: str) -> None:
    paper = PAPERS[language]
    assert [text for text in (*paper.brief, paper.about) if asks_readers(text)] == []


@pytest.mark.parametrize("language", STORIES)
def test_nor_do_other_stories(language: str) -> None:
    story = STORIES[language]
    assert [text for text in (*story.paragraphs, *story.more) if asks_readers(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "“Download our app and write to us,” the minister said.",
        "Die Ministerin sagte: „Laden Sie unsere App.“",
        "「アプリをダウンロードしてください」と大臣は述べた。",
        "The app was downloaded by two thousand members on Thursday.",
        "Die App kostet nichts, sagte die Ministerin.",
        "Приложение скачали две тысячи человек.",
        "アプリは木曜日に二千人が使った。",
    ],
)
def test_what_is_quoted_or_told_is_no_call(text: str) -> None:
    assert not asks_readers(text)


def test_a_long_text_is_no_call() -> None:
    assert asks_readers("Get our app.")
    assert not asks_readers("Get our app. " * 20)
