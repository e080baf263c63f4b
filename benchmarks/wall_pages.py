"""Generated pages: briefs among all that stands around them, and walls in vendors' shapes.

The words are in `walls.json`: ten languages, written for this and used for nothing else.
"""

import json
import random
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from models.items import Hint

WORDING: Final[dict[str, dict[str, Any]]] = json.loads(
    Path(__file__).with_name("walls.json").read_text(encoding="utf-8")
)
_DECLARED: Final = "<meta property='og:type' content='article'>"
_DATED: Final = "<meta property='article:published_time' content='2026-11-20T07:30:00Z'>"
_Wording = Mapping[str, Any]
PLACES: Final = (  # where a site has its articles
    "<main><article><h1>{t}</h1><div class='entry-content'>{b}</div>{i}</article></main>",
    "<div id='page'><div class='post'><h1>{t}</h1><div class='text'>{b}</div>{i}</div></div>",
    "<article class='story'><h1>{t}</h1>{b}{i}</article>",
    "<main><h1>{t}</h1><section class='body'>{b}</section></main>{i}",
)


class Made(NamedTuple):
    """A generated page."""

    name: str  # language and shape
    html: str
    hint: Hint
    wall: bool


def briefs(count: int, seed: int = 7) -> Iterator[Made]:
    """Honest briefs, each among other furniture."""
    draw = random.Random(seed)
    for n in range(count):
        language = list(WORDING)[n % len(WORDING)]
        yield _brief(language, WORDING[language], draw, n)


def walls() -> Iterator[Made]:
    """Each vendor's shape in each language."""
    for language, said in WORDING.items():
        for shape, (kind, make) in SHAPES.items():
            title, text = said["walls"][kind]
            hint = Hint(said["titles"][0], source="feed")
            for known in (Hint(), hint):
                html = make(language, title, text, said)
                yield Made(f"{language} {shape}", html, known, wall=True)


# ---------------------------------------------------------------- briefs


def brief_in(language: str, place: str, title: str, draw: random.Random) -> str:
    """An honest brief's page in one of PLACES, under this title."""
    return _brief(language, WORDING[language], draw, 0, place, title).html


def _brief(
    language: str,
    said: _Wording,
    draw: random.Random,
    n: int,
    place: str | None = None,
    title: str | None = None,
) -> Made:
    trap = draw.randrange(len(said["traps"])) if draw.random() < 0.7 else None
    lines = draw.sample(said["news"], draw.randint(1, 4))
    if trap is not None:
        lines.insert(draw.randrange(len(lines) + 1), said["traps"][trap])
    while len(lines) < 2:
        lines.append(next(line for line in said["news"] if line not in lines))
    title = title or said["titles"][draw.randrange(len(said["titles"]))]
    cut = draw.randint(1, len(lines) - 1)
    parts = [" ".join(lines[:cut]), " ".join(lines[cut:])]
    body = "".join(f"<p>{part}</p>" for part in parts)
    head, foot = _furniture(said, draw)
    dated = draw.random() < 0.7
    declared = draw.random() < 0.6
    meta = _DECLARED * declared + _DATED * dated
    place = place or draw.choice(PLACES)
    inner = _behind(said, draw)
    story = place.format(t=title, b=body, i=inner)
    page = (
        f"<!doctype html><html lang={language}><head><title>{title} | Harbour Post</title>{meta}"
        f"</head><body>{head}{story}{foot}</body></html>"
    )
    hint = Hint(title, source="feed") if draw.random() < 0.5 else Hint()
    return Made(f"{language} brief {n}", page, hint, wall=False)


def _furniture(said: _Wording, draw: random.Random) -> tuple[str, str]:
    menu = "".join(f"<li><a href='/{n}'>{said['menu']} {n}</a></li>" for n in range(4))
    head = [f"<header class='site-header'><a href='/'>Harbour Post</a><nav><ul>{menu}</ul></nav>"]
    if draw.random() < 0.5:
        head.append(f"<a class='account' href='/login'>{said['subscriber']}</a>")
    head.append("</header>")
    if draw.random() < 0.5:
        kind = draw.choice(["cookie-bar", "notice", "cmp-banner"])
        button = f"<button>{said['walls']['consent'][0]}</button>"
        head.append(f"<div class='{kind}'><p>{said['bar']}</p>{button}</div>")
    foot = ["<footer class='site-footer'>"]
    if draw.random() < 0.5:
        foot.append(f"<a href='/privacy'>{said['privacy']}</a>")
    if draw.random() < 0.5:
        foot.append(f"<p>{said['consent']}</p>")
    foot.append("<p>© 2026 Harbour Post</p></footer>")
    if draw.random() < 0.3:
        foot.append(f"<div class='consent-layer' role='dialog'><p>{said['consent']}</p></div>")
    return "".join(head), "".join(foot)


def _behind(said: _Wording, draw: random.Random) -> str:
    found = []
    if draw.random() < 0.4:
        found.append(f"<aside class='subscribe'><p>{said['aside']}</p></aside>")
    if draw.random() < 0.4:
        found.append(f"<p class='comment-login'><a href='/login'>{said['comment']}</a></p>")
    if draw.random() < 0.6:
        offer = f"<p class='offer'>{said['offer']}</p>" if draw.random() < 0.5 else ""
        only = f"<span class='flag'>{said['only']}</span>"
        card = f"<li><a href='/x'><h3>{said['story']}</h3></a>{only}</li>"
        cards = f"<h2>{said['related']}</h2><ul>{card * 3}</ul>"
        found.append(f"<section class='related'>{cards}{offer}</section>")
    draw.shuffle(found)
    return "".join(found)


# ---------------------------------------------------------------- walls


def _page(language: str, title: str, body: str, head: str = "") -> str:
    return (
        f"<!doctype html><html lang={language}><head><title>{title}</title>{head}</head>"
        f"<body>{body}</body></html>"
    )


def _site(said: _Wording) -> str:
    menu = "".join(f"<li><a href='/{n}'>{said['menu']} {n}</a></li>" for n in range(5))
    return f"<header><a href='/'>Harbour Post</a><nav><ul>{menu}</ul></nav></header>"


_Shape = Callable[[str, str, str, _Wording], str]


def _bare(language: str, title: str, text: str, said: _Wording) -> str:
    del said
    return _page(language, title, f"<center><h1>{title}</h1></center><hr><p>{text}</p>")


def _challenge(language: str, title: str, text: str, said: _Wording) -> str:
    del said
    robots = "<meta name='robots' content='noindex,nofollow'>"
    inner = f"<h1 class='zone-name-title'>paper.example</h1><p class='h2'>{text}</p>"
    foot = "<div class='footer'><p>Ray ID: <code>8f3a2b11c9d04e77</code></p></div>"
    return _page(
        language, title, f"<div class='main-wrapper'><div>{inner}</div>{foot}</div>", robots
    )


def _dialog(language: str, title: str, text: str, said: _Wording) -> str:
    buttons = f"<button>{said['privacy']}</button><button>OK</button>"
    box = f"<div class='box' role='dialog'><h2>{title}</h2><p>{text}</p>{buttons}</div>"
    return _page(language, "Harbour Post", f"<div id='sp_message'>{box}</div>")


def _consent_form(language: str, title: str, text: str, said: _Wording) -> str:
    form = f"<form action='/consent' method='post'><button>{said['privacy']}</button></form>"
    main = f"<main><h1>{title}</h1><p>{text}</p>{form}</main>"
    return _page(language, f"{title} - Harbour Post", main)


def _in_site(language: str, title: str, text: str, said: _Wording) -> str:
    foot = f"<footer><p>© 2026 Harbour Post</p><a href='/privacy'>{said['privacy']}</a></footer>"
    main = f"<main><div class='message'><h1>{title}</h1><p>{text}</p></div></main>"
    return _page(language, f"{title} | Harbour Post", f"{_site(said)}{main}{foot}")


def _login_form(language: str, title: str, text: str, said: _Wording) -> str:
    fields = "<input type='email'><input type='password'><button>OK</button>"
    form = f"<form class='login' method='post'><p>{text}</p>{fields}</form>"
    return _page(language, title, f"{_site(said)}<main><h1>{title}</h1>{form}</main>")


def _meter(language: str, title: str, text: str, said: _Wording) -> str:
    lead, story = said["news"][0][:-9] + " …", said["titles"][0]
    wall = f"<div class='paywall'><h2>{title}</h2><p>{text}</p><button>OK</button></div>"
    body = f"<main><article><h1>{story}</h1><p>{lead}</p>{wall}</article></main>"
    return _page(language, f"{story} | Harbour Post", f"{_site(said)}{body}", _DECLARED + _DATED)


def _meter_whole(language: str, title: str, text: str, said: _Wording) -> str:
    lead, story = said["news"][0], said["titles"][0]
    wall = f"<div class='article__meter'><p>{text}</p><a href='/subscribe'>{title}</a></div>"
    free = '{"@context":"https://schema.org","@type":"NewsArticle","isAccessibleForFree":false}'
    head = f"<script type='application/ld+json'>{free}</script>"
    text = f"<div class='article__body'><p>{lead}</p></div>"
    body = f"<article class='article'><h1>{story}</h1>{text}{wall}</article>"
    return _page(language, f"{story} | Harbour Post", f"{_site(said)}{body}", head)


def _cookie_wall_of_an_article(language: str, title: str, text: str, said: _Wording) -> str:
    story = said["titles"][1]
    head = f"{_DECLARED}<meta property='og:title' content='{story}'>"
    box = f"<div class='pur'><h2>{title}</h2><p>{text}</p><button>OK</button></div>"
    return _page(language, f"{story} | Harbour Post", f"<main>{box}</main>", head)


SHAPES: Final[dict[str, tuple[str, _Shape]]] = {
    "proxy challenge": ("challenge", _challenge),
    "bot manager": ("challenge", _bare),
    "captcha in a site's page": ("challenge", _in_site),
    "consent dialog": ("consent", _dialog),
    "consent page": ("consent", _consent_form),
    "consent in a site's page": ("consent", _in_site),
    "consent over an article's head": ("consent", _cookie_wall_of_an_article),
    "login form": ("login", _login_form),
    "login page": ("login", _in_site),
    "meter behind a broken lead": ("metered", _meter),
    "meter behind a lead": ("metered", _meter_whole),
    "subscribe page": ("metered", _in_site),
    "not found, bare": ("missing", _bare),
    "not found, in a site's page": ("missing", _in_site),
    "error, bare": ("error", _bare),
    "error, in a site's page": ("error", _in_site),
    "maintenance": ("maintenance", _bare),
    "maintenance, in a box": ("maintenance", _dialog),
    "too many requests": ("rate", _bare),
    "region": ("region", _in_site),
    "region, bare": ("region", _bare),
    "old browser": ("browser", _dialog),
    "ad blocker": ("adblock", _dialog),
    "parked domain": ("parked", _bare),
}
