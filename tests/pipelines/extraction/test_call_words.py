"""What papers ask of their readers is known in many languages, and news is not taken for it."""

import pytest

from pipelines.extraction.call_words import asks_readers, names_cookies
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


@pytest.mark.parametrize("language", PAPERS)
def test_cookies_are_known_by_name(language: str) -> None:
    paper = PAPERS[language]
    assert names_cookies(paper.cookies)
    assert not any(map(names_cookies, (*paper.brief, *paper.calls)))


SERVICE = (
    "Residents can register by email until Friday.",
    "Contact your bank and change the password of your account.",
    "Debe cambiar la contraseña de su cuenta cuanto antes.",
    "Vous devez changer le mot de passe de votre compte sans tarder.",
    "Sie müssen das Passwort für Ihr Konto ändern.",
    "Jetzt muss der Rat über die Themen entscheiden.",
    "Masz czas do piątku, by złożyć wniosek o dostęp do świadczenia.",
    "Ваши документы примут по почте до понедельника.",
    "Πρέπει να αλλάξετε τον κωδικό του λογαριασμού.",
    "يجب إرسال الطلبات عبر البريد قبل الاثنين.",
    "רפאל הורידו אלפיים איש את האפליקציה.",
    "会員は月末まで投票できます。",
    "무료 상담은 시청에서 받을 수 있습니다.",
    "会员可在月底前投票，订阅者除外。",
    "Hesabınızın parolasını değiştirin.",
    "ราคาตั๋วห้าสิบบาท ติดตามได้ที่สถานี",
)


@pytest.mark.parametrize("text", SERVICE)
def test_service_texts_ask_for_other_things(text: str) -> None:
    assert not asks_readers(text)
