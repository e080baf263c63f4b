"""The pages that are crawled: real ones made into one site, or generated ones of like size.

There are 45 real pages of nine publishers. A site of 360 is made of eight editions of each: from
the second on, the longer words of what only this page says change places, the same way in its
markup and its JSON-LD, so that no edition is a duplicate of another. What several pages share
(navigation, notices, teasers) stays, as it does on a real site.
"""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from benchmarks.pages import BENCH, Sample, samples

ORIGIN: Final = "http://origin.invalid"  # in the bodies, replaced by the server's own address
REAL_BYTES: Final = 416_000  # mean of the real pages: what generated ones are like
SMALL_PAGES: Final = 3  # of each of the small sites
_SCRIPT: Final = re.compile(rb"(?is)(<(script|style)\b[^>]*>.*?</\2\s*>)")
_TEXT: Final = re.compile(rb">([^<>]{30,})<|content=\"([^\"<>]{60,})\"")
_JSON: Final = re.compile(rb"\"((?:[^\"\\]|\\.){60,})\"")
_WORD: Final = re.compile(rb"(?<![&\\\w])[A-Za-z]{6,}")
_NOUNS: Final = (
    "harbour", "council", "school", "railway", "hospital", "bakery", "library", "stadium",
    "museum", "orchard", "bridge", "theatre", "reservoir", "market", "quarry", "lighthouse",
)  # fmt: skip
_VERBS: Final = (
    "closes for repairs", "asks for another loan", "is praised by visitors", "opens its doors",
    "loses a third of its budget", "waits for the court", "survives the storm", "changes hands",
)  # fmt: skip
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"


class Body(NamedTuple):
    """A page of the site."""

    path: str
    html: bytes


def one_site(count: int, *, real: bool | None = None) -> tuple[str, list[Body]]:
    """What the pages are, in words, and `count` of them; `real` None: real ones if they are here.

    Raises FileNotFoundError where real ones are asked for and missing.
    """
    if real is None:
        real = (BENCH / "sites" / "truth.jsonl").is_file()
    if not real:
        return "generated pages", [generated(n, REAL_BYTES) for n in range(count)]
    pages = _mixed(list(samples("sites")))
    said = texts_of(pages)
    bodies = (
        edition(pages[number % len(pages)], number // len(pages), said) for number in range(count)
    )
    return f"{len(pages)} real pages in editions", list(bodies)


def write(folder: Path, bodies: Sequence[Body]) -> list[Path]:
    """Files of the bodies, for those who read them from disk."""
    folder.mkdir(parents=True)
    paths = [folder / f"{number:06}.html" for number in range(len(bodies))]
    for path, body in zip(paths, bodies, strict=True):
        path.write_bytes(body.html)
    return paths


def small_site(number: int, pages: int) -> list[Body]:
    """The few short pages of one of many sites, with a template and words of its own."""
    return [generated(number * 1000 + n, 24_000, f"site{number}") for n in range(pages)]


def generated(number: int, size: int, template: str = "story") -> Body:
    """A page of about `size` bytes: prose of its own, teasers, navigation, and scripts."""
    chance = random.Random(f"{template}/{number}")
    path = f"/{template}/story-{number}"
    title = f"{_name(chance)} {chance.choice(_NOUNS)} {chance.choice(_VERBS)}"
    prose = "".join(f"<p>{_paragraph(chance)}</p>\n" for _ in range(12))
    links = "".join(
        f'<li><a href="{ORIGIN}/{template}/story-{max(0, number - n)}">{_name(chance)} decides'
        f" on the {chance.choice(_NOUNS)}</a></li>\n"
        for n in range(1, 9)
    )
    sections = "".join(f'<li><a href="/{noun}">{noun}</a></li>' for noun in _NOUNS)
    top = f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<link rel="canonical" href="{ORIGIN}{path}"><meta property="og:title" content="{title}">
<meta property="article:published_time" content="2026-03-{number % 28 + 1:02}T08:30:00+00:00">
</head><body><header><nav><ul>{sections}</ul></nav></header><main>
<article class="{template}"><h1>{title}</h1><p class="by">By {_name(chance)} {_name(chance)}</p>
<div class="{template}-body">{prose}<p>Our newsroom answers to nobody but its readers.</p></div>
</article><aside class="more"><h2>Read also</h2><ul>{links}</ul></aside></main>
<footer><p>Imprint and contact of the District Herald</p></footer>
"""
    left = max(0, size - len(top))
    boxes = "".join(
        f'<div class="box b{n % 7}"><span class="l">{chance.choice(_NOUNS)}</span>'
        f'<a href="/go/{n}"><img src="/i/{n}.jpg" alt=""></a></div>\n'
        for n in range(left // 3 // 90)
    )
    state = ",".join(f'"{chance.getrandbits(40):x}":{n}' for n in range(left * 2 // 3 // 17))
    return Body(path, f"{top}{boxes}<script>var s={{{state}}}</script></body></html>".encode())


def _mixed(pages: list[Sample]) -> list[Sample]:
    """The publishers in turn, so that the first pages are of all of them."""
    rank: Counter[str] = Counter()
    turns = []
    for page in pages:
        turns.append((rank[page.site], page))
        rank[page.site] += 1
    return [page for _, page in sorted(turns, key=lambda turn: turn[0])]


def texts_of(pages: Sequence[Sample]) -> Counter[bytes]:
    """The longer texts of pages, each with the number of pages that show it."""
    return Counter(text for page in pages for text in set(_texts(page.body)))


def edition(page: Sample, number: int, said: Counter[bytes]) -> Body:
    """One edition of a real page at its own address; the first, 0, says what the page says."""
    path = f"/{page.site.lower()}/{number}/{urlsplit(page.url).path.strip('/')}"
    html = page.body.replace(page.url.encode(), f"{ORIGIN}{path}".encode())
    if not number:
        return Body(path, html)
    own = [text for text in set(_texts(page.body)) if said[text] == 1]
    words = sorted({word.lower() for text in own for word in _WORD.findall(text)})
    moved = list(words)
    random.Random(f"{page.id}/{number}").shuffle(moved)
    other: dict[bytes, bytes] = dict(zip(words, moved, strict=True))

    def word(found: re.Match[bytes]) -> bytes:
        old: bytes = found[0]
        new = other.get(old.lower(), old)
        return new.capitalize() if old[:1].isupper() else new

    def text(found: bytes) -> bytes:
        return _WORD.sub(word, found) if said[found] <= 1 else found

    return Body(path, _with_texts(html, text))


def _texts(html: bytes) -> Iterator[bytes]:
    found: list[bytes] = []

    def note(text: bytes) -> bytes:
        found.append(text)
        return text

    _with_texts(html, note)
    return iter(found)


def _with_texts(html: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """The page with every longer text of its markup and its JSON-LD changed."""

    def inside(found: re.Match[bytes]) -> bytes:
        text: bytes = found[1] or found[2] if found.re is _TEXT else found[1]
        if text.count(b" ") < 4 or b"://" in text:
            return bytes(found[0])
        return bytes(found[0].replace(text, change(text)))

    parts = _SCRIPT.split(html)  # markup, script, its tag, markup, ...
    for at in range(0, len(parts), 3):
        parts[at] = _TEXT.sub(inside, parts[at])
    for at in range(1, len(parts), 3):
        if b"ld+json" in parts[at][:200]:
            parts[at] = _JSON.sub(inside, parts[at])
    return b"".join(part for at, part in enumerate(parts) if at % 3 < 2)


def _name(chance: random.Random) -> str:
    return "".join(chance.choices(_LETTERS, k=chance.randint(4, 9))).capitalize()


def _paragraph(chance: random.Random) -> str:
    return " ".join(
        f"The {chance.choice(_NOUNS)} of {_name(chance)} {chance.choice(_VERBS)}, said"
        f" {_name(chance)} {_name(chance)}, who {chance.choice(_VERBS)} in {_name(chance)}."
        for _ in range(4)
    )
