"""What is the same word, spelt better: in many languages, and never what says something new."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.articles.spelling import only_respelt
from models.text import written_words

AROUND = {
    "en": "The boats of the harbour lie still, and the wind that came from the north {} the crews.",
    "de": "Die Schiffe liegen im Hafen still, und der Wind aus dem Norden {} die Leute an Bord.",
    "fr": "Les bateaux du port restent à quai, et le vent venu du nord {} les équipages.",
    "es": "Los barcos del puerto siguen quietos, y el viento que llega del norte {} a la gente.",
    "ru": "Суда в порту стоят у причала, и ветер, который пришёл с севера, {} всех моряков.",
    "tr": "Limandaki gemiler bekliyor ve kuzeyden gelen sert rüzgar {} herkesi evinde tuttu.",
    "ar": "بقيت السفن راسية في الميناء والرياح القادمة من الشمال {} جميع البحارة هناك.",
    "hi": "बंदरगाह में जहाज खड़े हैं और उत्तर से आने वाली हवा {} सभी नाविकों को रोकती है।",
    "ko": "항구의 배들은 멈춰 있고 북쪽에서 불어온 바람은 {} 선원들을 막았다.",
    "ja": "港の船は動かず、北から吹く風が{}船員を止めている。",
}


def respelt(old: str, new: str, language: str = "en", more: str = "") -> bool:
    text = f"{AROUND[language]} {more}"
    return only_respelt("Wind", "Wind", text.format(old), text.format(new))


@pytest.mark.parametrize(
    ("language", "old", "new"),
    [
        ("en", "stopps", "STOPPS!"),
        ("en", "recieves", "receives"),
        ("en", "goverment", "government"),
        ("en", "comittee", "committee"),
        ("en", "isnt", "isn't"),
        ("de", "vertriebt", "vertreibt"),
        ("de", "beschäftgte", "beschäftigte"),
        ("fr", "inquiete", "inquiète"),
        ("fr", "tranpsorte", "transporte"),
        ("es", "perjudcica", "perjudica"),
        ("es", "llegara", "llegará"),
        ("ru", "останвоил", "остановил"),
        ("ru", "праительство", "правительство"),
        ("tr", "yavşalattı", "yavaşlattı"),
        ("ar", "السيلسات", "السليسات"),
        ("ar", "احمد", "أحمد"),
        ("ja", "、", "。"),
    ],
)
def test_a_slip_is_the_same_word(language: str, old: str, new: str) -> None:
    assert respelt(old, new, language)
    assert respelt(new, old, language)


@pytest.mark.parametrize(
    ("language", "old", "new"),
    [
        ("en", "is guilty of holding", "is not guilty of holding"),
        ("en", "now holds", "not holds"),
        ("en", "admitted", "denied"),
        ("en", "six", "eight"),
        ("en", "six", "sic"),
        ("en", "million", "billion"),
        ("en", "legally", "illegally"),
        ("en", "typical", "atypical"),
        ("en", "wins", "wings"),
        ("en", "resigns", "resigned"),
        ("en", "employer", "employee"),
        ("en", "prisoner", "prisoners"),
        ("en", "Johnson", "Johnston"),
        ("en", "Meier", "Meyer"),
        ("en", "Hanson", "Hansson"),
        ("en", "3", "5"),
        ("en", "5 + 3", "5 − 3"),
        ("en", "notable", "not able"),
        ("en", "the the", "the"),
        ("de", "nicht", "Licht"),
        ("de", "sechzig", "siebzig"),
        ("de", "zwei", "drei"),
        ("de", "Müller", "Möller"),
        ("fr", "condamné", "acquitté"),
        ("fr", "tué", "tue"),
        ("fr", "lundi", "mardi"),
        ("es", "sesenta", "setenta"),
        ("es", "año", "ano"),
        ("es", "legal", "ilegal"),
        ("ru", "виновен", "невиновен"),
        ("ru", "шесть", "восемь"),
        ("ru", "миллионов", "биллионов"),
        ("ru", "подтвердил", "опроверг"),
        ("tr", "oldu", "olmadı"),
        ("ar", "سبعة", "تسعة"),
        ("ar", "مذنب", "غير مذنب"),
        ("ar", "رجل", "رجال"),
        ("hi", "मारा", "मारी"),
        ("hi", "तीन", "चार"),
        ("hi", "दोषी", "दोषी नहीं"),
        ("ko", "유죄", "무죄"),
        ("ja", "有罪", "無罪"),
        ("ja", "三", "五"),
        ("ja", "かき", "かぎ"),
    ],
)
def test_another_word_is_no_slip(language: str, old: str, new: str) -> None:
    assert not respelt(old, new, language)
    assert not respelt(new, old, language)


@pytest.mark.parametrize(
    ("language", "old", "new", "elsewhere"),
    [
        ("en", "teh", "the", ""),
        ("en", "inthe", "in the", "They wait in port."),
        ("en", "Peterson", "Petersen", "Petersen waits."),
        ("en", "seperate", "separate", "Two separate crews."),
        ("ru", "Петерсен", "Петерсон", "Петерсон ждёт."),
    ],
)
def test_the_text_itself_knows_a_spelling(
    language: str, old: str, new: str, elsewhere: str
) -> None:
    assert respelt(old, new, language, elsewhere)
    assert not respelt(old, new, language, f"{elsewhere} {old}.")


def test_two_forms_of_a_language_are_no_slip() -> None:
    others = "Biri başladı, biri kapandı."
    assert not respelt("suçladı", "suçlandı", "tr", others)


def test_a_title_is_respelt_as_a_text_is() -> None:
    text = AROUND["en"].format("stops")
    assert only_respelt("The comittee", "The committee", text, text)
    assert not only_respelt("Ferry sails", "Night ferry sails", text, text)


def test_many_slips_are_an_edit() -> None:
    three, four = "recieve this, recieve that, recieve it", "recieve this" + ", recieve that" * 3
    assert respelt(three, three.replace("recieve", "receive"))
    assert not respelt(four, four.replace("recieve", "receive"))


WORDS = st.lists(st.text("abcdeéà'कि三 ", max_size=6), max_size=12).map(" ".join)


@given(WORDS, WORDS)
def test_whichever_came_first_a_word_added_is_no_slip(text: str, word: str) -> None:
    assert only_respelt("", "", text, text)
    more = f"{text} {word}"
    assert only_respelt("", "", text, more) is not bool(written_words(word))
    assert only_respelt("", "", more, text) is not bool(written_words(word))
