"""Generated sites whose stories have true recurring texts, and furniture inside of the body."""

import json
import random
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Final, NamedTuple

_TEXTS: Final = json.loads(
    Path(__file__).with_name("recurring_texts.json").read_text(encoding="utf-8")
)
LANGUAGES: Final = tuple(_TEXTS)
SERIES: Final = (
    "interview", "recipe", "horoscope", "live", "column", "closing", "chapters", "results"
)  # fmt: skip
FURNITURE: Final = (
    "newsletter", "support", "app", "follow", "bio", "rights", "correction", "produced"
)  # fmt: skip
_LAST: Final = frozenset({"bio", "rights", "correction", "produced"})  # after the last paragraph
_LINKED: Final = frozenset({"newsletter", "support", "app", "follow", "correction"})
_NO_SPACES: Final = frozenset({"ja", "zh"})
_SHAPES: Final = (
    '<header class="top"><a href="/">{site}</a></header><main><article><h1>{title}</h1>'
    '<div class="entry-content {own}">{body}</div></article></main><footer><p>{site}</p></footer>',
    '<div id="top"><a href="/">{site}</a></div><div class="page"><h1>{title}</h1>'
    '<section class="{own}">{body}</section></div><div id="bottom">{site}</div>',
    '<div><ul><li><a href="/a">{site}</a></li></ul></div><article class="story"><h1>{title}</h1>'
    '{body}</article><aside class="{own}"><a href="/b">{site}</a></aside>',
)


class Built(NamedTuple):
    """A page of a generated site, with what must be in its text and what must not."""

    url: str
    body: bytes
    true: tuple[str, ...]
    furniture: tuple[tuple[str, str], ...]  # its kind, its text


class Plan(NamedTuple):
    """A site that is to be generated."""

    language: str
    series: str
    bold: bool  # headings are bold paragraphs
    whole: bool  # every page is of the series; else two in five, with a container of their own
    number: int


def plans() -> Iterator[Plan]:
    """Every kind of series in every language, alone on its site and among other stories."""
    number = 0
    for language in LANGUAGES:
        for series in SERIES:
            for whole in (False, True):
                if whole and series in {"column", "closing"}:
                    continue  # on every page, no one could tell them from furniture
                number += 1
                yield Plan(language, series, number % 3 > 0, whole, number)


def pages(plan: Plan) -> list[Built]:
    """The site's pages."""
    texts, dice = _TEXTS[plan.language], random.Random(plan.number)
    chosen = sorted(dice.sample(FURNITURE, 3), key=FURNITURE.index)
    linked = {kind for kind in chosen if kind in _LINKED and dice.random() < 0.7}
    shape = dice.choice(_SHAPES)
    count = 10 if plan.whole else 20
    found = []
    for i in range(count):
        of_series = plan.whole or i % 5 < 2
        parts, true = _story(plan, texts, dice, of_series)
        for kind in chosen:
            _furnish(parts, kind, texts[kind], kind in linked, dice)
        title = _prose(plan.language, texts, dice, 7)
        own = plan.series if of_series and not plan.whole else "plain"
        body = shape.format(
            site=f"Paper {plan.number}", title=escape(title), own=own, body="".join(parts)
        )
        page = f'<!doctype html><html lang="{plan.language}"><head><title>{escape(title)}</title>'
        page += f'<meta property="og:type" content="article"></head><body>{body}</body></html>'
        url = f"https://paper{plan.number}.example/2026/story-{i}-{dice.getrandbits(32):x}"
        furniture = tuple((kind, texts[kind]) for kind in chosen)
        found.append(Built(url, page.encode(), tuple(true), furniture))
    return found


def _story(
    plan: Plan, texts: dict[str, list[str]], dice: random.Random, of_series: bool
) -> tuple[list[str], list[str]]:
    """A story's pieces of markup, and its recurring texts."""

    def paragraph() -> str:
        prose = (_prose(plan.language, texts, dice, 12, str(texts["end"])) for _ in range(3))
        return f"<p>{escape(_joiner(plan.language).join(prose))}</p>"

    def heading(text: str) -> str:
        inner = f"<strong>{escape(text)}</strong>"
        return f"<p>{inner}</p>" if plan.bold else f"<h3>{escape(text)}</h3>"

    parts, true = [paragraph()], list[str]()
    if not of_series:
        return parts + [paragraph() for _ in range(dice.randint(4, 7))], true
    headings: Sequence[str] = {
        "interview": texts["questions"], "recipe": texts["recipe"], "horoscope": texts["signs"],
        "chapters": texts["chapters"], "live": [str(texts["live"])],
    }.get(plan.series, [])  # fmt: skip
    for text in headings:
        parts += [heading(text), paragraph()]
        true.append(text)
    parts += [paragraph() for _ in range(dice.randint(2, 4))]
    if plan.series == "results":
        rows = [f"{name} {dice.randint(10, 999)} {texts['votes']}" for name in texts["names"]]
        items = "".join(f"<li>{row}</li>" for row in rows)
        parts.insert(2, f"<ul>{items}</ul>")
        true += rows
    elif plan.series == "column":
        parts.insert(0, f"<p>{escape(str(texts['column']))}</p>")
        true.append(str(texts["column"]))
    elif plan.series == "closing":
        parts.append(f"<p>{escape(str(texts['closing']))}</p>")
        true.append(str(texts["closing"]))
    return parts, true


def _furnish(parts: list[str], kind: str, text: str, linked: bool, dice: random.Random) -> None:
    inner = escape(text)
    if linked:
        middle = len(inner) // 3
        inner = f'{inner[:middle]}<a href="/{kind}">{inner[middle:]}</a>'
    after = [i for i, part in enumerate(parts) if i and part.startswith("<p>")]  # as systems count
    at = len(parts) if kind in _LAST else dice.choice(after[:-1] or after)
    parts.insert(at, f"<p>{inner}</p>")


def _prose(
    language: str, texts: dict[str, list[str]], dice: random.Random, length: int, end: str = ""
) -> str:
    words = str(texts["words"]).split()
    chosen = dice.choices(words, k=dice.randint(length - 3, length + 4))
    joiner, comma = _joiner(language), "、" if language in _NO_SPACES else ", "
    half = len(chosen) // 2
    said = f"{joiner.join(chosen[:half])}{comma if end else joiner}{joiner.join(chosen[half:])}"
    return said[:1].upper() + said[1:] + end


def _joiner(language: str) -> str:
    return "" if language in _NO_SPACES else " "
