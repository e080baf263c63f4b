"""Names of months in the languages of the news, and of time zones that mean one thing."""

from typing import Final

MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar jänner janvier enero gennaio janeiro januari styczeń stycznia "
            "leden ledna ocak января січня ene gen ιανουαρίου",
            "feb february februar feber février febrero febbraio fevereiro februari luty lutego "
            "únor února şubat февраля лютого fév févr fev",
            "mar march märz mars marzo março maart marts marzec marca březen března mart марта "
            "березня mär mrt",
            "apr april avril abril aprile kwiecień kwietnia duben dubna nisan апреля квітня avr "
            "abr",
            "may mai mayo maggio maio mei maj květen května mayıs мая травня mag",
            "jun june juni juin junio giugno junho czerwiec czerwca červen června haziran июня "
            "червня giu",
            "jul july juli juillet julio luglio julho lipiec lipca červenec července temmuz июля "
            "липня juil lug",
            "aug august août agosto augustus augusti sierpień sierpnia srpen srpna ağustos августа "
            "серпня aoû ago",
            "sep sept september septembre septiembre settembre setembro wrzesień września září "
            "eylül сентября вересня set",
            "oct october oktober octobre octubre ottobre outubro październik października říjen "
            "října ekim октября жовтня okt ott out",
            "nov november novembre noviembre novembro listopad listopada listopadu kasım ноября "
            "листопада",
            "dec december dezember décembre diciembre dicembre dezembro grudzień grudnia prosinec "
            "prosince aralık декабря грудня dez déc dic",
        ),
        1,
    )
    for name in names.split()
}
# Hours from UTC. IST and CST mean other hours in India, Ireland and Israel, in China and America:
# they are not guessed.
ZONES: Final = {
    **{"z": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 1, "bst": 1, "cet": 1, "mez": 1},
    **{"cest": 2, "mesz": 2, "sast": 2, "eet": 2, "eest": 3, "msk": 3},
    **{"wib": 7, "hkt": 8, "jst": 9, "kst": 9, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13},
    **{"est": -5, "edt": -4, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7},
}
