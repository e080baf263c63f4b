"""What sites say to their readers in place of an article, by kind, as patterns of folded text.

Whole sentences, which news does not say outside of quotation marks. Lines are joined as they are;
`~` stands for up to 60 letters, `~~` for 140. No list is ever whole: what none of these knows is
found by what the site's other pages show. 'paywall' asks to pay for the rest of this very text,
'offer' for whatever the site has.
"""

from typing import Final

CALLS: Final = {
    "challenge": r"""
checking (?:your browser|if the site connection is secure)|verif(?:y|
ying)~\byou are (?:a )?(?:human|not a (?:ro)?bot)|(?:are you|you(?:'re| are) not) a (?:ro)?bot\b|
unusual (?:traffic|activity) from|enable javascript and cookies to continue|please (?:enable|
turn on) (?:js|javascript|cookies)|need to enable javascript|access to this (?:page|site|
website) (?:has been|was|is) (?:denied|blocked)|you have been blocked|pardon our interruption|
incident id|made us think (?:that )?you(?:r browser)?~\bbot|complete the (?:security check|
captcha|challenge)|you don't have permission to access|ddos protection by|solve (?:the|
this) captcha|review the security of your|überprüf~\b(?:dass sie|ihren browser)|
kein(?: ein)? roboter|javascript (?:in ihrem browser )?(?:zu )?aktivieren|
zugriff auf diese (?:web)?seite\b~\bverweigert|keine berechtigung, (?:auf )?diese|
vérifi~\b(?:que vous|votre navigateur)|n'êtes pas un robot|activer javascript|
accès à cette page (?:a été |est |vous est )?refusé|vous n'avez pas l'autorisation|(?:verific|
comprob)~\b(?:que (?:usted )?(?:eres|es)|su navegador|tu navegador)~|no (?:eres|es) un robot|
habilit[ae]r? javascript|acceso a (?:esta|la) (?:página|web)~\bdenegado|no (?:tiene|
tienes) permiso para acceder|verific~\b(?:che tu sia|il tuo browser|di essere)|non sei un robot|
abilita(?:re)? javascript|accesso a questa pagina~\bnegato|non (?:hai|ha) l'autorizzazione|
não (?:é|és) um rob[oô]|ative o javascript|acesso a esta página~\bnegado|você não tem permissão|
(?:nie jeste(?:ś|s)|czy jesteś) robotem|włącz~\bjavascript|sprawdza~\bprzeglądark|
dostęp do (?:tej )?(?:strony|witryny|serwisu)~\bzablokowan|nie masz uprawnień|geen robot|
robot olmadığınızı|javascript'i etkinleştir|(?:вы|ты) не робот|включите (?:javascript|cookie)|
проверяем ваш браузер|проверка вашего браузера|доступ к (?:этой |данн\w+ )?(?:странице|сайту|
ресурсу)~\b(?:запрещ|ограничен|заблокирован)|у вас нет прав|ви не робот|увімкніть|(?:أنك|أنت|
انك) (?:لست|ليس) (?:روبوت|برنامج)|لست روبوت|التحقق من (?:متصفحك|أنك)|تم (?:رفض|حظر) (?:الوصول|
وصولك)|تفعيل جافا|ロボットではない|ブラウザを(?:確認|チェック)|javascript ?を有効|
アクセスが(?:拒否|ブロック|制限)|人間であることを|रोबोट नहीं|ब्राउज़र की जाँच|ब्राउज़र की जांच|
जावास्क्रिप्ट (?:सक्षम|चालू)|पहुँच (?:अस्वीकृत|अवरुद्ध)|इंसान हैं|(?:不是|并非)机器人|真人验证|
安全验证|正在检查您的浏览器|启用 ?javascript|访问(?:被拒绝|受限)|로봇이 아닙|브라우저를 확인|
자바스크립트를 (?:활성|사용)|접근이 (?:거부|차단)
""",
    "consent": r"""
\b(?:we (?:and|use|store|process|collect|place|may|need)|our (?:\d+ )?(?:partners|vendors)|
and (?:its|our) partners)\b~~\b(?:cookies|personal data|information on (?:a|your) device)|
we (?:value|respect|care about) your privacy|before you continue|accept (?:all )?(?:the )?cookies|
consent to~\bcookies|we use cookies|agree to (?:the|our) use of cookies|by clicking~\b(?:accept|
agree)|\b(?:wir (?:und|verwenden|nutzen|setzen|speichern|verarbeiten|brauchen|benötigen)|
unsere partner)\b~~\b(?:cookies|personenbezogene)|mit werbung (?:weiter)?lesen|weiter mit werbung|
contentpass|ihre? (?:zustimmung|einwilligung)~\b(?:wir|cookies|zweck)|stimmen sie~\b(?:cookies|
zu\b)|cookies (?:zustimmen|akzeptieren)|\bnous (?:et|utilisons|stockons|déposons|traitons|
avons)\b~~\b(?:cookies|traceurs|données personnelles)|(?:nos|ses) partenaires~~\b(?:cookies|
données)|accepter et continuer|continuer sans accepter|votre vie privée|\b(?:nosotros|
nuestros socios|utilizamos|usamos)\b~~\b(?:cookies|datos personales)|
aceptar (?:todas )?(?:las )?cookies|(?:valoramos|respetamos|nos importa) (?:su|tu) privacidad|
sobre tu privacidad|gestionar? (?:las )?cookies|aceptar y continuar|\b(?:noi e|i nostri partner|
utilizziamo|usiamo)\b~~\b(?:cookie|dati personali)|accetta(?:re)? (?:tutti )?(?:i )?cookie|
rispettiamo la (?:tua|sua|vostra) privacy|accetta e continua|\b(?:nós|utilizamos|usamos|
nossos parceiros)\b~~\b(?:cookies|dados pessoais)|aceitar (?:todos )?(?:os )?cookies|
(?:valorizamos|respeitamos) (?:a )?sua privacidade|wij (?:en|gebruiken|plaatsen)~~\bcookies|
cookies accepteren|\b(?:my i nasi|używamy|wykorzystujemy|nasi partnerzy)\b~~\b(?:cookie|plik(?:i|
ów) cookie|danych osobowych|dane osobowe)|(?:zgadzam|zgoda) (?:się )?na~\bcookie|twoj(?:ą|a|
ej) prywatnoś|przejdź do serwisu|\b(?:мы|наш сайт|наши партн[её]ры)\b~~(?:использу\w+|применя\w+|
обрабатыва\w+)~(?:файлы cookie|cookie|куки|персональные данные)|
принять (?:все )?(?:файлы )?(?:cookie|куки)|ваш\w* конфиденциальност|соглашаетесь~(?:cookie|куки|
файлов)|çerez~kabul|çerezleri kullan|(?:نحن|نستخدم|شركاؤنا)~~(?:ملفات تعريف الارتباط|الكوكيز|
البيانات الشخصية)|(?:قبول|الموافقة على) (?:جميع )?(?:ملفات|الكوكيز)|خصوصيتك|(?:当サイト|私たち|
弊社|パートナー).{0,60}(?:cookie|クッキー|個人データ)|(?:cookie|クッキー)(?:の使用)?(?:を|
に)(?:使用|同意|許可|受け入れ)|お客様のプライバシー|(?:(?:^|\s)हम (?:और|आपकी|आपके|इस)?|
हमारे (?:साझेदार|भागीदार))~~(?:कुकी|व्यक्तिगत डेटा)|कुकीज़? (?:स्वीकार|के उपयोग)|आपकी (?:गोपनीयता|
निजता)|(?:我们|本网站|合作伙伴).{0,40}(?:cookie|个人数据|个人信息)|接受(?:所有|全部)?(?: )?cookie|
您的隐私|쿠키(?:를|의) (?:사용|허용|동의)|개인정보 보호
""",
    "login": r"""
(?:log|sign) ?in to (?:continue|read|view|your|access)|please (?:log|sign) in|
you must (?:be logged|log|sign) in|(?:log|sign) in with your|create (?:a|
your) (?:free )?account to|register (?:for free )?to (?:continue|read)|forgot (?:your )?password|
anmelden,? um|bitte (?:melden sie sich|melde dich|einloggen|anmelden)|registrieren sie sich~\bum|
passwort vergessen|connectez-vous pour|identifiez-vous|vous devez être connecté|
créez un compte~\bpour|mot de passe oublié|inicia(?:r)? sesión para|inicie sesión|
regístr[ae]te para|debes? (?:iniciar|registrar)|contraseña\?|accedi (?:per|al tuo)|
effettua (?:il login|l'accesso)|registrati per|password dimenticata|faça login|entre na sua conta|
esqueceu (?:a|sua) senha|cadastre-se para|zaloguj się,? (?:aby|żeby|by)|musisz się zalogować|
zarejestruj się,? (?:aby|by)|nie pamiętasz hasła|log in om|giriş yap(?:ın|mal|arak)|
devam etmek için giriş|войдите,? чтобы|войдите (?:на сайт|в (?:свой )?аккаунт|в систему)|
необходимо (?:войти|авторизоваться|зарегистрироваться)|зарегистрируйтесь,? чтобы|забыли пароль|
авторизуйтесь|увійдіть|(?:سجل|سجّل|تسجيل) (?:ال)?دخول(?:ك)? (?:للمتابعة|لقراءة|لمتابعة|من أجل|
إلى)|يجب (?:عليك )?تسجيل|يرجى تسجيل الدخول|نسيت كلمة|ログイン(?:して(?:ください|続き)|が必要|
すると)|(?:続き|記事).{0,12}ログイン|会員登録(?:が必要|して|すると)|パスワードをお忘れ|(?:पढ़ने|
जारी रखने|देखने) के लिए (?:कृपया )?(?:लॉग ?इन|साइन ?इन|पंजीकरण)|कृपया (?:लॉग ?इन|साइन ?इन)|
पासवर्ड भूल|请(?:先)?(?:登录|登入)|登录后|忘记密码|로그인(?:이 필요|하세요|해 주세요|하시)|
비밀번호를 잊
""",
    "paywall": r"""
subscribe (?:now )?to (?:continue|unlock|keep reading|read (?:this|the|on|more))|
to (?:continue|keep) reading|continue reading (?:this|with|the|by)|unlock this (?:article|story)|
(?:read|access) the (?:full|whole|rest of (?:the|this)) (?:article|story|text)~\b(?:subscri|
account|month|trial)|
reached your~\b(?:limit|free)|
this (?:article|story) is (?:only )?(?:available )?(?:for|to|
reserved for) (?:our )?(?:paying )?subscribers|
(?:weiterlesen|weiter lesen) mit|jetzt weiterlesen|um~\bweiter ?zu ?lesen|artikel~\bfreischalten|
alle kostenlosen artikel|pour lire la suite|(?:il vous )?reste~\bà lire|
abonnez-vous pour lire (?:la suite|cet|l'article)|lire la suite de~\babonn|la suite est réservée|
(?:cet article|contenu) est réservé|
suscríb[ea](?:te|se) para (?:seguir|continuar|leer (?:este|el))|
para (?:seguir|continuar) leyendo|abbonati per (?:continuare|leggere (?:questo|il|l'articolo))|
per continuare (?:a leggere|la lettura)|assine para (?:continuar|ler)|para continuar lendo|
continue lendo|om verder te lezen|czytaj dalej z|
(?:aby|by|żeby) (?:czytać|przeczytać) (?:dalej|cały|całość)|limit (?:darmowych )?artykułów|
okumaya devam etmek için|
чтобы (?:читать|прочитать) (?:дальше|далее|статью|материал|полн|весь|эту)|
чтобы продолжить чтение|лимит (?:бесплатных )?(?:статей|материалов)|
(?:لمتابعة|لمواصلة|لإكمال) (?:ال)?قراءة|
(?:اشترك|اشتراك)(?: الآن)? لقراءة (?:هذا|هذه|المقال|بقية)|
続きを(?:読む|お読み).{0,20}(?:には|場合|登録|購読)|この記事は.{0,14}(?:有料|会員|購読)|
残り.{0,8}文字|(?:आगे|पूरा|पूरी) (?:लेख |ख़बर |खबर )?पढ़ने के लिए|
(?:订阅|付费).{0,10}(?:全文|继续)|계속 읽으려면
""",
    "offer": r"""
subscribe (?:now )?to (?:continue|read|unlock|keep|access)|already a subscriber|
(?:is |only )(?:available )?(?:only )?(?:for|to) (?:our )?(?:paying )?subscribers|
free articles? (?:left|remaining|this month|limit)|subscribers? (?:only|exclusive)|
jetzt (?:weiter)?lesen|nur für abonnent|nur mit~\babo\b|lesen sie~\bmit~\babo|schon abonnent|
bereits abonn|exklusiv für abonnent|réservée?s? (?:aux|à nos) abonnés|déjà abonné|
abonnez-vous pour|exclusiv[oa] para (?:nuestros )?suscriptores|solo para suscriptores|
suscríb[ea](?:te|se) para|ya (?:eres|es) suscriptor|artículos gratis|
riservat[oa] (?:agli|ai nostri) abbonati|abbonati per|sei già abbonato|exclusivo para assinantes|
assine para|já é assinante|alleen voor abonnees|
(?:tylko|dostępn[ye]) dla (?:naszych )?(?:subskrybent|prenumerator)|
wykup (?:dostęp|prenumerat|subskrypcj)|masz już (?:prenumerat|subskrypcj|konto)|
abone ol(?:un|arak)|(?:только|доступн\w+) (?:для|по) (?:наш\w+ )?подпис|оформите подписку|
только для подписчиков|уже (?:есть подписка|подписаны|подписчик)|оформ\w+ передплат|
(?:اشترك|اشتراك)(?: الآن)? (?:للمتابعة|لقراءة|لمتابعة|لمواصلة)|للمشتركين فقط|
(?:حصري|متاح) للمشتركين|مشترك بالفعل|(?:有料|登録)?会員(?:限定|のみ|の方のみ)|
購読(?:すると|が必要|者限定)|(?:सदस्यता|सब्सक्रिप्शन) (?:लें|लेकर|लीजिए)|
केवल (?:सदस्यों|ग्राहकों|सब्सक्राइबर)|पहले से (?:सदस्य|ग्राहक)|
(?:订阅|订阅者|付费).{0,10}(?:阅读|全文|继续|专享)|仅(?:限|供)(?:订阅|会员)|
구독(?:하고|하시면|자 전용|자만)|kostenlose artikel gelesen
""",
    "missing": r"""
(?:page|article|story|content|url|file|resource|link)\b~\b(?:not found|can(?:not|'t|not) be found|
could ?n(?:o|')t be found|(?:doesn't|does not|no longer) exists?|has been (?:moved|removed|
deleted)|(?:is )?no longer available|was not found)|(?:couldn't|can't|could not|cannot|
unable to) find (?:the|that|this) (?:page|article|story)|page you (?:are|were|
're)? ?(?:looking for|requested)|seite~\b(?:nicht (?:gefunden|verfügbar|existiert)|
existiert nicht)|(?:artikel|inhalt)~\b(?:nicht mehr verfügbar|nicht gefunden|gelöscht)|
page~\b(?:introuvable|n'existe (?:pas|plus)|non trouvée|pas été trouvée)|(?:article|
contenu)~\bn'est plus disponible|página~\b(?:no (?:encontrada|existe|se encuentra|disponible)|
não (?:encontrada|existe|foi encontrada))|no (?:hemos|se ha|se) (?:podido )?encontra\w* la página|
pagina~\b(?:non (?:trovata|esiste|disponibile)|niet gevonden)|non (?:è stata|
abbiamo) trovat\w+ la pagina|stron[aęy]~\b(?:nie (?:istnieje|została znaleziona|znaleziono)|
nie odnaleziono)|nie (?:znaleziono|znaleźliśmy)~\bstron|(?:artykuł|
treść)~\bnie (?:jest już dostępn|istnieje)|sayfa~\b(?:bulunamad|mevcut değil)|(?:страниц\w+|
материал|статья|запис\w+)~\b(?:не (?:найден\w*|существует|существовала)|удал[её]н\w*|
больше не доступ\w+|перемещ)|сторінк\w+~\bне (?:знайдено|існує)|(?:الصفحة|المقال|المحتوى|
الرابط)~(?:غير موجود|لم يتم العثور|لم نعثر|لم تعد|حذف)|لم يتم العثور على (?:الصفحة|
المقال)|عذرا.{0,30}(?:الصفحة|غير موجود)|(?:ページ|記事|url).{0,24}(?:見つかりません|
見つかりませんでした|存在しません|削除され|移動|公開を終了|終了しました)|(?:पेज|पृष्ठ|लेख|
पन्ना)~(?:नहीं मिला|मौजूद नहीं|नहीं मिल|हटा|उपलब्ध नहीं)|(?:页面|文章|网页|内容).{0,16}(?:不存在|
未找到|找不到|已删除|已被删除|无法找到)|(?:페이지|기사)(?:를|가).{0,12}(?:찾을 수 없|존재하지|
삭제)
""",
    "error": r"""
(?:sorry|oops)~\bwent wrong|went wrong~\b(?:try again|on our (?:end|side)|reload)|(?:try|
check back) (?:again )?(?:later|in a (?:few )?(?:minutes?|moments?)|soon)|(?:server|
application) (?:encountered|is temporarily)|temporarily unavailable|(?:site|page|website|we(?:'re|
 are))\b~\bmaintenance|be (?:right )?back (?:soon|shortly)|error establishing a database|
critical error on this website|(?:you(?:'ve)?|your ip)\b~\btoo many requests|(?:you(?:'ve)?|
your)\b~\brate limit|guru meditation|upstream (?:server|connect)|account (?:has been )?suspended|
error reference|ray id|(?:versuchen sie es|bitte)~\bspäter (?:noch ?einmal|erneut)|
wartungsarbeiten~\b(?:web)?seite|(?:web)?seite\b~\bwartungsarbeiten|(?:seite|website|dienst|
inhalt)\b~\bvorübergehend nicht (?:erreichbar|verfügbar)|(?:sie haben|ihre)\b~\bzu viele anfragen|
réessayer (?:plus tard|dans)|(?:site|page)\b~\ben (?:cours de )?maintenance|(?:site|page|
service)\b~\btemporairement indisponible|vous avez\b~\btrop de requêtes|(?:inténtelo|inténtalo|
vuelva|vuelve)~\b(?:más tarde|de nuevo|a intentar)|(?:sitio|página|web)\b~\ben mantenimiento|
(?:sitio|página|web|servicio)\b~\btemporalmente no disponible|(?:ha|has) (?:enviado|hecho|
realizado) demasiadas (?:solicitudes|peticiones)|(?:riprova|riprovare) (?:più tardi|tra)|(?:sito|
pagina)\b~\bin manutenzione|(?:sito|pagina|servizio)\b~\btemporaneamente non disponibile|
hai (?:inviato|fatto) troppe richieste|tente novamente mais tarde|(?:site|
página)\b~\bem manutenção|(?:site|página|serviço)\b~\btemporariamente indisponível|
spróbuj ponownie|prace (?:serwisowe|konserwacyjne|techniczne)~\bstron|(?:stron|
serwis)\w*~\bprace (?:serwisowe|techniczne)|(?:stron|serwis)\w*~\bchwilowo niedostępn|
wysła\w+ zbyt wiele (?:żądań|zapytań)|daha sonra tekrar|bakım çalışma|(?:попробуйте|повторите|
зайдите)~(?:позже|позднее|снова|ещё раз)|сайт\w*~технические работы|технические работы~сайт|
(?:сайт|страниц|сервис)\w*~временно недоступ|(?:вы|от вас|ваш\w*)\b~слишком много запросов|
(?:حاول|المحاولة|يرجى المحاولة)~(?:لاحق|مرة أخرى)|(?:الموقع|الصفحة)~(?:ال)?صيانة|(?:الموقع|الصفحة|
الخدمة)~غير متاح(?:ة)? مؤقت|(?:لقد أرسلت|أرسلت)~طلبات|(?:しばらく|時間を).{0,16}(?:再度|もう一度|
してから|アクセス)|(?:サイト|ページ|ただいま|現在).{0,16}メンテナンス中|一時的に(?:利用|アクセス|
ご利用)|リクエストが多|(?:बाद में|दोबारा|पुनः|फिर से) (?:पुनः )?(?:प्रयास|कोशिश)|(?:साइट|वेबसाइट|
पेज)~रखरखाव|(?:साइट|वेबसाइट|पेज|सेवा)~अस्थायी रूप से (?:अनुपलब्ध|बंद)|आपने~अनुरोध|(?:稍后|
请稍候)(?:再试|重试)|(?:网站|页面|系统).{0,8}维护|暂时(?:无法|不可)|请求过(?:多|于频繁)|
잠시 후 다시|(?:사이트|페이지|서비스).{0,12}점검 중|요청이 너무
""",
    "region": r"""
(?:not|un|isn't) ?available in (?:your|this) (?:region|country|location|area)|(?:unavailable|
blocked)~\b(?:european|your (?:country|region|location))|(?:not available|
unable)~\beuropean (?:union|countries|economic|visitors)|in ihre[rm] (?:region|
land)~\bnicht (?:verfügbar|erreichbar)|pas (?:disponible|accessible) (?:dans|
depuis) votre (?:pays|région)|no (?:está )?disponible en (?:su|tu) (?:país|región|ubicación)|
non (?:è )?disponibile n\w+ (?:tuo|suo|vostr[oa]|tua|sua) (?:paese|regione|zona)|
não (?:está )?disponível n\w+ (?:seu|sua) (?:país|região)|nie ?(?:jest )?dostępn\w+ w (?:twoim|
twojej|państwa) (?:kraju|regionie|lokalizacji)|недоступ\w+ в ваш\w+ (?:регион|стран)|
غير متاح\w* في (?:منطقتك|بلدك|دولتك)|お(?:住まい|客様).{0,12}(?:地域|国).{0,24}(?:利用|ご覧|閲覧|
視聴)|आपके (?:क्षेत्र|देश|इलाके) में (?:यह )?(?:उपलब्ध नहीं|अनुपलब्ध)|您所在的?(?:地区|国家)|
귀하의 (?:지역|국가)|bölgenizde|ülkenizde
""",
    "browser": r"""
(?:your|this) browser (?:is|version is|appears)~\b(?:not supported|unsupported|outdated|
out of date|old)|(?:upgrade|update|change|use a)~\b(?:modern|your|newer|supported) browser|
(?:disable|turn off|pause|deactivate)~\bad ?-?block|ad ?-?blocker~\b(?:detected|disable|enabled|
using)|ihr browser~\b(?:nicht unterstützt|veraltet)|aktualisieren sie ihren browser|
(?:schalten sie|deaktivieren sie|bitte)\b~\bwerbeblocker|werbeblocker (?:zu )?deaktivieren|
votre navigateur~\b(?:n'est (?:pas|plus)|obsolète)|mett(?:ez|re) à jour votre navigateur|
désactive[rz]\b~\b(?:bloqueur|adblock)|(?:su|tu) navegador~\b(?:no (?:es|está)|obsoleto|
desactualizado)|(?:actualice|actualiza) (?:su|tu) navegador|(?:desactiv\w+|
detectado)~\bbloqueador de anuncios|il (?:tuo|suo) browser~\b(?:non|obsoleto)|
aggiorna il (?:tuo )?browser|(?:seu|o) navegador~\b(?:não é|desatualizado)|
atualize (?:o )?(?:seu )?navegador|(?:twoja|ta) przeglądarka~\b(?:nie jest|nieaktualna|
przestarzała)|zaktualizuj przeglądark|wyłącz~\badblock|ваш браузер~(?:не поддерживается|устарел)|
обновите (?:ваш )?браузер|(?:отключите|выключите|обнаружен)~блокировщик рекламы|tarayıcınız|
المتصفح (?:الخاص بك|الذي تستخدمه)~(?:غير مدعوم|قديم)|متصفحك (?:غير|قديم)|حدّ?ث متصفحك|(?:إيقاف|
تعطيل|أوقف|عطل)~مانع الإعلانات|(?:お使い|ご利用)のブラウザ.{0,20}(?:対応|サポート|古)|
ブラウザを(?:更新|アップデート)|広告ブロック.{0,12}(?:解除|無効|オフ|停止)|
आपका ब्राउज़र~(?:समर्थित नहीं|पुराना)|ब्राउज़र (?:अपडेट|को अपडेट)|विज्ञापन अवरोधक~(?:बंद|अक्षम|
हटा)|浏览器(?:版本)?(?:过低|不受支持|过旧)|브라우저(?:는|를).{0,12}(?:지원|업데이트)
""",
    "parked": r"""
domain (?:name )?(?:is|may be|has been|was) ?(?:for sale|parked|registered|expired)|
buy this domain|this (?:site|website|domain)~\b(?:coming soon|under construction)|
(?:diese )?domain (?:steht zum verkauf|kaufen)|domaine~\b(?:à vendre|en vente)|
dominio~\b(?:en venta|in vendita)|domínio~\bà venda|domena~\bna sprzedaż|домен~прода[её]тся|
النطاق~للبيع|このドメイン|डोमेन~बिक्री|域名.{0,8}出售|도메인.{0,8}판매
""",
}
