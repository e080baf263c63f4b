"""Recurring texts of generated sites: what is true stays, and furniture goes, in all markup."""

import random
from collections.abc import Callable

import pytest

from benchmarks.recurring import evidence_of, fates, shares
from models.items import Hint
from pipelines.boilerplate.classify import classify
from pipelines.kept_text import text_of
from pipelines.page_reader import extract

PAGES = 9
WORDS = {
    "en": "the council measured old bridge after winter storm people waited school market train",
    "ru": "совет города измерил старый мост после бури люди ждали школа рынок поезд отчёт",
    "ar": "المجلس النهر الميناء المهندسون قاسوا الجسر القديم بعد الشتاء العاصفة الناس انتظروا",
}
LABELS = {
    "en": ("Who taught you to disagree?", "What was your first repair?", "When were you afraid?"),
    "ru": ("Овен", "Телец", "Близнецы"),
    "ar": ("المقادير", "طريقة التحضير", "التقديم"),
}
SERIES = {
    "headings": "<h3>{label}</h3><p>{text}</p>",
    "sections": "<section class=q><h3>{label}</h3><p>{text}</p></section>",
    "definitions": "<dl><dt>{label}</dt><dd>{text}</dd></dl>",
    "bold paragraphs": "<p><strong>{label}</strong></p><p>{text}</p>",
    "boxes side by side": "<div class=qq><p>{label}</p></div><div class=aa><p>{text}</p></div>",
}
CALL = {
    "en": ("The morning letter", "Sign up for our letter and never miss a story."),
    "ru": ("Утреннее письмо", "Подпишитесь на нашу рассылку и ничего не пропустите."),
    "ar": ("رسالة الصباح", "اشترك في نشرتنا الصباحية حتى لا يفوتك شيء."),
}
FURNITURE = {
    "a box": "<div class=x7><h3>{head}</h3><p>{call}</p></div>",
    "no box": "<h3>{head}</h3><p>{call}</p>",
    "links": '<h3>{head}</h3><ul><li><a href="/{n}">{text}</a></li></ul>',
    "a form": "<div class=x8><h3>{head}</h3><form><input><button>OK</button></form></div>",
}


@pytest.mark.slow
def test_true_texts_that_recur_stay_and_furniture_in_the_body_goes() -> None:
    figures = shares(fates(every=11))  # 12 sites: all languages and kinds of series
    _, alone, together = figures["true"]
    assert together > alone - 0.05
    _, alone, together = figures["furniture"]
    assert together > 0.98
    assert alone < 0.2  # pages alone take it for text: it is the memory that is tested


def texts_of(language: str, inside: Callable[[Callable[[int], str], int], str]) -> list[str]:
    """The texts of a site's pages, each with `inside` in the midst of its body."""
    dice = random.Random(7)

    def prose(count: int) -> str:
        chosen = dice.choices(WORDS[language].split(), k=count)
        return f"{' '.join(chosen[: count // 2])}, {' '.join(chosen[count // 2 :])}.".capitalize()

    def paragraph() -> str:
        return f"<p>{prose(14)} {prose(12)}</p>"

    read = []
    for n in range(1, PAGES + 1):
        body = paragraph() + paragraph() + inside(prose, n) + paragraph() + paragraph()
        page = (
            f'<html lang="{language}"><title>{prose(7)}</title><body><header><a href="/">P</a>'
            f"</header><article><h1>{prose(7)}</h1><div class=entry>{body}</div></article></html>"
        )
        url = f"https://paper.example/2026/{n}"
        read.append((n, url, extract(page.encode(), "utf-8", url, Hint(), None)))
    evidence = evidence_of(read)
    return [text_of(page, classify(page, evidence, n)) for n, _, page in read]


@pytest.mark.parametrize("language", LABELS)
@pytest.mark.parametrize("markup", SERIES.values(), ids=SERIES)
def test_labels_that_every_page_has_stay_in_any_markup(language: str, markup: str) -> None:
    texts = texts_of(
        language,
        lambda prose, _: "".join(
            markup.format(label=label, text=prose(16)) for label in LABELS[language]
        ),
    )
    assert [label for text in texts for label in LABELS[language] if label not in text] == []


@pytest.mark.parametrize("language", CALL)
@pytest.mark.parametrize("markup", FURNITURE.values(), ids=FURNITURE)
def test_calls_that_every_page_has_go_in_any_markup(language: str, markup: str) -> None:
    head, call = CALL[language]
    texts = texts_of(
        language, lambda prose, n: markup.format(head=head, call=call, text=prose(8), n=n)
    )
    assert [text for text in texts if head in text or call in text] == []
