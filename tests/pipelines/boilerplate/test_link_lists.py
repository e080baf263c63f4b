"""Lists of links in an article: round-ups stay, related stories go."""

import pytest

from models.items import Hint
from pipelines.boilerplate.link_lists import in_lists, link_lists, with_lists
from pipelines.extraction.blocks import walk
from pipelines.extraction.tree import parse
from pipelines.page_reader import extract

URL = "https://www.paper.example/2026/11/20/a"
AWAY = ("https://shop.example/1", "https://maps.example/2", "//boats.example/3")
OWN = ("/2026/11/1", "https://paper.example/2", "https://news.paper.example/3")
TEXTS = {
    "en": ("The shops on the two shores have opened their sales early this year.",
           "Plan your crossing with care, and mind that the last boat leaves at six."),
    "de": ("Die Läden an beiden Ufern haben ihren Ausverkauf in diesem Jahr früh begonnen.",
           "Wer hinüber will, achte darauf, dass das letzte Boot um sechs Uhr ablegt."),
    "ru": ("Магазины на обоих берегах в этом году рано начали большую распродажу.",
           "Не забудьте, что последняя лодка отходит от пристани ровно в шесть вечера."),
    "ar": ("فتحت المتاجر على الضفتين موسم التخفيضات هذا العام قبل موعده المعتاد.",
           "خططوا لعبوركم جيدا وتذكروا أن القارب الأخير يغادر الميناء في السادسة مساء."),
    "ja": ("二つの岸の店は、今年はいつもより早く大きな売り出しを始めている。",
           "最後の船は夕方六時に出るので、渡る時間をよく考えておくとよい。"),
}  # fmt: skip


def listed(hrefs: tuple[str, ...], before: str, after: str, name: str = "") -> str:
    items = "".join(f"<li><a href='{href}'>{before[:20]} {href[-1]}</a></li>" for href in hrefs)
    tail = f"<p>{after}</p>" if after else ""
    return f"<p>{before}</p><ul class='{name}'>{items}</ul>{tail}"


def kept(html: str, language: str) -> int:
    """How many items of the list are kept."""
    before, after = TEXTS[language]
    more = "".join(f"<p>{text} {number}.</p>" for number in range(3) for text in (before, after))
    page = (
        f"<html><body><main><article><h1>Title</h1><div>{more}{html}{more}</div></article></main>"
    )
    extraction = extract(page.encode(), "utf-8", URL, Hint(), None)
    return sum(block.kept and block.kind == "list" for block in extraction.blocks)


@pytest.mark.parametrize("language", TEXTS)
def test_links_to_other_sites_between_two_paragraphs_stay(language: str) -> None:
    assert kept(listed(AWAY, *TEXTS[language]), language) == len(AWAY)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "These are the winners that the jury named on Friday evening:"),
        ("de", "Das sind die Gewinner, die am Freitagabend genannt wurden:"),
        ("ru", "Вот победители, которых жюри назвало в пятницу вечером:"),
        ("ar", "وهذه أسماء الفائزين الذين أعلنتهم اللجنة مساء يوم الجمعة:"),
        ("ja", "金曜日の夜に審査員が発表した受賞者は次の通りである："),
    ],
)
def test_a_list_that_a_sentence_announces_stays(language: str, sentence: str) -> None:
    assert kept(listed(OWN, sentence, TEXTS[language][1]), language) == len(OWN)


@pytest.mark.parametrize(
    ("language", "label"),
    [("en", "Read also:"), ("de", "Lesen Sie auch:"), ("ru", "Читайте также:"),
     ("ar", "اقرأ أيضا:"), ("ja", "関連記事："), ("en", "<b>More on the ferry:</b>")],
)  # fmt: skip
def test_a_list_of_own_stories_under_a_label_is_not_given_to_the_article(
    language: str, label: str
) -> None:
    html = f"<main><p>{TEXTS[language][0]}</p>{listed(OWN, label, TEXTS[language][1])}</main>"
    page, elements = walk(parse(html.encode(), "utf-8"))
    lists = link_lists(page, elements, URL)
    scores = [1.0 if not in_list else -2.0 for in_list in in_lists(page, lists)]
    assert with_lists(page, lists, scores, [0] * len(scores)) == scores


@pytest.mark.parametrize("href", [*AWAY, *OWN, "http://[x", "#a"])
def test_only_links_to_other_sites_lead_away(href: str) -> None:
    items = f"<li><a href='{href}'>a link</a></li>" * 2
    html = f"<p>Text.</p><ul>{items}</ul><p><a href='https://shop.example/'>no item</a></p>"
    page, elements = walk(parse(html.encode(), None))
    assert link_lists(page, elements, URL) == [(1, 3, 2 if href in AWAY else 0)]
    assert link_lists(page, elements, "") == [(1, 3, 0)]


@pytest.mark.parametrize(
    "html",
    [
        "<p>One.</p>" + listed(AWAY, "Two", "Three.", "related-links"),
        "<p>One.</p><div>" + listed(AWAY, "Two", "Three.")[10:] + "</div>",
        "<footer><p>One.</p>" + listed(AWAY, "Two", "Three.") + "</footer>",
        "<p>One.</p>" + listed(AWAY[:1], "Two", "Three."),
        "<p>One.</p>" + listed(AWAY, "Two", ""),
    ],
)
def test_other_lists_keep_their_scores(html: str) -> None:
    page, elements = walk(parse(html.encode(), "utf-8"))
    lists = link_lists(page, elements, URL)
    scores = [-1.0 if in_list else 1.0 for in_list in in_lists(page, lists)]
    assert with_lists(page, lists, scores, [0] * len(scores)) == scores


def test_texts_that_are_not_kept_keep_no_list() -> None:
    page, elements = walk(parse(listed(AWAY, *TEXTS["en"]).encode(), "utf-8"))
    scores = [-1.0] * len(page.pieces)
    lists = link_lists(page, elements, URL)
    assert with_lists(page, lists, scores, [0] * len(scores)) == scores
