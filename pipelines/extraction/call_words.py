"""Words with which papers speak to their readers, by language: part of the vocabulary.

A call asks somebody to do something, and names what a paper offers: its app; a place for comments
and an account; its letters; a subscription; its desk, in this order. Service texts ask as well, of
banks and town halls: hence pairs, of words that stand together in such calls alone.
"""

import re
from functools import lru_cache
from typing import Final

_WORDS: Final = (
    # English
    (r"^(?:please )?(?:get|download|install|try)\b|[.:;–-] (?:get|download)\b",
     r"\b(?:our|the)(?: [\w-]+){0,2} app\b"),
    (r"\b(?:log(?:ged)?|sign(?:ed)?)[ -]?(?:in|up)\b|\bregister(?:ed)?\b|\bonly members\b",
     r"\bto (?:comment|reply|post|join the)|\bcomment(?:ing|ers)\b|\b(?:save|"
     r"follow) (?:\w+ )?(?:stories|articles|topics)|\bfollow topics|\bfree account"),
    (r"^(?:please )?(?:get|receive|sign|subscribe|join|have)\b|[.:;–-] (?:get|sign|"
     r"subscribe)\b",
     r"newsletter|\byour (?:inbox|e-?mail)"),
    (r"^(?:please )?(?:subscribe|order|become|support|start|get|try|read)\b|"
     r"[.:;–-] (?:subscribe|become)\b",
     r"\bsubscri(?:be|ption)\b.{0,30}\b(?:today|now|month|price|%|free)|price of|free trial|"
     r"become a (?:member|subscriber)|support our"),
    (r"\b(?:write|e-?mail|send|tell|contact|get in touch)\b",
     r"\b(?:do you have|have you got|got|any) (?:a |an |any )?(?:\w+ )?(?:tip|story|question|"
     r"information)s?\b|\b(?:to|contact|e-?mail|tell|with) (?:us\b|our (?:news|desk|report|"
     r"editor))|newsroom"),
    # Spanish
    (r"\b(?:descárg(?:ue|a)[lt]?|descarg(?:ue|a)|instal[ae])\b",
     r"\b(?:nuestra|la) (?:aplicación|app)"),
    (r"\b(?:registr\w+|regístr\w+|inici\w+ sesión|identif\w+|conect\w+)\b",
     r"\b(?:para|puede\w*) (?:poder )?(?:comentar|opinar|dejar)|\bcomentarios\b|\b(?:seguir|"
     r"guardar) (?:temas|noticias|artículos)"),
    (r"\b(?:recib[ae]|suscríb\w+|apúnt\w+|inscríb\w+)\b",
     r"boletín|newsletter|\ben (?:su|tu) (?:correo|bandeja|buzón)"),
    (r"\b(?:suscríb\w+|hazte|hágase|disfrut[ae]|apoy[ae])\b",
     r"\bmes(?:es)? (?:por|gratis)|por el precio|\bsuscriptor|\bsoci[oa]|periodismo"),
    (r"\b(?:escrib[ae](?:n?os)?|escríb[ae]nos|enví[ae](?:nos)?|contact[ae])\b",
     r"\b(?:una|alguna) (?:pista|historia|información)|\bredac|nosotros|\w+@|[íi]b[ae]nos|"
     r"nv[íi][ae]nos"),
    # French
    (r"\b(?:téléchargez|installez)\b", r"\b(?:notre|l')\s?appli"),
    (r"\b(?:inscri\w+|connect\w+|identifi\w+)\b",
     r"\bpour (?:réagir|commenter|suivre|poster)|\bcommentaires?\b|\benregistrer (?:des|"
     r"vos) articles"),
    (r"\b(?:recevez|inscrivez-vous|abonnez-vous)\b",
     r"newsletter|lettre d'info|\bvotre (?:boîte|messagerie|adresse)"),
    (r"\b(?:abonnez-vous|profitez|soutenez)\b",
     r"\bmois (?:pour|offert|gratuit)|prix d'un|\bà partir de|journalisme|notre (?:journal|"
     r"rédaction)"),
    (r"\b(?:écrivez|contactez|envoyez)\b",
     r"\bune (?:information|question|histoire)|\brédaction|[- ]nous\b|\w+@"),
    # German
    (r"\b(?:laden sie|lade|holen sie|hol dir|installieren sie)\b",
     r"\b(?:unsere|die) (?:[\w-]+ )?app\b"),
    (r"\b(?:anmeld|angemeldet|einlogg|eingeloggt|registrier)\w*",
     r"\bmitdiskutieren|\bkommentieren\b|\bkommentare? (?:schreib|verfass|zu )|"
     r"\bthemen (?:zu )?folgen|\bartikel (?:zu )?merken"),
    (r"^(?:jeden|jetzt|täglich|abonnieren|erhalten|bestellen|das wichtigste)\b|"
     r"\b(?:abonnieren|erhalten|bestellen) sie\b",
     r"newsletter|\b(?:ihr|dein)\w* (?:postfach|e-?mail)"),
    (r"^(?:heute|jetzt|hier|gleich)? ?(?:abonnieren|bestellen|testen|lesen|unterstützen)\b|"
     r"\b(?:bestellen|abonnieren|testen|unterstützen) sie\b|^jetzt\b",
     r"\bmonate? (?:zum|gratis|kostenlos|für|lesen)|\babo\b|\bunseren journalismus|preis von"),
    (r"\b(?:schreiben|schicken|senden|melden|mailen) sie|\bschreib(?:t|en)?\b",
     r"\b(?:einen|ein) (?:hinweis|tipp|thema)|\bredaktion\b|\buns\b|\w+@"),
    # Italian
    (r"\b(?:scarica(?:te)?|installa)\b", r"\b(?:nostra|l')\s?app"),
    (r"\b(?:acced\w+|registra\w+|effettu\w+ il login|iscriv\w+)\b",
     r"\bper (?:commentare|seguire|salvare)|\bcommenti\b"),
    (r"\b(?:ricev[ie](?:te)?|iscriv\w+)\b",
     r"newsletter|\b(?:tua|vostra) (?:casella|mail|e-mail|posta)"),
    (r"\b(?:abbona\w+|sosten\w+)\b", r"\bmes[ei] (?:al|a|gratis)|prezzo di|giornalismo|\boggi\b"),
    (r"\b(?:scriv(?:i|ete)\w*|contatta\w*|invia\w*)\b",
     r"\buna (?:segnalazione|notizia)|\bredazione|scriv(?:i|ete)ci|\w+@"),
    # Portuguese
    (r"\b(?:baixe|descarregue|instale)\b", r"\b(?:nosso|nossa|o|a) (?:app|aplicativo|aplicação)"),
    (r"\b(?:cadastre-se|registe-se|faça login|entre|inicie sessão|conectad\w+|logad\w+)\b",
     r"\bpara (?:comentar|seguir|guardar)|\bcomentários\b"),
    (r"\b(?:receba|inscreva-se|assine)\b", r"newsletter|\b(?:seu|sua|no) (?:e-?mail|caixa)"),
    (r"\b(?:assine|apoie)\b", r"\bm[eê]s(?:es)? (?:pelo|por|grátis)|preço de|jornalismo|\bhoje\b"),
    (r"\b(?:escreva|envie|contacte|entre em contato)\b",
     r"\buma (?:pista|dica|história)|\breda[cç]|[- ]nos\b|\w+@"),
    # Dutch
    (r"\b(?:download|installeer)\b", r"\b(?:onze|de) (?:[\w-]+ )?app\b"),
    (r"\b(?:log(?:t)? in|ingelogd|inloggen|registreer|meld je aan|aangemeld)\b",
     r"\bom (?:te|een) (?:reageren|reactie)|\breacties\b|\bte volgen|\bop te slaan"),
    (r"\b(?:ontvang|meld je|schrijf je)\b", r"nieuwsbrief|\b(?:je|uw) (?:inbox|mail|mailbox)"),
    (r"\b(?:abonneer|word|neem|steun)\b",
     r"\bmaanden (?:voor|gratis)|prijs van|\babonnee|journalistiek"),
    (r"\b(?:schrijf|mail|stuur)\b", r"\been (?:tip|verhaal)|\bredactie|\bons\b|\w+@"),
    # Polish
    (r"\b(?:pobierz|ściągnij|zainstaluj)\b", r"\b(?:naszą )?aplikacj"),
    (r"\b(?:zaloguj|zalogowan\w+|zarejestruj|załóż konto)\b",
     r"\bkomentarz|\bkomentować|\bśledzić tematy|\bzapisywać artykuły"),
    (r"\b(?:zapisz się|otrzymuj|odbieraj|najważniejsze)\b",
     r"newsletter|\b(?:twoj|swoj|na)\w* (?:poczt|skrzynk|mail)\w*|\bpoczcie"),
    (r"\b(?:kup|zamów|wykup|wspieraj|wesprzyj)\b",
     r"\bdostęp|\bprenumerat|\bsubskrypcj|\bdziennikarstw"),
    (r"\b(?:napisz|wyślij|skontaktuj)\b",
     r"\b(?:masz|macie)\b.{0,20}\b(?:temat|informacj|pytani)|\bredakcj|\bdo nas\b|\w+@"),
    # Russian and Ukrainian
    (r"\b(?:скачайте|установите|завантажте)\b", r"приложени|застосун|додат"),
    (r"\b(?:зарегистрир\w+|авторизов\w+|авторизуй\w+|войдите|войти|зареєстру\w+|увійдіть)\b",
     r"комментир|комментари|комента|\bследить за темами|\bсохранять статьи|стежити за темами"),
    (r"\b(?:подпи\w+|получайте|самое важное|самые важные|підпи\w+|отримуйте)\b",
     r"рассылк|розсилк|\b(?:ваш|свою)\w* (?:почт|пошт)\w*"),
    (r"\b(?:оформите|подпишитесь|поддержите|передплатіть|підтримайте)\b",
     r"подписк|по цене|месяц|журналистик|редакци|місяц"),
    (r"\b(?:пишите|напишите|присылайте|пишіть|надсилайте)\b",
     r"есть (?:что|новость|информация|история)|редакц|\bнам\b|\w+@"),
    # Greek
    (r"(?:κατεβάστε|εγκαταστήστε)", r"εφαρμογή"),
    (r"(?:εγγραφείτε|συνδεθείτε|να (?:είστε )?συνδε)",
     r"σχολιάσ|σχόλι|παρακολουθείτε θέματα|αποθηκεύετε"),
    (r"(?:λάβετε|εγγραφείτε|κάθε πρωί)",
     r"newsletter|ενημερωτικό δελτίο|(?:mail|ταχυδρομείο) σας|σας ταχυδρομείο"),
    (r"(?:γίνετε|στηρίξτε|εγγραφείτε)", r"συνδρομητ|στην τιμή|δημοσιογραφία"),
    (r"(?:γράψτε|στείλτε|επικοινωνήστε)", r"έχετε κάτι|πληροφορία;|\w+@|\bμας\b"),
    # Arabic
    (r"(?:^|\s)(?:حمل|حمّل|نزل|نزّل|ثبت)(?:\s|وا)", r"تطبيقنا|التطبيق مجانا"),
    (r"(?:سجل|سجّل|تسجيل الدخول|الدخول)",
     r"(?:لإضافة|لكتابة|لنشر) (?:ال)?تعليق|للتعليق|لمتابعة المواضيع|حفظ المقالات"),
    (r"(?:اشترك|احصل|تصلك|أهم الأخبار|استلم)", r"نشرت|بريدك"),
    (r"(?:^|\s)(?:اشترك|ادعم)", r"بسعر|أشهر|الصحافة|اشتراك"),
    (r"(?:اكتب|راسل|أرسل|تواصل)", r"هل لديك|راسلنا|معنا|\w+@"),
    # Persian
    (r"(?:دانلود|نصب) کنید", r"اپلیکیشن|برنامه"),
    (r"(?:وارد|ثبت.?نام)", r"(?:نظر|دیدگاه)"),
    (r"(?:مشترک|دریافت|عضو)", r"خبرنامه|ایمیل شما"),
    (r"(?:بنویسید|بفرستید)", r"برای ما|\w+@"),
    # Hebrew
    (r"(?:הורידו|התקינו)", r"אפליקצי\w+ שלנו|את האפליקציה ו"),
    (r"(?:התחבר|להתחבר|הירשמו|הרשמו)", r"להגיב|תגובה|לעקוב|לשמור כתבות"),
    (r"(?:קבלו|הירשמו|הרשמו|החדשות החשובות)", r"ניוזלטר|(?:הדואר|המייל) שלכם"),
    (r"(?:הצטרפו|עשו מנוי|תמכו)", r"במחיר|מנוי|חודש|עיתונות"),
    (r"(?:כתבו|שלחו|פנו)", r"יש לכם|אלינו|לנו\b|\w+@"),
    # Japanese
    (r"(?:ください|下さい|いただけます|しませんか|できます)",
     r"アプリを(?:ダウンロード|入手|インストール)"),
    (r"(?:ください|下さい|できます|お願いします|必要です)",
     r"コメント(?:する|を(?:書|投稿))に?は|(?:無料の?)?会員登録(?:で|をすると|すると)|"
     r"ログイン(?:して|すると|が必要)"),
    (r"(?:お届け|ご登録|お送り)", r"メール(?:で|マガジン)|ニュースレター|メルマガ"),
    (r"(?:いただくと|いただけます|ください|お読み)", r"お申し込み|ご?購読(?:いただ|を)|料金で"),
    (r"(?:ください|お待ちして|お寄せ)",
     r"情報をお寄せ|(?:ご)?意見・?ご?(?:感想|情報)|宛先|編集部(?:まで|へ)|\w+@"),
    # Korean
    (r"(?:세요|십시오|보세요)", r"앱을 (?:내려|다운|설치)"),
    (r"(?:세요|십시오|주시기|바랍니다|있습니다|합니다)",
     r"(?:댓글을? (?:쓰|달|작성|남기)|의견을 남기)\w*.{0,12}로그인|로그인.{0,14}댓글|"
     r"무료로 가입|회원 ?가입(?:하|을)"),
    (r"(?:세요|십시오|드립니다)", r"뉴스레터|(?:메일|이메일)로 (?:받|보내)"),
    (r"(?:세요|십시오|읽을 수 있습니다)", r"(?:신청|구독)하(?:면|시면|세요)"),
    (r"(?:세요|십시오|바랍니다)", r"제보|편집국(?:으로|에)|\w+@"),
    # Chinese
    (r"(?:下载|下載|安装|安裝)",
     r"(?:下载|下載|安装|安裝)(?:我们|我們|本报|本報)?的?(?:应用|應用|客户端|客戶端|app)"),
    (r"(?:登录|登入|登錄|注册|註冊)",
     r"(?:后|後)(?:方可|即可|才能|可)?(?:发表|發表|参与)?(?:评论|評論|留言)|(?:免费|"
     r"免費)(?:注册|註冊)|请先(?:登录|登入)"),
    (r"(?:您的|你的|订阅|訂閱)",
     r"(?:发到|发送到|发至|寄到|傳送到).{0,6}(?:邮箱|郵箱|信箱)|(?:订阅|訂閱)(?:我们|我們|"
     r"本报)?的?(?:通讯|電子報|邮件|新闻信)"),
    (r"(?:订阅|訂閱|支持)", r"(?:今天|立即|现在|現在|马上)(?:订阅|訂閱|支持)"),
    (r"(?:请|請|欢迎|歡迎)",
     r"(?:有|提供|爆料)?(?:线索|線索|新闻)吗|(?:写信|来信|來信|发邮件|联系)(?:至|到|我们|"
     r"我們)?\s?\w+@|联系我们|聯絡我們|编辑部"),
    # Hindi
    (r"(?:करें|कीजिए|पढ़ें)", r"हमारा (?:ऐप|एप)|ऐप डाउनलोड कर"),
    (r"(?:करें|कीजिए|होगा)", r"टिप्पणी (?:करने|लिखने) के लिए|(?:फॉलो|सहेजने) के लिए|फॉलो करने"),
    (r"(?:पाएं|करें|लें)", r"न्यूज़?लेटर|अपने (?:ई-?मेल|इनबॉक्स)"),
    (r"(?:लें|करें|पढ़ें)", r"सदस्यता (?:लें|लेकर)|सब्सक्राइब कर"),
    (r"(?:लिखें|भेजें|बताएं)", r"जानकारी है|\w+@|हमें"),
    # Turkish
    (r"\b(?:indirin|yükleyin)\b", r"uygulama"),
    (r"\b(?:giriş yap\w*|üye ol\w*|kaydol\w*)\b", r"yorum (?:yap|yaz)|takip etmek|kaydetmek"),
    (r"(?:kutunuz|abone olun|kaydolun|en önemli haberler)", r"bülten|e-?posta (?:kutu|adres)\w*"),
    (r"\babone olun\b|\bdestekleyin\b", r"fiyat|\bay\b|gazetecili|bugün"),
    (r"\b(?:yazın|gönderin|ulaşın)\b", r"(?:bilginiz|haberiniz|ihbarınız)|\bbize\b|\w+@"),
    # Thai
    (r"ดาวน์โหลด", r"แอป(?:ของเรา|พลิเคชันของเรา)"),
    (r"(?:เข้าสู่ระบบ|สมัครสมาชิก|ลงทะเบียน)",
     r"(?:เพื่อ|ก่อน)(?:แสดง)?ความคิดเห็น|เพื่อแสดงความ|เพื่อติดตาม"),
    (r"(?:รับ|สมัคร)", r"จดหมายข่าว|อีเมลของคุณ"),
    (r"สมัคร", r"สมัคร(?:วันนี้|เลย|ตอนนี้)|ในราคา"),
    (r"(?:เขียนถึง|ส่ง|ติดต่อ)", r"มีเบาะแส|ถึงเรา|กองบรรณาธิการ|\w+@"),
    # Vietnamese, Indonesian
    (r"\b(?:tải|unduh)\b", r"ứng dụng của|aplikasi kami"),
    (r"\b(?:đăng nhập|đăng ký|masuk|login|daftar)\b",
     r"để (?:bình luận|theo dõi)|untuk (?:berkomentar|mengikuti|menyimpan)"),
    (r"\b(?:nhận|đăng ký|dapatkan|berlangganan)\b",
     r"bản tin|email của bạn|newsletter|buletin|email anda"),
)  # fmt: skip
_CALLS: Final = tuple((re.compile(asks.casefold()), re.compile(names.casefold()))
                      for asks, names in _WORDS)  # fmt: skip
_COOKIES: Final = re.compile(
    "cookie|クッキー|쿠키|куки|кукі|çerez|ciastecz|تعريف الارتباط|الكوكيز|کوکی|עוגיות|קוקיז|कुकी|"
    "คุกกี้|曲奇"
)
_SENTENCES: Final = re.compile(r"(?<=[!?？！؟])\s+")  # a question, and then what to do
_QUOTED: Final = re.compile('“[^”“]*”|„[^“”„]*[“”]|«[^»«]*»|「[^」]*」|『[^』]*』|"[^"]*"|‹[^›]*›')
_LONGEST: Final = 240  # characters; what a paper asks of its readers is short


@lru_cache(maxsize=1024)
def asks_readers(text: str) -> bool:
    """Whether a short text asks its readers for something that papers ask, outside of quotes."""
    if len(text) > _LONGEST:
        return False
    said = _QUOTED.sub(" ", text.casefold()).strip()
    parts = _SENTENCES.split(said)
    return any(names.search(said) and any(map(asks.search, parts)) for asks, names in _CALLS)


def names_cookies(text: str) -> bool:
    """Whether a text names cookies: those of browsers, or of bakers."""
    return _COOKIES.search(text.casefold()) is not None
