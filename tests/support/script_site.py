"""A site whose pages are one shell: their text, in three scripts, comes by JavaScript."""

import json

from tests.support.desk import Desk
from tests.support.site_server import XML, SiteServer, sitemap

LINES = {
    "mill": [
        "The old mill on the island turned again on Monday, thirty years after it had stopped.",
        "Two carpenters from the mainland had worked on the wheel since autumn, mostly at night.",
        "The council paid for the oak; the rest was given by readers of this newspaper, it said.",
        "Bread from its flour will be sold at the harbour on Saturdays, as long as there is some.",
    ],
    "паром": [
        "Ночной паром между портом и островом снова пойдёт в июне, сообщила компания.",
        "Пассажиры годами жаловались на опоздания, и совет трижды просил о новом расписании.",
        "Первый рейс отходит в четверть десятого, сказал капитан, и на причале никто не останется.",
        "Билеты стоят столько же, сколько и раньше, а дети до двенадцати лет едут бесплатно.",
    ],
    "水車": [
        "島の古い水車が月曜日、三十年ぶりに再び回り始めた。最後の粉屋が去って以来のことである。",
        "本土から来た二人の大工が、秋からほとんど夜のあいだ、この水車の修理を続けてきたという。",
        "町議会は樫の木の代金を払い、残りの費用は本紙の読者から寄せられた寄付でまかなわれた。",
        "水車でひいた粉のパンは、毎週土曜日に港の市場で売られる予定だと町の担当者は話している。",
    ],
}
SHELL = (
    '<!doctype html><html><head><title>News</title></head><body><div id="root">Loading</div>'
    '<script src="/app.js"></script></body></html>'
)
APP = """
const root = document.querySelector('#root');
if (location.pathname === '/') {
  const link = n => `<a href="/news/story-${n}">What the island said of it, part ${n}</a>`;
  root.innerHTML = [0, 1, 2].map(link).join(' ');
} else {
  fetch('/api' + location.pathname).then(r => r.json()).then(story => {
    document.title = story.title;
    root.innerHTML = '<article><h1>' + story.title + '</h1>'
      + story.lines.map(line => '<p>' + line + '</p>').join('') + '</article>';
  });
}
"""


def put_up(site: SiteServer) -> list[str]:
    """A site of one shell and three stories; their paths."""
    site.page("/app.js", APP, content_type="text/javascript")
    paths = []
    for number, (title, lines) in enumerate(LINES.items()):
        path = f"/news/story-{number}"
        story = json.dumps({"title": f"{title} {title}", "lines": lines})
        site.page(path, SHELL, headers={"ETag": '"shell"'})
        site.page(f"/api{path}", story, content_type="application/json")
        paths.append(path)
    site.page("/", SHELL)
    site.page("/sitemap.xml", sitemap(site.url + path for path in paths), content_type=XML)
    return paths


def describe(desk: Desk, site: SiteServer, *, browser: bool = True, sources: bool = True) -> None:
    """Writes the site's file, with its sitemap or none, as `isle`."""
    named = f'[sources]\nsitemaps = ["{site.url}/sitemap.xml"]\n' if sources else ""
    fetch = f"[fetch]\ndelay = 0.01\nbrowser = {str(browser).lower()}\n"
    desk.write_site("isle", f"{site.url}/", named + fetch)
