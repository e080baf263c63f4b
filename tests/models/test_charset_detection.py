"""Pages that declare no encoding are read in the one that their language shows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.charset import decoded
from models.charset_detection import detected, is_latin, is_plausible, visible

TEXTS = {
    "ru": (
        "Новый мост через Волгу откроют для движения в пятницу после трёх лет ремонта. Жители лев"
        "ого берега надеются, что дорога в центр займёт вдвое меньше времени, чем прежде."
    ),
    "uk": (
        "Новий міст через річку відкриють для руху у п’ятницю після трьох років ремонту. Мешканці"
        " лівого берега сподіваються, що дорога до центру триватиме вдвічі менше часу."
    ),
    "bg": (
        "Новият мост над реката ще бъде отворен за движение в петък след тригодишен ремонт. Жител"
        "ите на левия бряг се надяват пътят до центъра да отнема наполовина по-малко време."
    ),
    "el": (
        "Η νέα γέφυρα πάνω από τον ποταμό θα ανοίξει για την κυκλοφορία την Παρασκευή μετά από τρ"
        "ία χρόνια επισκευών. Οι κάτοικοι της αριστερής όχθης ελπίζουν ότι ο δρόμος θα είναι συντ"
        "ομότερος."
    ),
    "ar": (
        "سيفتح الجسر الجديد فوق النهر أمام حركة المرور يوم الجمعة بعد ثلاث سنوات من الإصلاحات. وي"
        "أمل سكان الضفة اليسرى أن يستغرق الطريق إلى وسط المدينة نصف الوقت."
    ),
    "he": (
        "הגשר החדש מעל הנהר ייפתח לתנועה ביום שישי אחרי שלוש שנים של תיקונים. תושבי הגדה השמאלית "
        "מקווים שהדרך למרכז העיר תימשך מחצית מהזמן."
    ),
    "tr": (
        "Nehrin üzerindeki yeni köprü üç yıllık onarımın ardından cuma günü trafiğe açılacak. Sol"
        " yakada yaşayanlar, şehir merkezine giden yolun yarı yarıya kısalacağını umuyor."
    ),
    "pl": (
        "Nowy most nad rzeką zostanie otwarty dla ruchu w piątek po trzech latach remontu. Mieszk"
        "ańcy lewego brzegu mają nadzieję, że droga do centrum będzie o połowę krótsza."
    ),
    "cs": (
        "Nový most přes řeku bude otevřen pro dopravu v pátek po třech letech oprav. Obyvatelé le"
        "vého břehu doufají, že cesta do centra bude trvat o polovinu kratší dobu."
    ),
    "hu": (
        "A folyó feletti új hidat három év felújítás után pénteken nyitják meg a forgalom előtt. "
        "A bal part lakói azt remélik, hogy a belvárosba vezető út feleannyi ideig tart majd."
    ),
    "de": (
        "Die neue Brücke über den Fluss wird am Freitag nach drei Jahren Bauzeit für den Verkehr "
        "geöffnet. Die Bewohner des linken Ufers hoffen, dass der Weg in die Innenstadt nur noch "
        "halb so lange dauert, größer wird der Lärm."
    ),
    "fr": (
        "Le nouveau pont sur la rivière sera ouvert à la circulation vendredi après trois années "
        "de réparations. Les habitants de la rive gauche espèrent que le trajet sera deux fois pl"
        "us court, même l’été."
    ),
    "ja": (
        "川にかかる新しい橋は、三年間の修理を終えて金曜日に開通する。左岸の住民は、中心街までの道"
        "のりがこれまでの半分の時間になることを期待している。"
    ),
    "ko": (
        "강 위의 새 다리가 삼 년간의 보수 공사를 마치고 금요일에 개통된다. 왼쪽 강변"
        " 주민들은 시내까지 가는 시간이 절반으로 줄어들기를 바라고 있다."
    ),
    "zh": (
        "河上的新桥经过三年的维修，将于星期五通车。左岸的居民希望到市中心的路程时间能缩短一半。市"
        "长表示，这座桥的费用比计划低。"
    ),
    "zh-tw": (
        "河上的新橋經過三年的維修，將於星期五通車。左岸的居民希望到市中心的路程時間能縮短一半。市"
        "長表示，這座橋的費用比計劃低。"
    ),
    "th": (
        "สะพานใหม่ข้ามแม่น้ำจะเปิดให้สัญจรในวันศุกร์หลังจากซ่อมแซมมาสามปี ชาวบ้านฝั่งซ้ายหวังว่าก"
        "ารเดินทางเข้าเมืองจะใช้เวลาน้อยลงครึ่งหนึ่ง"
    ),
    "ro": (
        "Noul pod peste râu va fi deschis circulaţiei vineri, după trei ani de reparaţii. Locuito"
        "rii de pe malul stâng speră că drumul până în centru va dura de două ori mai puţin şi va"
        " fi mai sigur."
    ),
    "lt": (
        "Naujasis tiltas per upę bus atidarytas eismui penktadienį po trejus metus trukusio remon"
        "to. Kairiojo kranto gyventojai tikisi, kad kelias į centrą sutrumpės perpus."
    ),
    "es": (
        "El nuevo puente sobre el río se abrirá al tráfico el viernes después de tres años de rep"
        "araciones. Los vecinos de la orilla izquierda esperan que el camino al centro dure la mi"
        "tad, según el señor alcalde."
    ),
    "sv": (
        "Den nya bron över floden öppnas för trafik på fredag efter tre års reparationer. De boen"
        "de på den vänstra stranden hoppas att vägen till centrum ska ta hälften så lång tid, säg"
        "er borgmästaren."
    ),
    "pt": (
        "A nova ponte sobre o rio será aberta ao trânsito na sexta-feira, após três anos de repar"
        "ações. Os moradores da margem esquerda esperam que o caminho até ao centro demore metade"
        " do tempo, não mais."
    ),
    "hr": (
        "Novi most preko rijeke bit će otvoren za promet u petak nakon trogodišnjih popravaka. St"
        "anovnici lijeve obale nadaju se da će put do središta grada trajati upola kraće nego što"
        " je trajao dosad, što žele već godinama."
    ),
}
ENCODINGS = {
    "ru": ["windows-1251", "koi8-r", "iso-8859-5"],
    "uk": ["windows-1251", "koi8-u"],
    "bg": ["windows-1251"],
    "el": ["windows-1253", "iso-8859-7"],
    "ar": ["windows-1256", "iso-8859-6"],
    "he": ["windows-1255"],
    "tr": ["windows-1254"],
    "pl": ["iso-8859-2", "windows-1250"],
    "cs": ["iso-8859-2", "windows-1250"],
    "hu": ["iso-8859-2", "windows-1250"],
    "de": ["windows-1252"],
    "fr": ["windows-1252"],
    "ja": ["cp932", "euc-jp"],
    "ko": ["euc-kr"],
    "zh": ["gb18030", "gbk"],
    "zh-tw": ["big5"],
    "th": ["cp874"],
    "ro": ["iso-8859-2", "windows-1250"],
    "lt": ["windows-1257"],
    "es": ["windows-1252"],
    "sv": ["windows-1252"],
    "pt": ["windows-1252"],
    "hr": ["iso-8859-2", "windows-1250"],
}
CASES = [(language, codec) for language, codecs in ENCODINGS.items() for codec in codecs]
MENU = "<nav><a href='/news'>Home</a> <a href='/sport'>Sport</a></nav><script>var a = 1;</script>"


def page(language: str) -> str:
    return f"<html><head>{MENU}</head><body><p>{TEXTS[language]}</p></body></html>"


@pytest.mark.parametrize(("language", "codec"), CASES)
@pytest.mark.parametrize("label", [None, "utf-8", "no-such-charset"])
def test_a_page_that_declares_no_encoding_or_a_wrong_one(
    language: str, codec: str, label: str | None
) -> None:
    body = page(language).encode(codec, "ignore")
    assert decoded(body, label) == (body.decode(codec), True)


@pytest.mark.parametrize("language", ["ru", "el", "ar", "he", "th", "ja", "ko", "zh"])
def test_a_server_s_latin_label_is_not_believed_of_other_scripts(language: str) -> None:
    body = page(language).encode(ENCODINGS[language][0], "ignore")
    assert not is_latin(body)
    assert decoded(body, "iso-8859-1").text == body.decode(ENCODINGS[language][0])


@pytest.mark.parametrize("language", ["de", "fr", "es", "sv", "pt"])
def test_a_latin_label_is_believed_of_latin_text(language: str) -> None:
    body = page(language).encode("cp1252")
    assert is_latin(body)
    assert decoded(body, "iso-8859-1") == (page(language), True)


@pytest.mark.parametrize("language", ["ru", "el", "ar", "ja", "fr"])
def test_pasted_bytes_leave_no_replacement_character(language: str) -> None:
    body = page(language).encode() + b"<p>\x93It\x92s caf\xe9\x94</p>"
    assert decoded(body, "utf-8") == (page(language) + "<p>“It’s café”</p>", True)


def test_english_with_quotes_of_a_word_processor_is_cp1252() -> None:
    body = (
        b"<p>" + b"The ferry sailed again this morning after a long winter. " * 9 + b"\x93Yes\x94"
    )
    assert decoded(body, None).text.endswith("“Yes”")


def test_what_no_language_fits_is_not_sure() -> None:
    noise = bytes((n * 89 + n * n * 7) % 128 + 128 for n in range(3000))
    mixed = b" ".join(b"a" + noise[n : n + 4] + b"z" for n in range(0, 3000, 4))
    assert detected(mixed) is None
    assert not decoded(mixed, None).is_sure


def test_markup_and_scripts_tell_nothing() -> None:
    body = b"<p title='\xff'>one<script>\xfe</script> &eacute; <!-- \xfd --><b>two</b></p>"
    assert visible(body) == b"one two"


@pytest.mark.parametrize("text", [*TEXTS.values(), "ASCII alone", ""])
def test_honest_text_is_plausible(text: str) -> None:
    assert is_plausible(text)


@pytest.mark.parametrize("language", ["ru", "el", "ar"])
def test_text_in_the_wrong_encoding_is_not(language: str) -> None:
    assert not is_plausible(TEXTS[language].encode().decode("cp1252", "replace"))


@given(st.sampled_from(CASES), st.integers(1, 4))
def test_a_text_comes_back_as_it_was_encoded(case: tuple[str, str], times: int) -> None:
    language, codec = case
    body = page(language).replace("</p>", f" {TEXTS[language]}</p>" * times).encode(codec, "ignore")
    assert decoded(body, None).text == body.decode(codec)


@given(st.binary(max_size=400))
def test_no_bytes_raise(body: bytes) -> None:
    assert isinstance(decoded(body, None).text, str)
