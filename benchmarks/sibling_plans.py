"""What a sibling page is to say: its kind, title, date, byline and paragraphs."""

import itertools
import random
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from benchmarks.sibling_model import Model
from benchmarks.sibling_pool import LONGEST, Lender
from benchmarks.wall_pages import WORDING
from models.text import written_words

KINDS: Final = {"ordinary": 70, "brief": 8, "interview": 5, "list": 7, "box": 10}  # per cent
_FEWEST, _MOST = 3, 20  # paragraphs of an ordinary story
_BRIEF: Final = 60  # words of a paragraph
_TEASER: Final = 30  # words of what is said of another story
_AUTHORS: Final = 12  # who write for a site
_OTHERS: Final = 8  # stories that teasers point to without being pages of the generated site
_DATE: Final = re.compile(r"((?:19|20)\d\d[/-]\d\d[/-])\d\d(?!\d)")
_LONG_NUMBER: Final = re.compile(r"(?<!\d)(?!(?:19|20)\d\d(?!\d))\d{4,}")
_WORDS: Final = re.compile(  # of a title, before a number
    r"[^\W\d_]+(?:[-_][^\W_]+){2,}?(?=(?:[-_][a-z]*\d{5,})?(?:\.\w+)?$)"
)
_MOVED_IN: Final = 4  # stories in the story's former container


@dataclass(frozen=True, slots=True)
class Plan:
    """What one page says. `seed` draws all that is no word of it."""

    kind: str
    seed: str = field(repr=False)
    title: str
    url: str
    author: str
    day: int
    clock: str
    paragraphs: tuple[str, ...] = field(repr=False)  # of the story's container
    leads: tuple[str, ...] = field(repr=False)  # of paragraphs outside it
    headings: tuple[str, ...] = field(repr=False)
    items: tuple[str, ...] = field(repr=False)  # of lists and tables
    captions: tuple[str, ...] = field(repr=False)
    others: tuple[tuple[str, str], ...] = field(repr=False)  # stories: title and beginning
    teasers: tuple[str, ...] = field(repr=False, default=())  # titles; none: they stay
    said: tuple[str, ...] = field(repr=False, default=())  # of those stories


def authors(draw: random.Random) -> list[str]:
    """Names that nobody has."""
    return [
        f"{''.join(draw.choices(_ONSETS)).title()}{draw.choice(_RIMES)} "
        f"{draw.choice(_ONSETS).title()}{draw.choice(_RIMES)}{draw.choice(_CODAS)}"
        for _ in range(_AUTHORS)
    ]


_ONSETS: Final = ("b", "br", "d", "f", "g", "h", "j", "k", "l", "m", "n", "p", "r", "s", "t", "v")
_RIMES: Final = ("arin", "ela", "imo", "ona", "essa", "arlo", "ida", "enno")
_CODAS: Final = ("dt", "man", "berg", "sen", "ley", "ton")


def plans(model: Model, lender: Lender, count: int) -> list[Plan]:
    """The plans of so many pages of a site, which tease each other's stories."""
    draw = random.Random(f"plans {model.sample.id}")
    names = authors(draw)
    made = [
        _plan(model, lender, f"{model.sample.id} {n}", draw.choice(names)) for n in range(count)
    ]
    more = [(lender.title(), said) for said in lender.paragraphs(_OTHERS, _TEASER)]
    stories = [*((plan.title, _beginning(plan.paragraphs[0])) for plan in made), *more]
    count_of = Counter(plan.url for plan in made)
    made = [
        replace(plan, url=f"{plan.url}-{n}") if count_of[plan.url] > 1 else plan
        for n, plan in enumerate(made)
    ]
    anew = draw.random() < 0.5  # whether the model's own teasers are those of each page
    return [
        replace(
            _with_teasers(plan, stories, len(model.teasers) * anew, draw),
            others=tuple(draw.sample(more, _MOVED_IN)),
        )
        for plan in made
    ]


def _with_teasers(
    plan: Plan, stories: list[tuple[str, str]], count: int, draw: random.Random
) -> Plan:
    """The plan with so many other stories that the page shows beside its own."""
    others = [story for story in stories if story[0] != plan.title]
    draw.shuffle(others)
    shown = list(itertools.islice(itertools.cycle(others), count))
    return replace(
        plan, teasers=tuple(title for title, _ in shown), said=tuple(text for _, text in shown)
    )


def _beginning(paragraph: str) -> str:
    """What is said of a story elsewhere: the first words of it, never the whole paragraph."""
    parts = paragraph.split()
    return f"{' '.join(parts[: min(_TEASER, 2 * len(parts) // 3)])} …"


def _plan(model: Model, lender: Lender, seed: str, author: str) -> Plan:
    draw = random.Random(f"plan {seed}")
    (kind,) = draw.choices(tuple(KINDS), tuple(KINDS.values()))
    title, paragraphs = _story(kind, lender, draw)
    day = draw.randint(1, 28)
    short = kind in {"brief", "interview"}
    outside = sum(slot.kind == "paragraph" and not slot.inside for slot in model.slots)
    headings = sum(slot.kind == "heading" and not (slot.inside and short) for slot in model.slots)
    items = sum(slot.kind in {"item", "table"} for slot in model.slots)
    return Plan(
        kind,
        seed,
        title,
        url_like(model.sample.url, title, day, draw),
        author,
        day,
        f"{draw.randint(7, 21):02}:{draw.randint(0, 59):02}",
        tuple(paragraphs),
        tuple(lender.paragraphs(outside, _BRIEF)),
        tuple(lender.headings(headings)),
        tuple(lender.lines(max(items, 24 if kind == "list" else 0))),
        tuple(lender.lines(len(model.captions))),
        (),
    )


def _story(kind: str, lender: Lender, draw: random.Random) -> tuple[str, list[str]]:
    if kind == "brief":
        return lender.story(draw.randint(1, 2), _BRIEF)
    if kind == "interview":
        return lender.title(), lender.lines(2 * draw.randint(5, 14))
    length = round(draw.lognormvariate(2.1, 0.5))
    return lender.story(min(_MOST, max(_FEWEST, length)), LONGEST)


def url_like(url: str, title: str, day: int, draw: random.Random) -> str:
    """The address of another story of the site: other words and numbers in its last parts."""
    parts = urlsplit(url)
    segments = [_renumbered(segment, draw) for segment in parts.path.split("/")]
    longest = max(range(len(segments)), key=lambda n: len(segments[n]))
    segments[longest] = _WORDS.sub(lambda _: _slug(title), segments[longest], count=1)
    path = "/".join(segments)
    query = re.sub(r"\d{3,}", lambda found: _number(found[0], draw), parts.query)
    if (path, query) == (parts.path, parts.query):
        path = f"{path.rstrip('/')}/{_slug(title)}"
    path = _DATE.sub(rf"\g<1>{day:02}", path)
    return urlunsplit((parts.scheme, parts.netloc, path, query, ""))


def _renumbered(text: str, draw: random.Random) -> str:
    """Other numbers of four digits and more, but for years."""
    return _LONG_NUMBER.sub(lambda found: _number(found[0], draw), text)


def _number(old: str, draw: random.Random) -> str:
    return old[0] + "".join(str(draw.randint(0, 9)) for _ in old[1:])


def _slug(title: str) -> str:
    return "-".join(written_words(title.lower()))[:80].strip("-")


def call_of(language: str) -> str:
    """Two sentences that ask readers to subscribe."""
    said = WORDING[language]
    return f"{said['aside']} {said['walls']['login'][1].split('?')[0].rstrip('.')}."


def paywall_of(language: str) -> str:
    """What a page says in the place of the rest of its story."""
    return str(WORDING[language]["walls"]["metered"][1])
