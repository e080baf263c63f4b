"""The bundled fictional news sites: their texts and templates become pages and sources."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from html import escape
from importlib.resources import files
from string import Template

WORDS = {  # of the templates, by language
    "en": {},
    "de": {
        "share": "Artikel teilen",
        "advert": "Anzeige",
        "more": "Mehr zum Thema",
        "comments": "Kommentare",
        "comment": "Schreiben Sie einen Kommentar",
        "send": "Absenden",
        "letter": "Abonnieren Sie unseren Newsletter und lesen Sie jeden Morgen das Beste.",
    },
    "fr": {
        "share": "Partager cet article",
        "advert": "Publicité",
        "more": "À lire aussi",
        "comments": "Commentaires",
        "comment": "Laissez un commentaire",
        "send": "Envoyer",
        "letter": "Inscrivez-vous à notre newsletter et recevez chaque matin l'essentiel.",
    },
}


@dataclass(frozen=True, slots=True)
class Text:
    """One article as its file has it: a head of `name: value` lines, then paragraphs."""

    slug: str
    title: str
    author: str
    age: timedelta  # before the demo began
    section: str
    tags: str
    paragraphs: tuple[str, ...] = field(repr=False)
    language: str = "en"

    @property
    def path(self) -> str:
        """Where the site has it."""
        return f"/news/{self.slug}" if self.language == "en" else f"/{self.language}/{self.slug}"


@dataclass(frozen=True, slots=True)
class Paper:
    """One site: its name, what it calls itself, its articles (newest first)."""

    name: str  # also the folder's
    masthead: str
    texts: tuple[Text, ...]

    def text(self, slug: str) -> Text:
        """The article of that name."""
        return next(text for text in self.texts if text.slug == slug)

    def edited(self, slug: str, old: str, new: str) -> "Paper":
        """The site after somebody has changed `old` to `new` in an article."""
        texts = tuple(_edit(text, old, new) if text.slug == slug else text for text in self.texts)
        return replace(self, texts=texts)


def papers() -> tuple[Paper, ...]:
    """The bundled sites."""
    names = {
        "harbour-post": "The Harbour Post",
        "valley-courier": "Valley Courier",
        "leuchtturm": "Leuchtturm",
    }
    return tuple(Paper(name, masthead, _texts(name)) for name, masthead in names.items())


def article_page(paper: Paper, text: Text, base: str, now: datetime) -> str:
    """The page of an article, in the site's own template; `base` is its origin."""
    template = Template(_file(paper.name, "article.html"))
    others = [other for other in paper.texts if other.language == text.language and other != text]
    body = [_paragraph(paragraph) for paragraph in text.paragraphs]
    return template.substitute(
        _fields(text, base, now),
        **WORDS[text.language],
        first="\n".join(body[:2]),
        rest="\n".join(body[2:]),
        related="".join(f'<li><a href="{o.path}">{escape(o.title)}</a></li>' for o in others[:4]),
    )


def front_page(paper: Paper, texts: tuple[Text, ...], feed: str | None) -> str:
    """A page that lists articles: the front page, or a section's."""
    alternate = f'<link rel="alternate" type="application/rss+xml" href="{feed}">' if feed else ""
    teasers = "\n".join(
        f'<div class="teaser"><h2><a href="{text.path}">{escape(text.title)}</a></h2>'
        f"<p>{escape(_lead(text))}</p></div>"
        for text in texts
    )
    return Template(_file("front.html")).substitute(
        name=paper.masthead, language=texts[0].language, alternate=alternate, teasers=teasers
    )


def _texts(name: str) -> tuple[Text, ...]:
    folder = files("crawler.demo").joinpath("sites", name, "articles")
    texts = [
        _text(file.name.removesuffix(".txt"), file.read_text("utf-8")) for file in folder.iterdir()
    ]
    return tuple(sorted(texts, key=lambda text: text.age))


def _text(slug: str, content: str) -> Text:
    head, *paragraphs = content.strip().split("\n\n")
    given = dict(line.split(": ", 1) for line in head.splitlines())
    return Text(
        slug=slug,
        title=given["title"],
        author=given["author"],
        age=timedelta(hours=int(given["age"].removesuffix("h"))),
        section=given["section"],
        tags=given["tags"],
        paragraphs=tuple(paragraphs),
        language=given.get("language", "en"),
    )


def _edit(text: Text, old: str, new: str) -> Text:
    return replace(text, paragraphs=tuple(p.replace(old, new) for p in text.paragraphs))


def _file(*path: str) -> str:
    return files("crawler.demo").joinpath("sites", *path).read_text("utf-8")


def _lead(text: Text) -> str:
    return text.paragraphs[0].split(". ")[0].rstrip(".") + "."


def _paragraph(paragraph: str) -> str:
    if paragraph.startswith("## "):
        return f"<h2>{escape(paragraph[3:])}</h2>"
    if paragraph.startswith("[box] "):
        return f'<div class="factbox"><p>{escape(paragraph[6:])}</p></div>'
    return f"<p>{escape(paragraph, quote=False)}</p>"


def _fields(text: Text, base: str, now: datetime) -> Mapping[str, str]:
    published = now - text.age
    return {
        "base": base,
        "path": text.path,
        "slug": text.slug,
        "title": escape(text.title),
        "author": escape(text.author),
        "section": escape(text.section),
        "tags": escape(text.tags),
        "language": text.language,
        "lead": escape(_lead(text)),
        "published": published.isoformat(timespec="seconds"),
        "shown": f"{published:%d.%m.%Y %H:%M}",
    }
