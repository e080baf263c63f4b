"""One story in six languages: a headline, paragraphs, names and how long ago somebody wrote."""

from typing import Final, NamedTuple


class Tale(NamedTuple):
    """What a page of one language is made of."""

    headline: str
    paragraphs: tuple[str, ...]
    other: str  # the headline of another story
    more: tuple[str, ...]  # its paragraphs
    names: tuple[str, ...]
    ago: tuple[str, ...]
    reply: str
    date: str


STORIES: Final = {
    "en": Tale(
        "The night ferry sails again",
        (
            "The night ferry sails again in June, eleven years after the last one was broken up, "
            "the council of the port decided on Monday evening by nine votes to four.",
            "Nobody here wanted to be cut off for five months, said the harbour master, who had "
            "warned that the school bus takes an hour by the coast road in winter.",
            "The money comes from a fund for village roads, and two members of the council said "
            "that they would ask the county to look at whether that is allowed.",
        ),
        "A library moves into the old mill",
        (
            "The town library moves into the old mill next spring, and its forty thousand books "
            "are to be carried across the bridge by a chain of eight hundred people.",
            "The mill had stood empty since a flood, and the owner sold it for a single crown on "
            "the condition that the wheel goes on turning in the stream.",
        ),
        ("Marina", "Old sailor", "K. Lund"),
        ("2 hours ago", "3 hours ago", "yesterday at 14:20"),
        "Reply",
        "12 May 2026",
    ),
    "es": Tale(
        "El barco nocturno vuelve a zarpar",
        (
            "El barco nocturno vuelve a zarpar en junio, once años después del desguace del "
            "anterior, según decidió el pleno del puerto el lunes por nueve votos contra cuatro.",
            "Aquí nadie quería quedarse aislado cinco meses, dijo la capitana del puerto, que "
            "había avisado de que el autobús escolar tarda una hora por la carretera de la costa.",
            "El dinero sale de un fondo para caminos vecinales, y dos concejales dijeron que "
            "pedirán a la provincia que examine si la ley permite ese gasto.",
        ),
        "La biblioteca se muda al viejo molino",
        (
            "La biblioteca municipal se muda al viejo molino en primavera, y sus cuarenta mil "
            "libros cruzarán el puente de mano en mano por una cadena de vecinos.",
            "El molino estaba vacío desde la riada, y su dueño lo vendió por un euro con la "
            "condición de que la rueda siga girando en el arroyo.",
        ),
        ("Vecina", "Marinero", "Lola B."),
        ("hace 2 horas", "hace 3 horas", "ayer a las 14:20"),
        "Responder",
        "12 de mayo de 2026",
    ),
    "ru": Tale(
        "Ночной паром снова пойдёт",
        (
            "Ночной паром снова пойдёт в июне, через одиннадцать лет после того как списали "
            "прежний, решил в понедельник вечером совет порта девятью голосами против четырёх.",
            "Никто здесь не хотел остаться отрезанным на пять месяцев, сказала начальница порта, "
            "которая предупреждала, что школьный автобус едет по берегу целый час.",
            "Деньги берут из фонда сельских дорог, и двое депутатов сказали, что попросят область "
            "проверить, допускает ли закон такие расходы на переправу.",
        ),
        "Библиотека переезжает на мельницу",
        (
            "Городская библиотека весной переезжает на старую мельницу, и сорок тысяч её книг "
            "понесут через мост по цепочке восемьсот жителей обоих берегов.",
            "Мельница пустовала со времён наводнения, и хозяин продал её за один рубль с тем "
            "условием, чтобы колесо и дальше вращалось в ручье у дороги.",
        ),
        ("Марина", "Старый моряк", "Н. Лунд"),
        ("2 часа назад", "3 часа назад", "вчера в 14:20"),
        "Ответить",
        "12 мая 2026",
    ),
    "ar": Tale(
        "العبارة الليلية تبحر من جديد",
        (
            "تبحر العبارة الليلية من جديد في حزيران بعد أحد عشر عاما من تفكيك سابقتها، كما قرر "
            "مجلس الميناء مساء الاثنين بتسعة أصوات مقابل أربعة أصوات في جلسة طويلة.",
            "لم يرغب أحد هنا في أن ينقطع عن العالم خمسة أشهر، قالت مديرة الميناء التي حذرت من أن "
            "حافلة المدرسة تحتاج إلى ساعة كاملة على طريق الساحل في الشتاء.",
            "يأتي المال من صندوق الطرق القروية، وقال عضوان في المجلس إنهما سيطلبان من المحافظة أن "
            "تنظر في ما إذا كان القانون يسمح بهذا الإنفاق على العبارة.",
        ),
        "المكتبة تنتقل إلى الطاحونة القديمة",
        (
            "تنتقل مكتبة المدينة إلى الطاحونة القديمة في الربيع، وسيحمل ثمانمئة من السكان كتبها "
            "الأربعين ألفا عبر الجسر يدا بيد من ضفة إلى ضفة.",
            "كانت الطاحونة خالية منذ الفيضان، وباعها صاحبها بدينار واحد بشرط أن تستمر العجلة في "
            "الدوران في الجدول قرب الطريق القديم.",
        ),
        ("سلمى", "بحار قديم", "نادية ل"),
        ("قبل ٢ ساعة", "قبل ٣ ساعات", "أمس 14:20"),
        "رد",
        "12 أيار 2026",
    ),
    "ja": Tale(
        "夜行フェリーが再び運航",
        (
            "夜行フェリーは六月に再び運航する。先代の船が解体されてから十一年になると、港の町議会は月曜日の夜に賛成多数で決めた。",
            "五か月も孤立することは誰も望んでいなかったと港長は話した。冬の海岸道路では通学バスに一時間かかると港長は訴えてきた。",
            "費用は村の道路の基金から出る。二人の議員は、それが法律で許されるかどうかを県に調べてもらうつもりだと話している。",
        ),
        "図書館が古い水車小屋へ移る",
        (
            "町の図書館は来年の春に古い水車小屋へ移る。四万冊の本は八百人の住民が手から手へ渡して橋を越えて運ぶ計画である。",
            "水車小屋は洪水のあと空き家だった。持ち主は水車を回し続けることを条件にわずかな値段で町に売ったという。",
        ),
        ("海の人", "老水夫", "町田"),
        ("2時間前", "3時間前", "昨日14:20"),
        "返信",
        "2026年5月12日",
    ),
    "hi": Tale(
        "रात की नाव फिर चलेगी",
        (
            "रात की नाव जून में फिर चलेगी, पुरानी नाव के टूटने के ग्यारह साल बाद, बंदरगाह की परिषद ने "
            "सोमवार की शाम को चार के मुकाबले नौ मतों से यह तय किया।",
            "यहाँ कोई पाँच महीने तक कटा हुआ नहीं रहना चाहता था, बंदरगाह की प्रमुख ने कहा, जिन्होंने "
            "चेताया था कि स्कूल की बस को तट की सड़क से एक घंटा लगता है।",
            "पैसा गाँव की सड़कों के कोष से आता है, और परिषद के दो सदस्यों ने कहा कि वे जिले से पूछेंगे कि "
            "क्या कानून इस खर्च की अनुमति देता है।",
        ),
        "पुस्तकालय पुरानी चक्की में जाएगा",
        (
            "शहर का पुस्तकालय वसंत में पुरानी चक्की में जाएगा, और उसकी चालीस हज़ार किताबें आठ सौ लोग "
            "हाथों हाथ पुल के पार ले जाएँगे।",
            "चक्की बाढ़ के बाद से खाली थी, और मालिक ने उसे एक रुपये में इस शर्त पर बेचा कि पहिया नाले में "
            "आगे भी घूमता रहे।",
        ),
        ("मीना", "बूढ़ा नाविक", "रवि ल"),
        ("2 घंटे पहले", "3 घंटे पहले", "कल 14:20 बजे"),
        "जवाब दें",
        "12 मई 2026",
    ),
}


def paragraphs(texts: tuple[str, ...]) -> str:
    """The texts as paragraphs of HTML."""
    return "".join(f"<p>{text}</p>" for text in texts)


def page(body: str, language: str, title: str) -> bytes:
    """A page with this body and this title."""
    return (
        f"<!doctype html><html lang='{language}'><head><meta charset='utf-8'><title>{title}</title>"
        f"<meta property='og:title' content='{title}'></head><body>{body}</body></html>"
    ).encode()
