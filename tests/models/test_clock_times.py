"""Times of day are read beside a date, as they are written in many languages."""

from datetime import time, timedelta

import pytest

from benchmarks import day_periods
from models import clock_times
from models.clock_times import TABLE, ClockFound, clock_before, clock_behind
from models.dates import Moment, parse_date
from models.folding import folded

WRITTEN = """
tr    14:05      26 Kasım 2026 Perşembe, 14:05
tr    14:05      26 Kasım 2026 Perşembe 14:05
tr    14:05      26 Kasım 2026, Perşembe - 14.05
en    14:05      Thursday, 26 November 2026 at 2:05 pm
en    14:05      November 26, 2026 at 2:05 PM
en    14:05      November 26, 2026, Thursday, 2.05 p.m.
en    14:05      26 November 2026, 14.05
de    14:05      Donnerstag, 26. November 2026 um 14:05 Uhr
de    14:05      26.11.2026 um 14.05 Uhr
de    14:05      26.11.2026, 14.05 Uhr
de    09:00      26.11.2026, Donnerstag, 9 Uhr
de    09:00      26. November 2026 um 9 Uhr
fr    14:05      Publié le 26 novembre 2026 à 14h05
fr    14:05      26 novembre 2026 à 14 h 05
fr    09:00      26/11/2026 à 9h
fr    14:00      jeudi 26 novembre 2026 - 14 h
pl    14:05      26 listopada 2026, godz. 14.05
pl    14:05      26 listopada 2026 (czwartek), godz. 14:05
pl    14:05      26 listopada 2026, o godz. 14.05
ru    14:05      26 ноября 2026 г. в 14:05
ru    14:05      26 ноября 2026, четверг, 14:05
ru    14:05      четверг, 26 ноября 2026 года, 14.05
ko    14:05      2026년 11월 26일 오후 2:05
ko    14:05      2026년 11월 26일 (목) 오후 2:05
ko    09:05      2026.11.26 오전 9:05
ko    14:05      2026년 11월 26일 목요일 14시 5분
ko    14:05      2026-11-26 오후 2시 5분
zh    14:05      2026年11月26日 下午2:05
zh    14:05      2026年11月26日 星期四 下午2:05
zh    14:05      2026年11月26日14时05分
zh    09:05      2026年11月26日 上午9点5分
ja    14:05      2026年11月26日(木) 14時05分
ja    14:05      2026年11月26日 午後2時5分
ja    14:05+0900 2026年11月26日 午後2時05分 JST
ja    14:05      2026年11月26日（木）14:05
zh    14:05      2026年11月26日 下午 02:05
es    14:05      26 de noviembre de 2026 a las 14:05 h
es    14:05      26 de noviembre de 2026, 14:05h
es    14:05+0100 26 de noviembre de 2026 - 14:05 CET
pt    14:05      26 de novembro de 2026 às 14h05
pt    14:05      26/11/2026 14h05
pt    14:05      quinta-feira, 26 de novembro de 2026, às 14h05min
it    14:05      26 novembre 2026 alle ore 14.05
it    14:05      26 novembre 2026, giovedì, ore 14:05
nl    14:05      26 november 2026 om 14.05 uur
da    14:05      26 nov. 2026 kl. 14.05
sv    14:05      26 november 2026 kl 14:05
nb    14:05      26. november 2026 kl. 14:05
fi    14:05      26.11.2026 klo 14.05
fi    14:05      torstaina 26. marraskuuta 2026 klo 14.05
hu    14:05      2026. november 26., csütörtök 14:05
hu    14:05      2026. november 26. 14:05
hu    14:05      2026.11.26. 14:05
cs    14:05      26. listopadu 2026 ve 14:05
cs    14:05      26. listopadu 2026 ve 14.05
cs    14:05      čtvrtek 26. 11. 2026, 14:05 hodin
ro    14:05      26 noiembrie 2026, ora 14:05
ro    14:05      26 noiembrie 2026, joi, 14:05
el    14:05      26 Νοεμβρίου 2026, 14:05
el    14:05      26 Νοεμβρίου 2026, 2:05 μ.μ.
el    14:05      Πέμπτη 26 Νοεμβρίου 2026 στις 14:05
hi    14:05      26 नवंबर 2026, गुरुवार, 14:05
hi    14:05      26 नवंबर 2026 को दोपहर 2:05 बजे
en-in 14:05      26 November 2026 02:05 PM IST
ar    14:05      26 نوفمبر 2026 الساعة 14:05
ar    14:05      26 نوفمبر 2026 - 2:05 م
ar    14:05      ٢٦ نوفمبر ٢٠٢٦، الخميس ١٤:٠٥
th    14:05      26 พฤศจิกายน 2569 เวลา 14:05 น.
th    14:05      26 พ.ย. 2569 14.05 น.
vi    14:05+0700 Thứ năm, 26/11/2026, 14:05 (GMT+7)
vi    14:05      26/11/2026 - 14:05
vi    14:05+0700 26/11/2026 14:05 GMT+7
vi    14:05      Thứ năm, 26 tháng 11 năm 2026, 14 giờ 05
vi    14:05      26/11/2026 lúc 14h05
id    14:05+0700 Kamis, 26 November 2026 ¦ 14:05 WIB
id    14:05+0700 Kamis, 26 November 2026 pukul 14.05 WIB
id    14:05+0700 26 Nov 2026 14.05 WIB
uk    14:05      26 листопада 2026, четвер, 14:05
uk    14:05      26 листопада 2026 о 14:05
bg    14:05      26 ноември 2026, четвъртък, 14:05 ч.
hr    14:05      26. studenoga 2026. u 14:05
hr    14:05      26. studenoga 2026. u 14:05 sati
he    14:05      26 בנובמבר 2026, יום חמישי, 14:05
fa    14:05      ۵ آذر ۱۴۰۵، پنج‌شنبه، ساعت ۱۴:۰۵
tr    14:05+0300 2026-11-26T14:05:00+03:00
tr    14:05      26.11.2026 14:05
tr    14:05      26.11.2026 - 14:05 Güncelleme: 26.11.2026 - 15:10
en    14:05      14:05, 26 November 2026
de    14:05      14.05 Uhr, 26. November 2026
fr    14:05      14h05 - 26 novembre 2026
ru    14:05      14:05 26.11.2026
ko    14:05      오후 2:05, 2026년 11월 26일
en    00:00      12 am, 26 November 2026
en    00:30      26 November 2026 12:30 AM
en    12:30      26 November 2026 12:30 PM
zh    00:30      2026年11月26日 凌晨12:30
zh    12:30      2026年11月26日 中午12:30
es    14:05      26 de noviembre de 2026, 2:05 p. m.
sq    14:05      26 Nëntor 2026, e enjte, 14:05
lt    14:05      26 lapkričio 2026, 14 val. 05 min.
lt    14:05      2026 m. lapkričio 26 d. 14:05
lv    14:05      26.novembris 2026, plkst. 14.05
et    14:05      26. november 2026, kell 14.05
bn    14:05      ৮ নভেম্বর ২০২৬, ১৪:০৫
bn    14:05      ২৬ নভেম্বর ২০২৬, দুপুর ২:০৫
el    14:05      26 Νοεμβρίου 2026 ¦ 14.05
""".strip().splitlines()


def written(moment: Moment) -> str:
    """A moment's clock and zone: 14:05+0900."""
    if not moment.has_time:
        return "none"
    hours = "" if moment.offset is None else f"{moment.offset / timedelta(hours=1):+03.0f}00"
    return f"{moment.wall:%H:%M}{hours}"


@pytest.mark.parametrize("line", WRITTEN)
def test_a_clock_is_read_as_its_language_writes_it(line: str) -> None:
    moment = parse_date(line[17:].strip(), line[:6].strip())
    assert moment is not None
    assert written(moment) == line[6:17].strip()
    assert moment.wall.year == 2026


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("26. November 2026, Seite 4", "de"),
        ("26 November 2026 · 3 minutes", "en"),
        ("26 November 2026 - 12.05.2027", "de"),
        ("26 novembre 2026, 3.05 %", "fr"),
        ("26 novembre 2026 · 4 h de lecture", "fr"),
        ("2026年11月26日 约2小时前", "zh"),
        ("2026年11月26日 3分", "ja"),
        ("26.11.2026, güncelleme: 27.11.2026 15:10", "tr"),
        ("26.11.2026, 25:61", "de"),
    ],
)
def test_what_is_no_clock_of_this_day_is_none(text: str, language: str) -> None:
    moment = parse_date(text, language)
    assert moment is not None
    assert written(moment) == "none"


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("14:05 GMT+7", 420),
        ("14:05 (GMT+5:30)", 330),
        ("14:05 UTC-03", -180),
        ("14.05 Uhr MEZ", 60),
        ("2:05 p.m. EDT", -240),
        ("14:05 GMT+0200 (Central European Summer Time)", 120),
        ("14:05+02", 120),
        ("14:05 TSİ", 180),
        ("14:05 -5", None),
        ("14:05 IST", None),
        ("14:05 +99:00", None),
    ],
)
def test_a_zone_is_what_is_written_beside_the_clock(text: str, minutes: int | None) -> None:
    found = clock_behind(folded(text), "")
    assert found is not None
    assert found.clock == time(14, 5)
    assert found.offset == (None if minutes is None else timedelta(minutes=minutes))


def test_the_clock_before_a_date_is_its_neighbour() -> None:
    assert clock_before("9:10 first 14:05, ", "en") == ClockFound(time(14, 5), None)
    assert clock_before("no clock ", "en") is None


def test_a_name_says_the_hour_in_its_language_alone() -> None:
    assert clock_behind("2:05 du.", "hu") == ClockFound(time(14, 5), None)
    assert clock_behind("2:05 du.", "fr") == ClockFound(time(2, 5), None)
    assert clock_behind("10:05 रात", "hi") == ClockFound(time(22, 5), None)
    assert clock_behind("2:05 रात", "hi") == ClockFound(time(2, 5), None)


@pytest.mark.slow
def test_the_table_is_what_the_cldr_says() -> None:
    assert TABLE.read_text("utf-8").splitlines() == list(day_periods.rows())


def test_a_zone_means_one_offset_and_is_kept_as_it_is_looked_up() -> None:
    zones = clock_times._ZONES
    assert not {"ist", "cst"} & set(zones)
    assert (zones["gmt"], zones["cest"], zones["est"]) == (0, 2, -5)
    assert all(-12 <= hours <= 14 for hours in zones.values())
    assert all(name == name.casefold() for name in zones)
