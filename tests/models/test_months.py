"""Months are known by their names in many languages."""

import unicodedata

import pytest

from benchmarks import month_names
from models import months
from models.folding import folded
from models.months import TABLE, is_between, month_number, tokens

MONTHS = (  # that pages of the benchmark have used, and their like
    "jan january januar jänner janvier enero gennaio janeiro januari styczeń stycznia "
    "leden ledna ocak января січня ene gen ιανουαρίου",
    "feb february februar feber février febrero febbraio fevereiro februari luty lutego "
    "únor února şubat февраля лютого fév févr fev",
    "mar march märz mars marzo março maart marts marzec marca březen března mart марта "
    "березня mär mrt",
    "apr april avril abril aprile kwiecień kwietnia duben dubna nisan апреля квітня avr abr",
    "may mai mayo maggio maio mei maj květen května mayıs мая травня mag",
    "jun june juni juin junio giugno junho czerwiec czerwca červen června haziran июня червня giu",
    "jul july juli juillet julio luglio julho lipiec lipca červenec července temmuz июля "
    "липня juil lug",
    "aug august août agosto augustus augusti sierpień sierpnia srpen srpna ağustos августа "
    "серпня aoû ago",
    "sep sept september septembre septiembre settembre setembro wrzesień września září "
    "eylül сентября вересня set",
    "oct october oktober octobre octubre ottobre outubro październik października říjen "
    "října ekim октября жовтня okt ott out",
    "nov november novembre noviembre novembro listopad listopada listopadu kasım ноября листопада",
    "dec december dezember décembre diciembre dicembre dezembro grudzień grudnia prosinec "
    "prosince aralık декабря грудня dez déc dic",
)


def test_months_are_known_by_name_and_abbreviation_in_many_languages() -> None:
    for number, names in enumerate(MONTHS, 1):
        for name in names.split():
            assert month_number(name) == number, name
            assert month_number(name.upper()) == number, name
    assert month_number("monday") is None
    assert month_number("") is None


@pytest.mark.slow
def test_the_table_is_what_the_cldr_says() -> None:
    assert TABLE.read_text("utf-8").splitlines() == list(month_names.rows())


@pytest.mark.parametrize(
    ("language", "month"), [(None, 11), ("pl", 11), ("hr", 10), ("en", None), ("de", None)]
)
def test_a_name_of_two_months_is_read_in_its_language(
    language: str | None, month: int | None
) -> None:
    assert month_number("listopada", language) == month
    assert month_number("studenoga", language) == 11, "which means one month everywhere"


def test_few_names_mean_two_months() -> None:
    two = {name for name, meant in months._names().months.items() if len(meant) > 1}
    assert two == {"lip", "lis", "listopad", "listopada", "srp", "mae", "mat"}


@pytest.mark.parametrize(
    "names",
    [
        ("Kasım", "KASIM", "kasim"),
        ("décembre", "DECEMBRE", "de\u0301cembre"),
        ("أكتوبر", "اكتوبر"),
        ("يناير", "یناير"),
        ("Νοεμβρίου", "ΝΟΕΜΒΡΙΟΥ"),
    ],
)
def test_case_accents_and_letters_of_a_neighbour_do_not_matter(names: tuple[str, ...]) -> None:
    assert len({month_number(name) for name in names} - {None}) == 1
    assert len({folded(name) for name in names}) == 1


def test_vowel_signs_are_part_of_their_word() -> None:
    assert tokens("18 नवंबर2026") == ["18", "नवंबर", "2026"]
    assert tokens("พ.ย. 69") == ["พ", "ย", "69"]
    assert all(unicodedata.category(word[0])[0] in "LN" for word in tokens("«a», b’c؛ d"))


def test_words_between_the_parts_of_a_date_are_no_others() -> None:
    assert all(map(is_between, ["de", "gada", "nam", "г", "оны"]))
    assert not any(map(is_between, ["for", "things", "", "noviembre"]))
