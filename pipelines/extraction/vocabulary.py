"""Hints in class names and words: general vocabulary, in several languages, as bits of a mask."""

import re
from functools import lru_cache
from typing import Final

# A name that means `comment` counts for everything inside the element.
(
    COMMENT, RELATED, SHARE, PROMO, ADVERT, COOKIE, NAVIGATION, CAPTION, AUTHOR, TAGS, BODY, LEAD,
    SIDE, FOOT, HIDDEN, QUOTE, META, EMBED, CORRECTION, HEADLINE,
    CALL,  # a call to comment, which no story makes
    TIP,  # what unfolds beside a sentence, as the explanation of a term
    COUNTER,  # which of how many: pictures of a series
    STORY, ROW, LINE, DIALOG, ASKS,  # what structure shows to be foreign: see `foreign`
) = (1 << bit for bit in range(28))  # fmt: skip

_NAMES: Final = (
    (COMMENT, r"comments?\b|commentaires?|kommentar|comentario|commenti|disqus|respond|reply|"
     r"livefyre|coral|opinions?-?list|discussion|talkback"),
    (RELATED, r"relat(?:ed|ion)|recommend|recirc|outbrain|taboola|read-?(?:more|next|also)|more-?"
     r"(?:on|from|stor|news|article|like)|most-?(?:read|pop|view)|popular|trending|similar|teaser|"
     r"see-?also|also-?(?:read|like)|you-?may|further|next-?(?:article|story|post)|prev(?:ious)?-?"
     r"(?:article|story|post)|lire-?aussi|a-?lire|siguiente|relacionad|verwandt|mehr-?zum|"
     r"weiterlesen|related|suggest|latest|top-?stories|carousel|onward|in-?article-?link|promo-?link"
     r"|card-?list|story-?list|post-?list|list-?item-?link"),
    (SHARE, r"shar(?:e|ing)|social|follow|addthis|sharedaddy|partag|teilen|compart|whatsapp|"
     r"facebook|twitter|linkedin|bookmark|toolbar|print-?"),
    (PROMO, r"newsletter|subscri|sign-?up|signup|promo|abo(?:nne|nnement)?\b|paywall|register|"
     r"donat|support-?us|membership|call-?to|cta\b|upsell|offer|piano|regwall|podcast-?promo|"
     r"app-?(?:banner|download)|marketing|inscri"),
    (ADVERT, r"\bads?\b|advert|adslot|ad-?(?:unit|container|wrap|label|box|slot)|sponsor|dfp|gpt\b|"
     r"publicid|publicit|werbung|anzeige|native-?ad|banner|affiliate|commercial|reklam"),
    (COOKIE, r"cookie|consent|gdpr|privacy|onetrust|cmp\b|datenschutz"),
    (NAVIGATION, r"\bnav|navi(?:gation)?\b|menu|breadcrumb|crumb|pagination|pager|skip-?|topbar|"
     r"masthead|header-?(?:nav|menu|top)|site-?header|sitemap|submenu|search|toc\b|"
     r"table-?of-?contents|inhaltsverzeichnis|jump"),
    (CAPTION, r"caption|credit|legend\b|bildunter|photo-?(?:info|text)|image-?(?:info|text|desc|"
     r"source|meta)|media-?(?:info|desc|meta)|figcap|picture-?(?:info|text)|gallery|slideshow|"
     r"copyright|bildtext|bild-?(?:quelle|info)|thumb"),
    (AUTHOR, r"author|byline|autor|auteur|\bbio\b|contributor|writer|reporter|journalist|redakt"
     r"|about-?the|profile|signature"),
    (TAGS, r"\btags?\b|tag-?(?:list|cloud|links)|topics?\b|keyword|categor|schlagw|label|rubri"
     r"|kicker|overline|eyebrow"),
    (BODY, r"article-?(?:body|content|text|main|inner)|story-?(?:body|content|text)|post-?(?:body|"
     r"content|text)|entry-?(?:content|body)|body-?(?:text|content|copy|main)|content-?(?:body|"
     r"text|article)|main-?(?:content|text)|richtext|rich-?text|article__?(?:body|content|text)|"
     r"text-?(?:body|block|content|module)|paragraph|artikel-?(?:text|body|inhalt)|td-post-content"
     r"|cuerpo|corps|prose|detail-?(?:content|text|body)|articlebody|storytext|wysiwyg|markdown"),
    (LEAD, r"\blead\b|lede|standfirst|\bintro|summary|subtitle|sub-?head|dek\b|teaser-?text|"
     r"\bchapo|entradilla|vorspann|deck\b|excerpt|abstract|synopsis|sommaire|sottotitolo|"
     r"anlauf|ingress|key-?points?|bullets?|takeaway|highlights|subheadline|sub-?title|description"),
    (SIDE, r"side-?bar|aside|\brail\b|widget|right-?col|left-?col|secondary|complementary|"
     r"info-?box|fact-?box|\bfacts?\b|faq|explainer|accordion|collaps|glossar|\bbox\b|factbox|infobox|supplement|sidenote|inset"),
    (FOOT, r"foot(?:er|note)?\b|footer|bottom|colophon|impressum|legal|disclaimer|terms"),
    (HIDDEN, r"hidden|visually|sr-?only|screen-?reader|invisible|noprint|print-?only|modal|popup|"
     r"overlay|dialog|tooltip|lightbox|dropdown|offscreen|a11y|u-?hide|d-none"),
    (QUOTE, r"quote|zitat|citation"),
    (META, r"\bmeta\b|date|time-?stamp|published|updated|reading-?time|read-?time|dateline|"
     r"timestamp|\btime\b|source\b|quelle|post-?info|article-?info|entry-?meta|views?-?count"),
    (EMBED, r"embed|tweet|instagram|tiktok|video|player|audio|podcast|poll|quiz|chart|graphic|"
     r"iframe|youtube|livestream|live-?ticker|map\b"),
    (CORRECTION, r"correction|clarif|ethic|trust|policy|standards|about-?us|transparen|methodolog|"
     r"editor-?s?-?note|tagline|story-?end|end-?note"),
    (HEADLINE, r"headline|(?:article|page|entry|post|story)-?title|\btitle\b|titel\b|titulo|titre"),
)  # fmt: skip
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_JOINTS: Final = re.compile(r"[_\s.:/]+|-{2,}")
# To search a name for twenty patterns costs three times what it costs to try them only where their
# first letters stand.
_FIRST: Final = 3
_Named = tuple[int, re.Pattern[str]]
_PART: Final = re.compile(r"(?P<atom>\\b|\(\?:|\)|\||[a-z0-9_-])(?P<optional>\??)")


def beginnings(pattern: str) -> frozenset[str]:
    """The first three letters of all that a pattern of names matches; fewer of what is shorter.

    A pattern has letters, digits, hyphens, underscores, `\\b`, `|`, `?` and groups `(?:...)`;
    raises ValueError for any other.
    """
    open_groups: list[tuple[set[str], set[str]]] = [(set(), {""})]  # alternatives, the current one
    at = 0
    while at < len(pattern):
        part = _PART.match(pattern, at)
        if part is None:
            raise ValueError(f"no pattern of names: {pattern[at : at + 20]!r}")
        at = part.end()
        atom, optional = part["atom"], part["optional"] != ""
        done, current = open_groups.pop()
        if atom == "|":
            open_groups.append((done | current, {""}))
            continue
        if atom == "(?:":
            open_groups += [(done, current), (set(), {""})]
            continue
        follow = {"" if atom == r"\b" else atom}
        if atom == ")":
            follow = done | current
            done, current = open_groups.pop()
        follow |= {""} if optional else set()
        joined = {(start + more)[:_FIRST] for start in current for more in follow}
        open_groups.append((done, joined))
    done, current = open_groups.pop()
    return frozenset(done | current)


def _by_beginning() -> tuple[dict[str, list[_Named]], list[_Named]]:
    """The patterns whose matches can begin so; those that match less than three letters."""
    found: dict[str, list[_Named]] = {}
    short = []
    for bit, pattern in _NAMES:
        named = bit, re.compile(pattern)
        firsts = beginnings(pattern)
        if min(map(len, firsts)) < _FIRST:
            short.append(named)
            continue
        for first in firsts:
            found.setdefault(first, []).append(named)
    return found, short


_BY_BEGINNING, _SHORT = _by_beginning()


@lru_cache(maxsize=8192)
def of_names(names: str) -> int:
    """The mask of an element's class, id, role and the like, joined by spaces."""
    folded = _JOINTS.sub("-", _CAMEL.sub("-", names)).lower()
    mask = 0
    for bit, pattern in _SHORT:
        if pattern.search(folded):
            mask |= bit
    for at in range(len(folded) - _FIRST + 1):
        first = folded[at : at + _FIRST]
        if first in _BY_BEGINNING:
            for bit, pattern in _BY_BEGINNING[first]:
                if not mask & bit and pattern.match(folded, at):
                    mask |= bit
    return mask


# Words of a block, whatever its markup. They are looked for in short blocks only.
_SAYS_COMMENT: Final = (
    r"\b(?:leave|post|add|write|join|view|show|see|read)\b.{0,20}\b(?:comments?|reply|discussion|"
    r"conversation)\b|\bcomments? (?:section|below|policy|guidelines|are closed)|laisser? un "
    r"commentaire|section de commentaires|(?:votre|vos|des|les) commentaires?\b|kommentar"
    r"(?:e|ar)? (?:schreiben|verfassen|anzeigen|lesen)|deja un comentario|comentarios?\b.{0,20}$|"
    r"lascia un commento|captcha|deixe (?:um|seu) comentário|^\d* ?(?:comments?|commentaires?|"
    r"kommentare?|comentarios?|commenti)\b.{0,12}$"
)
_SAYS_CALL: Final = (
    r"\b(?:let us know|tell us|share your|what do you think|sound off|weigh in|join the|leave a|"
    r"post a|scroll)\b.{0,60}\b(?:comments?|conversation)\b|comments? (?:section|box) below|"
    r"(?:section|espace) (?:de |des )?commentaires?|(?:dans|en) (?:les )?commentaires?\b|"
    r"(?:laisse[zr]|écrive[zr]|poste[zr]|ajoute[zr]).{0,20}commentaire|in den kommentaren|"
    r"(?:schreib|hinterlass)\w* .{0,40}kommentar|(?:en|deja|escribe).{0,25}(?:los |un )comentarios?"
    r"|(?:nei|lascia un) comment[io]|nos comentários"
)
_SAYS_RELATED: Final = (
    r"^(?:read|see|more|also|related|lire|à lire|voir|lesen|mehr|auch|siehe|lee|leer|más|leggi|"
    r"vedi|leia|veja|les også|läs|lees|czytaj|okuyun|watch|listen|recommended|don't miss|in case "
    r"you missed|you (?:may|might)|trending|popular|latest|most read|keep reading|continue reading|"
    r"further reading|next|previous|up next|related|dossier|zum thema|weitere|meistgelesen|"
    r"das könnte|passend|sur le même|ailleurs|también|te puede|relacionad|potrebbe|correlati)\b"
)
_SAYS_PROMO: Final = (
    r"newsletter|subscri(?:be|ption)|sign(?:ed)? up|\blog ?in\b|abonn(?:ez|er|ement|ieren|enti)|"
    r"inscri(?:vez|ption|ver|bete|viti)|suscr[íi]b|iscriviti|assine|registr(?:ieren|ati|er)|"
    r"download (?:the|our) app|follow (?:us|@|our|on|me|the)|like us|join (?:us|our)|whatsapp|"
    r"telegram|suivez|folgen sie|síguenos|seguici|siga |google news|your inbox|free trial|donat|"
    r"support (?:us|our|independent)|become a member|patreon|whistleblow|get in touch|contact us|"
    r"write to us|email us|send (?:us|your)|tip (?:us|line)|gift this|buy (?:now|tickets)|"
    r"jetzt (?:testen|lesen|abonnieren|kostenlos)|our (?:mission|newsroom|journalism)"
)
_SAYS_SHARE: Final = (
    r"^(?:share|partager?|teilen|compartir|condividi|tweet|facebook|twitter|linkedin|pinterest|"
    r"e-?mail|print|copy link|drucken|imprimer|save|bookmark|merken|artikel teilen|x|reddit|"
    r"whatsapp|flipboard|listen|share this.{0,30}|share on.{0,20})\W*$"
)
_SAYS_ADVERT: Final = (
    r"^\W*(?:advert\w*|ad|ads|anzeige|werbung|publicité|pub|publicidad|pubblicità|reklam\w*|"
    r"annonce|sponsored.{0,20}|promoted|article continues.{0,30}|story continues.{0,30}|"
    r"advertisement.{0,40}|scroll to continue.{0,40}|loading.{0,12})\W*$"
)
_SAYS_RIGHTS: Final = (
    r"©|\(c\)|copyright|all rights reserved|tous droits|alle rechte|derechos reservados|may not be "
    r"(?:published|reproduced)|terms of (?:use|service)|privacy policy|cookie|this (?:article|story"
    r"|report) (?:was|is|has been|originally|first)|originally (?:published|appeared)|republish|"
    r"standards|corrections?\b|fact.?check|disclaimer|the views|opinions expressed|not necessarily"
)
_SAYS_CREDIT: Final = (
    r"^\W*(?:by|von|par|por|di|photo|image|picture|foto|bild|video|credit|source|quelle|crédit|"
    r"illustration|file|getty|reuters|ap\b|afp|dpa|text|reporting|editing|written|edited|"
    r"additional)\b"
)
_CREDITS: Final = (
    r"getty images|/ ?(?:getty|reuters|afp|ap|dpa|epa|imago)|\((?:ap|afp|reuters|dpa|"
    r"getty|photo|foto|file)\b.{0,40}\)$|(?:photo|foto|image|bild|credit|picture)s? ?:"
)
_SAYS_DATE: Final = (
    r"^(?:(?:last )?(?:updated?|published|posted|modified|aktualisiert|veröffentlicht|publié|mis à "
    r"jour|stand|actualizado|publicado|pubblicato|updated on)\b.{0,60}|.{0,30}\d{1,2}[:.h]\d{2}"
    r".{0,20}|.{0,20}\d{4}.{0,12}|\d+ ?(?:min|minutes?|hours?|days?|h)\b.{0,20})$"
)
# To search a text for fifty phrases costs more than all its other features, so they are looked for
# only at its start, where they begin it, or if it has a part that all of them share.
_SAYS: Final = (
    (COMMENT, re.compile(_SAYS_COMMENT), ("omment", "oment", "reply", "discussion", "onversation",
                                          "captcha")),
    (CALL, re.compile(_SAYS_CALL), ("omment", "oment", "onversation")),
    (RELATED, re.compile(_SAYS_RELATED), ()),
    (RELATED, re.compile("関連|相关|続きを読む|あわせて読みたい"), ()),
    (PROMO, re.compile(_SAYS_PROMO), (
        "newsletter", "scri", "suscr", "sign", "log", "abonn", "assine", "registr", "download",
        "follow", "like us", "join", "whatsapp", "telegram", "suivez", "folgen", "seguici",
        "síguenos", "siga ", "google news", "inbox", "free trial", "donat", "support", "member",
        "patreon", "whistleblow", "in touch", "contact us", "to us", "email us", "send ", "tip ",
        "gift ", "buy ", "jetzt ", "our mission", "our newsroom", "our journalism",
    )),
    (SHARE, re.compile(_SAYS_SHARE), ()),
    (ADVERT, re.compile(_SAYS_ADVERT), ()),
    (ADVERT, re.compile("affiliate|commission"), ()),
    (FOOT, re.compile(_SAYS_RIGHTS), ()),
    (CAPTION, re.compile(_SAYS_CREDIT), ()),
    (CAPTION, re.compile(_CREDITS), ("getty images", "/", "(", ":")),
    (META, re.compile(_SAYS_DATE), ()),
)  # fmt: skip
_FINDS: Final = tuple(
    (bit, phrase.match if phrase.pattern.startswith("^") else phrase.search, parts)
    for bit, phrase, parts in _SAYS
)
_LONGEST: Final = 400  # characters; a longer text is prose, whatever its words
_CALL_LONGEST: Final = 120  # characters; calls are short, and longer texts speak of comments


@lru_cache(maxsize=4096)
def of_words(text: str) -> int:
    """The mask of the hints in a block's own words; 0 for long blocks."""
    if len(text) > _LONGEST:
        return 0
    folded = text.casefold()
    mask = 0
    for bit, finds, parts in _FINDS:
        if mask & bit or (bit == CALL and len(text) > _CALL_LONGEST):
            continue
        for part in parts or ("",):
            if part in folded:
                mask |= bit if finds(folded) else 0
                break
    return mask
