"""The language that a text itself tells, in thirty languages and never twice differently."""

import pytest

from pipelines.metadata.detection import detected
from pipelines.metadata.scripts import script_of

TEXTS = {
    "en": "The town council voted late on Monday to keep the ferry running through the winter.",
    "de": "Der Gemeinderat hat am Montagabend beschlossen, dass die Fähre auch im Winter fährt.",
    "fr": "Le conseil municipal a voté lundi soir le maintien du bac pendant tout l’hiver.",
    "es": "El pleno municipal votó el lunes por la noche mantener el barco durante el invierno.",
    "pt": "A câmara municipal votou na noite de segunda-feira manter a balsa no inverno.",
    "it": "Il consiglio comunale ha votato lunedì sera per mantenere il traghetto in inverno.",
    "nl": "De gemeenteraad heeft maandagavond besloten dat de veerboot ook in de winter vaart.",
    "pl": "Rada miasta zdecydowała w poniedziałek wieczorem, że prom będzie pływał także zimą.",
    "cs": "Zastupitelstvo v pondělí večer rozhodlo, že přívoz bude jezdit i v zimě.",
    "tr": "Belediye meclisi pazartesi akşamı vapurun kış boyunca çalışmasına karar verdi.",
    "ro": "Consiliul local a hotărât luni seara ca feribotul să circule și pe timpul iernii.",
    "hu": "A városi tanács hétfő este úgy döntött, hogy a komp télen is közlekedni fog.",
    "fi": "Kaupunginvaltuusto päätti maanantai-iltana, että lautta liikennöi myös talvella.",
    "sv": "Kommunfullmäktige beslutade sent på måndagen att färjan ska gå även på vintern.",
    "vi": "Hội đồng thành phố tối thứ Hai đã quyết định giữ chuyến phà trong suốt mùa đông.",
    "id": "Dewan kota memutuskan pada Senin malam tetap menjalankan feri selama musim dingin.",
    "ru": "Городской совет поздно вечером в понедельник решил, что паром будет ходить и зимой.",
    "uk": "Міська рада пізно ввечері в понеділок вирішила, що пором ходитиме і взимку.",
    "bg": "Общинският съвет реши късно в понеделник фериботът да се движи и през зимата.",
    "el": "Το δημοτικό συμβούλιο αποφάσισε τη Δευτέρα να κρατήσει το πλοίο τον χειμώνα.",
    "ar": "قرر مجلس المدينة إغلاق الجسر القديم بعد أن وجد المهندسون شقوقا في دعامتين.",
    "fa": "شورای شهر دوشنبه شب تصمیم گرفت که کشتی در زمستان هم به کار خود ادامه دهد.",
    "ur": "شہر کی کونسل نے پیر کی رات فیصلہ کیا کہ کشتی سردیوں میں بھی چلتی رہے گی۔",
    "he": "מועצת העיר החליטה ביום שני בערב שהמעבורת תמשיך להפליג גם בחורף.",
    "hi": "नगर परिषद ने सोमवार देर रात फैसला किया कि नाव सेवा सर्दियों में भी चलती रहेगी।",
    "mr": "नगरपरिषदेने सोमवारी रात्री उशिरा फेरी हिवाळ्यातही सुरू ठेवण्याचा निर्णय घेतला आहे.",
    "bn": "নগর পরিষদ সোমবার রাতে সিদ্ধান্ত নিয়েছে যে ফেরি শীতকালেও চলবে।",
    "th": "สภาเมืองลงมติเมื่อคืนวันจันทร์ให้เรือข้ามฟากให้บริการตลอดฤดูหนาว",
    "ko": "시의회는 월요일 밤 겨울 동안 나룻배를 계속 운항하기로 결정했다.",
    "ja": "町議会は月曜日の夜、冬の間も渡し船の運航を続けることを決めた。",
    "zh": "市议会周一晚间决定，渡船将在整个冬季继续行驶。",
    "am": "የከተማው ምክር ቤት ሰኞ ማታ ጀልባው በክረምትም እንዲቀጥል ወሰነ።",
    "ka": "საქალაქო საბჭომ ორშაბათს საღამოს გადაწყვიტა, რომ ბორანი ზამთარშიც ივლის.",
}


@pytest.mark.parametrize("language", TEXTS)
def test_a_sentence_tells_its_language(language: str) -> None:
    text = TEXTS[language]
    assert detected(text, script_of(text) or "") == language
    assert detected(text, script_of(text) or "") == language


def test_few_letters_tell_only_a_language_with_a_script_of_its_own() -> None:
    assert detected("The ferry stays", "Latin") is None
    assert detected("渡船", "Han") == "zh"
    assert detected("", "Cyrillic") is None


def test_lines_of_a_text_are_read_as_one() -> None:
    assert detected(TEXTS["de"].replace(" ", "\n"), "Latin") == "de"


def test_a_guess_that_the_script_cannot_write_does_not_count() -> None:
    assert detected(TEXTS["en"], "Cyrillic") is None
