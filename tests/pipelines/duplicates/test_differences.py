"""Slots of a template against places of an edit, and pages that hold two stories."""

import pytest

from pipelines.duplicates.differences import Differences, Slots
from tests.support.stories import wire_copy

SHIPS = {
    "en": (
        "Harbour notes from {a}: {n} ships came in on Thursday and {m} left again before the tide "
        "turned. The harbour master, {b}, said that the crews of {k} others were still waiting for "
        "cargo.",
        ("Brelmar", "six", "two", "Anna Petrie", "nine"),
        ("Tarn Hollow", "eight", "four", "Omar Rahim", "seven"),
    ),
    "de": (
        "Aus dem Hafen von {a}: Am Donnerstag liefen {n} Schiffe ein, {m} fuhren vor dem Wechsel "
        "der Tide wieder ab. Hafenmeisterin {b} sagte, die Mannschaften von {k} weiteren warteten "
        "noch auf Ladung.",
        ("Bremholz", "sechs", "zwei", "Jutta Achter", "neun"),
        ("Neuhafen", "acht", "vier", "Ruth Oswald", "sieben"),
    ),
    "ru": (
        "Новости порта {a}: в четверг пришли суда, всего {n}, ещё {m} ушли до начала отлива. "
        "Капитан порта {b} рассказал, что команды других судов, а их {k}, всё ещё ждут груза.",
        ("Каменка", "шесть", "два", "Марк Холин", "девять"),
        ("Липовка", "восемь", "четыре", "Иван Бродов", "семь"),
    ),
    "ar": (
        "أخبار الميناء في {a}: وصلت يوم الخميس {n} سفن وغادرت {m} قبل أن يتبدل المد. "
        "وقال مدير الميناء {b} إن طواقم {k} أخرى ما زالت تنتظر الحمولة على الرصيف.",
        ("برمال", "ست", "ثلاث", "مروان حلمي", "تسع"),
        ("القصير", "ثماني", "أربع", "باسل ليندو", "سبع"),
    ),
    "ja": (
        "{a}の港では木曜日に{n}隻の船が入り、潮が変わる前に{m}隻が再び出て行った。港長の{b}さんによると、"
        "ほかの{k}隻の乗組員はまだ積み荷を待っているという。",
        ("白浜", "六", "二", "安藤花子", "九"),
        ("鶴見沢", "八", "四", "奥村玲", "七"),
    ),
}


def differences(one: str, other: str) -> Differences:
    short, long = sorted((one, other), key=len)
    return Differences(short, long)


@pytest.mark.parametrize("language", SHIPS)
def test_other_names_and_spelt_out_numbers_are_slots_of_a_template(language: str) -> None:
    frame, one, other = SHIPS[language]
    texts = [frame.format(**dict(zip("anmbk", told, strict=True))) for told in (one, other)]
    slots = differences(*texts).slots
    assert slots.of_a_template or slots.may_be_of_a_template, slots


@pytest.mark.parametrize("language", SHIPS)
def test_one_corrected_name_or_number_is_no_template(language: str) -> None:
    frame, one, other = SHIPS[language]
    for at in (1, 3):
        edited = (*one[:at], other[at], *one[at + 1 :])
        texts = [frame.format(**dict(zip("anmbk", told, strict=True))) for told in (one, edited)]
        slots = differences(*texts).slots
        assert not slots.of_a_template and not slots.may_be_of_a_template, slots


def test_what_is_in_a_place_decides_what_it_is() -> None:
    one = "A text says that Anna Petrie paid 30 crowns for bread and also went home early again."
    other = "A text says that Omar Rahim paid 45 crowns for bread and later went home early again."
    slots = differences(one, other).slots
    assert slots == Slots(
        frame=13, figures=1, names=1, words=1, values=3, kept_figures=0, cased=True
    )
    assert slots.total == 3


def test_respelt_words_moved_values_and_passages_are_no_slots() -> None:
    one = wire_copy(1, 60)
    words = one.split()
    respelt = " ".join(
        f"{word[:4]}{word[5:]}x" if n == 30 else word for n, word in enumerate(words)
    )
    longer = " ".join([*words[:20], *wire_copy(2, 9).split(), *words[29:]])
    swapped = " ".join([*words[:10], words[40], *words[11:40], words[10], *words[41:]])
    for other in (respelt, longer, swapped):
        assert differences(one, other).slots.total == 0


SLOTS = Slots(frame=200, figures=2, names=1, words=0, values=3, kept_figures=9, cased=True)


@pytest.mark.parametrize(
    ("slots", "template"),
    [
        (SLOTS, True),
        (SLOTS._replace(frame=201), False),
        (SLOTS._replace(figures=1), False),
        (SLOTS._replace(names=0), False),
        (SLOTS._replace(names=0, figures=5, kept_figures=4), True),
        (SLOTS._replace(names=0, figures=5, kept_figures=5), False),
        (SLOTS._replace(names=0, figures=5, kept_figures=4, frame=201), False),
        (SLOTS._replace(figures=0, names=2, values=2, frame=66), True),
        (SLOTS._replace(figures=0, names=2, values=1, frame=66), False),
        (SLOTS._replace(figures=0, names=2, values=2, frame=67), False),
        (SLOTS._replace(figures=0, names=2, values=2, frame=66, cased=False), False),
        (SLOTS._replace(figures=1, names=1, values=2, frame=66, cased=False), True),
    ],
)
def test_how_dense_a_template_s_slots_are(slots: Slots, template: bool) -> None:
    assert slots.of_a_template is template


def test_words_alone_are_a_template_s_only_where_they_are_many() -> None:
    words = Slots(66, 0, 0, 3, 3, 2, True)
    assert words.may_be_of_a_template and not words.of_a_template
    assert not words._replace(frame=67).may_be_of_a_template
    assert not words._replace(values=2).may_be_of_a_template
    assert not words._replace(kept_figures=3).may_be_of_a_template


FERRY = {
    "en": (
        "The ferry company Ostra will cut its crossings to the northern islands in winter. "
        "Passengers on the islands say that the ferry is their only way to hospital and school. "
        "Ostra answers that crossings in winter carry few passengers and cost the company money. "
        "The islands want the ministry to order the ferry company to keep every crossing. "
        "A spokesman for Ostra said the ferry would sail twice a week through the winter.",
        "Archaeologists digging beneath the cathedral found bronze coins from the third century. "
        "The excavation began when workmen repairing a drain noticed painted plaster below. "
        "Experts believe the coins were buried during a raid and never collected again. "
        "Museum curators hope to exhibit the treasure next summer after careful cleaning. "
        "Whether further digging is allowed depends on the bishop and the heritage council.",
    ),
    "ru": (
        "Паромная компания сократит зимой рейсы паромов на северные острова. "
        "Жители островов говорят, что без парома им не попасть в больницу и школу. "
        "Компания отвечает, что зимой паромы возят мало пассажиров и рейсы убыточны. "
        "Острова просят министерство обязать паромную компанию сохранить все рейсы. "
        "Представитель компании сказал, что зимой паромы пойдут на острова дважды в неделю. "
        "Островам этого мало, и жители островов собирают подписи за прежние рейсы паромов.",
        "Археологи нашли под собором бронзовые монеты третьего века. "
        "Раскопки начались, когда рабочие при ремонте трубы заметили старую роспись. "
        "Учёные полагают, что клад зарыли во время набега и больше не достали. "
        "Музей надеется показать сокровище будущим летом после бережной очистки. "
        "Продолжатся ли поиски, решат епископ и совет по охране наследия. "
        "До весны раскоп накроют щитами, чтобы дожди и морозы не повредили находкам под сводами.",
    ),
    "ja": (
        "北の島へ渡る連絡船の会社は冬の間の便数を減らすと発表した。島の住民は連絡船が病院や学校へ通う唯一の手段だと"
        "訴えている。会社は冬の連絡船には乗客が少なく便数を保つと赤字になると説明する。島の住民は会社に便数を保つよう"
        "命じることを国に求めている。会社の担当者は冬の間も連絡船を週に二便は島へ出すと話した。",
        "大聖堂の地下を発掘していた考古学者らが三世紀の青銅貨を見つけた。きっかけは排水管の修理中に作業員が古い壁画に"
        "気付いたことだった。専門家は襲撃を逃れるために埋められた財宝とみている。博物館は丁寧に洗浄した後、来年の夏に"
        "展示したい考えだ。さらに掘り進めるかどうかは司教と文化財審議会の判断による。",
    ),
}


@pytest.mark.parametrize("language", FERRY)
def test_a_page_of_two_stories_holds_another_than_each(language: str) -> None:
    one, other = FERRY[language]
    page = f"{one}\n\n{other}"
    assert differences(one, page).holds_another_story
    assert differences(other, page).holds_another_story


@pytest.mark.parametrize("language", FERRY)
def test_the_end_of_a_story_is_not_another(language: str) -> None:
    story = FERRY[language][0]
    mark = "。" if language == "ja" else ". "
    parts = story.split(mark)
    whole = mark.join([*parts, *[part.replace("Ostra", "it") for part in parts]])
    beginning = mark.join(parts)
    assert not differences(beginning, f"{whole}").holds_another_story


@pytest.mark.parametrize("language", FERRY)
def test_a_third_of_a_page_may_be_another_story(language: str) -> None:
    one, other = FERRY[language]
    mark = "。" if language == "ja" else ". "
    parts = one.split(mark)
    long = mark.join([*parts, *map(str.upper, parts[:-1])])
    page = f"{long}\n\n{other}"
    assert differences(long, page).holds_another_story
    assert not differences(long, f"{long}\n\n{other[: len(other) // 2]}").holds_another_story


def test_what_says_itself_again_is_no_story() -> None:
    one, other = FERRY["en"]
    captions = " ".join([other.split(". ")[0]] * 10)
    assert not differences(one, f"{one}\n\n{captions}").holds_another_story


def test_what_is_lost_in_front_of_a_story_may_be_two_fifths() -> None:
    copy = wire_copy(1, 600).split("\n\n")
    whole = "\n\n".join(copy)
    assert not differences("\n\n".join(copy[6:]), whole).holds_another_story
    assert differences("\n\n".join(copy[7:]), whole).holds_another_story


def test_a_small_or_replaced_passage_is_no_story() -> None:
    copy = wire_copy(1, 600).split("\n\n")
    whole = "\n\n".join(copy)
    assert not differences("\n\n".join(copy[5:]), whole).holds_another_story
    assert not differences(whole, "\n\n".join((wire_copy(2, 320), *copy[7:]))).holds_another_story
    brief = wire_copy(3, 50)
    assert not differences(brief, f"{wire_copy(4, 30)}\n\n{brief}").holds_another_story
    assert differences(brief, f"{wire_copy(4, 40)}\n\n{brief}").holds_another_story
