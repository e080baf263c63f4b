"""What a page in place of an article is called, by kind, as patterns of folded titles and lines.

News has these words as well, so they count only where a title or a line says nothing else.
"""

from typing import Final

NAMES: Final = {
    "challenge": r"""
just a moment|attention required|security check|robot check|human verification|captcha|
access denied|forbidden|request unsuccessful|one more step|are you human|einen moment|
sicherheitsprüfung|zugriff verweigert|un instant|vérification de sécurité|accès refusé|
un momento|verificación de seguridad|acceso denegado|verifica di sicurezza|accesso negato|
verificação de segurança|acesso negado|chwileczkę|odmowa dostępu|weryfikacja|один момент|
минуточку|проверка безопасности|доступ запрещ[её]н|لحظة من فضلك|تحقق أمني|فحص أمني|تم رفض الوصول|
しばらくお待ちください|セキュリティチェック|アクセス拒否|कृपया प्रतीक्षा करें|सुरक्षा जाँच|
सुरक्षा जांच|पहुँच अस्वीकृत|请稍候|安全检查|访问被拒绝|잠시만 기다|보안 확인
""",
    "consent": r"""
(?:your |manage )?privacy (?:choices|settings|preferences)|
cookie (?:consent|settings|preferences|notice)|before you continue|cookies?|zustimmung|
einwilligung|datenschutz(?:einstellungen)?|cookie-einstellungen|consentement|gestion des cookies|
consentimiento|configuración de cookies|consenso|cookie policy|consentimento|zgoda|
ustawienia (?:prywatności|cookie)|согласие|настройки cookie|файлы cookie|إعدادات الخصوصية|
الموافقة|プライバシー設定|クッキー|cookieの(?:設定|使用)|गोपनीयता|कुकी|隐私设置|쿠키
""",
    "login": r"""
(?:log|sign) ?in|login required|register|registration|anmeld(?:en|ung)|einloggen|connexion|
se connecter|iniciar sesión|acceso|accedi|login|entrar|zaloguj się|logowanie|вход|авторизация|
войти|تسجيل الدخول|ログイン|会員登録|लॉग ?इन|साइन ?इन|登录|로그인
""",
    "paywall": r"""
subscribe(?: to (?:read|continue))?|subscribers? only|subscription required|abo(?:nnement)?|
abonnieren|premium|abonnez-vous|suscríbete|suscripción|abbonati|assine|prenumerata|subskrypcja|
подписка|اشترك|الاشتراك|購読|有料会員限定|会員限定|सदस्यता|订阅|구독
""",
    "missing": r"""
(?:error |http )?(?:404|410)(?: error)?(?:[ :-]*(?:page )?not found| gone)?|
(?:page |file )?not found|oops|gone|seite nicht gefunden|nicht gefunden|page introuvable|
introuvable|página no encontrada|no encontrado|pagina non trovata|página não encontrada|
nie znaleziono(?: strony)?|страница не найдена|не найдено|الصفحة غير موجودة|غير موجود|
ページが見つかりません|पेज नहीं मिला|पृष्ठ नहीं मिला|页面不存在|找不到页面|
페이지를 찾을 수 없습니다|sayfa bulunamadı
""",
    "error": r"""
(?:http |error )?(?:4\d\d|50\d|52\d)(?: error)?[ :-]*(?:bad gateway|
service (?:temporarily )?unavailable|internal server error|gateway time-?out|too many requests|
bad request)?|
bad gateway|service unavailable|internal server error|gateway time-?out|maintenance|
(?:oops,? )?something went wrong|error|too many requests|wartung(?:sarbeiten)?|fehler|
maintenance en cours|erreur|mantenimiento|manutenzione|errore|manutenção|erro|przerwa techniczna|
błąd|ошибка|технические работы|خطأ|صيانة|エラー|メンテナンス(?:中)?|त्रुटि|रखरखाव|错误|维护中|
오류|점검|account suspended|welcome to nginx!?|index of /?|it works!?
""",
    "region": r"""
(?:451|unavailable for legal reasons|not available in your (?:region|country)|region (?:blocked|
restricted))|
nicht verfügbar|indisponible|no disponible|non disponibile|niedostępne|недоступно|غير متاح|
अनुपलब्ध
""",
    "browser": r"""
(?:unsupported|outdated|update your) browser|browser not supported|ad ?-?blocker detected|
browser veraltet|navigateur obsolète|navegador no compatible|browser non supportato|
nieobsługiwana przeglądarka|браузер не поддерживается|متصفح غير مدعوم|非対応ブラウザ|
असमर्थित ब्राउज़र
""",
    "parked": r"""
coming soon|under construction|(?:this )?domain (?:is )?for sale|parked domain|default web page|
im aufbau|en construction|en construcción|in costruzione|em construção|strona w budowie|
сайт в разработке|قيد الإنشاء|準備中|工事中|निर्माणाधीन
""",
}
