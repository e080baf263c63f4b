"""What a byline says beside the names: who wrote, and who did something else."""

import re
from collections.abc import Iterator, Sequence

# What stands before a name: "by" after a verb or alone, "author:", and in scripts that need no
# space, "reporter" without a sign.
_BY = (
    r"(?:(?:(?:written|story|text|words|reporting|analysis|opinion|posted|published|reported)\s+)?by|"
    r"(?:geschrieben|verfasst|veröffentlicht|ein beitrag)\s+von|"
    r"(?:écrit|publié|rédigé)e?\s+par|"
    r"(?:escrito|publicado|postado|redactado)\s+por|(?:scritto|pubblicato)\s+da|a cura di|"
    r"(?:geschreven|geplaatst)\s+door|(?:skrevet|skriven|skrivet|publisert|publicerad)\s+a[vf]|"
    r"(?:napisane|opublikowane|dodane)\s+przez|(?:scris|publicat|articol)\s+de|ditulis\s+oleh|"
    r"napisała?|napsala?|írta|kirjoittanut|piše|пише|написала?|пишет|подготовила?|γράφει(?:\s+[οη])?|"
    r"yazan|haber|viết bởi|bởi|بقلم|كتب|كتبت|کتبه|نوشته|מאת|נכתב על ידי|เขียนโดย|โดย)"
    r"(?:\s*[:：]\s*|\s+)"
)
_LABEL = (
    r"(?:text(?:es?)?|tekst|teksti|haber|autor(?:in|a|ka)?|author|auteur|autore|forfatter|författare|skribent|"
    r"kirjoittaja|toimittaja|redakce|redactie|szerző|autorius|autors|συντάκτης|yazar|muhabir|penulis|"
    r"tác giả|автор(?:ка)?|текст|аўтар|кореспондент|корреспондент|الكاتب|نویسنده|خبرنگار|लेखक|লেখক|"
    r"저자|글|작성자|著者|執筆|撰文|作者|记者|記者|文)\s*[:：/／・＝｜]\s*|(?:author|autor|auteur|autore|автор|text|"
    r"текст|저자|글|文|作者)\s+|(?:本报|本報|本台|見習|实习)?(?:记者|記者|通讯员|通訊員|特派員)\s*"
)
_WRITTEN_BY = re.compile(rf"^(?:{_BY}|{_LABEL})(?=\S)", re.IGNORECASE)
_GLUED_BY = re.compile(r"^(?:By|Von|Par|Por)(?=[A-Z][a-z]+\s)")
# These also begin names (Von Miller, De Niro): they are "by" only before two words or more.
_BY_ELSEWHERE = re.compile(
    r"^(?:von|par|por|door|af|av|di|przez|od|oleh)\s+(?=\S+\s+\S)", re.IGNORECASE
)
# Work that is not the writer's, where it is named before a name.
_PICTURES = (
    r"(?:photo|foto|fotó|fénykép|zdję|фото|bild|image|imag|imágen|illustr|ilustr|illusztr|grafik|"
    r"graphic|video|vidéo|kamera|camera|edit(?:ing|ed)|translat|übersetz|traduc|traduzione)"
)
_OTHER_WORK = re.compile(
    rf"^(?:{_PICTURES}"
    r"[^\W\d_]*(?:\s+[^\W\d_]+)?(?:\s*[:：/／]\s*|\s+(?:by|von|par|por|di|de|av|af|door)\s+)|"
    r"(?:写真|撮影|构成|構成|编辑|編輯|編集|責任編輯|责任编辑|摄影|攝影|图|圖|校对|翻译|사진|영상|편집)"
    r"(?:\s*[:：/／|｜＝=・]\s*|\s+))(?=\S)",
    re.IGNORECASE,
)
_THEIRS = re.compile(rf"(?:\.|(?<=[\u3040-\u9fff]))\s+(?={_OTHER_WORK.pattern[1:]})", re.IGNORECASE)
_LABELLED = re.compile(
    rf"(?P<before>[^\W\d_][^\s:;,]*)\s+(?={_PICTURES}[^\W\d_]*\s*:)", re.IGNORECASE
)
_HAN_COLON = re.compile("(?<![\u3040-\u9fff])(文|图|圖|撰文|采访|编辑|編輯|摄影|攝影)[｜|]")
_TWO_LABELS = re.compile(r"^(?:text|tekst|words)\s+\S{1,3}\s+[^\W\d_]+\s*:\s*", re.IGNORECASE)
_SIGN = "[・:：/／＝=｜|\u3000 ]"
_HAN_LABEL = re.compile(
    rf"^(?:(?:取材|構成|写真|撮影|聞き手)[・/／])*(?:文|取材|執筆|聞き手){_SIGN}+(?=\S)"
)
_DATELINE = re.compile(r"^【?\s*[记記]者\s*([^／/]{2,6})[／/][^／/]{1,12}[報报][導导道]\s*】?$")
_KOREAN_PLACE = re.compile("^[가-힣]{2,10}=(?=[가-힣])")
_REPORTERS = re.compile(r"^(?:本报|本台)?(?:记者|通讯员)\s*")
_HAN_SPACE = re.compile("(?<=[\u4e00-\u9fff]{2})\\s+(?=[\u4e00-\u9fff]{2})")


def without_frame(text: str) -> str:
    """A byline of East Asia without what is around its names: 文・NAME, 記者NAME／PLACE報導."""
    text = _KOREAN_PLACE.sub("", _DATELINE.sub(r"\1", text))
    if reporters := _REPORTERS.match(text):  # 记者 NAME NAME
        text = _HAN_SPACE.sub("、", text[reporters.end() :])
    return _HAN_LABEL.sub("", _HAN_COLON.sub(r"\1：", text))


def others_apart(text: str) -> str:
    """A text in which a sentence or a label that names other work begins a part of its own."""
    return _LABELLED.sub(_apart, _THEIRS.sub(" ; ", text))


def _apart(found: re.Match[str]) -> str:
    """ "Ada Lind Foto:" is parted, and "Text och foto:" is one label."""
    return found[0] if found["before"][0].islower() else f"{found['before']} ; "


def lists_reporters(text: str) -> bool:
    """Whether it is a list of Chinese reporters, who are parted by spaces alone."""
    reporters = _REPORTERS.match(text)
    return bool(reporters and _HAN_SPACE.search(text, reporters.end()))


def of_writers(pieces: Sequence[Sequence[str]]) -> Iterator[str]:
    """The parts of a byline's pieces without those of photographers, editors and translators.

    What follows a label in its piece belongs to it; a byline of nothing else stays as it is.
    """
    whole = all(_OTHER_WORK.match(part) for parts in pieces for part in parts)
    for parts in pieces:
        theirs = False
        for part in parts:
            theirs = bool(_OTHER_WORK.match(part)) or (theirs and without_by(part) == part)
            if whole or not theirs:
                yield part


def without_by(text: str) -> str:
    """A text without what stands before its name: "Written by", "Von", "Автор:"."""
    bare = _TWO_LABELS.sub("", _GLUED_BY.sub("", text.strip()))
    return _BY_ELSEWHERE.sub("", _WRITTEN_BY.sub("", _HAN_LABEL.sub("", bare)))


def says_by(text: str) -> bool:
    """Whether a text is what stands before a name: "Written by", "Von", "Автор:"."""
    return bool(
        _WRITTEN_BY.match(f"{text.strip()} x") or _BY_ELSEWHERE.match(f"{text.strip()} x y")
    )
