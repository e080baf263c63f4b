"""Pairs of items of one template, made up: other names, places and numbers, published one day.

Election results, forecasts and company figures in many languages, 40 to 400 words an item (in
scripts without spaces, two characters count as a word), up to two thirds of the sentences the same.
"""

import random
import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from models.text import is_spaceless
from pipelines.duplicates.similarity import Similarity, same_story
from pipelines.duplicates.sketch import tokens

SENTENCES: Final = Path(__file__).with_name("templates.toml")
LEAST, MOST = 40, 400  # words of an item
ABOUT: Final = ("place", "name", "group")
DAY: Final = datetime(2026, 11, 20, 8, tzinfo=UTC)

Values = Mapping[str, list[str]]  # names, places and the like, by what they are


class Item(NamedTuple):
    """One item of a template."""

    title: str
    text: str


class TemplatePair(NamedTuple):
    """Two items of one template."""

    language: str
    one: Item
    other: Item

    @property
    def found(self) -> Similarity:
        """What the comparison makes of them."""
        return same_story(*self.one, DAY, *self.other, DAY)


def made_up(count: int, seed: int = 0) -> Iterator[TemplatePair]:
    """So many pairs, the languages, topics and lengths in turn."""
    known = tomllib.loads(SENTENCES.read_text(encoding="utf-8"))
    for index in range(count):
        chance = random.Random(f"{seed} {index}")
        language = sorted(known)[index % len(known)]
        topic = chance.choice(known[language]["topics"])
        size = round(LEAST * (MOST / LEAST) ** chance.random())
        values = {
            name: chance.sample(known[language][name], len(known[language][name]))
            for name in (*(f"{name}s" for name in ABOUT), "words")
        }
        halves = [{name: given[half::2] for name, given in values.items()} for half in (0, 1)]
        frame = _frame(topic, values, size, chance)
        yield TemplatePair(
            language, *(_item(topic["title"], frame, half, chance) for half in halves)
        )


def word_count(text: str) -> int:
    """Words; of scripts without spaces, half of the characters."""
    words = tokens(text)
    return len(words) - sum(map(is_spaceless, "".join(w for w in words if len(w) == 1))) // 2


def _frame(topic: Mapping[str, Any], values: Values, size: int, chance: random.Random) -> list[str]:
    """The sentences of a template of about so many words: what its items fill, and what is fixed.

    Up to six of ten of those that repeat are filled already, as the background of both items.
    """
    frame, repeated = [*topic["open"]], chance.sample(topic["each"], 2)
    fixed, background = chance.sample(topic["fixed"], chance.randint(0, 2)), chance.uniform(0, 0.6)
    while word_count(" ".join((*frame, *fixed))) < size:
        sentence = repeated[len(frame) % 2]
        if chance.random() < background:
            sentence = sentence.format(**_details(values, chance))
        frame.append(sentence)
    for sentence in fixed:
        frame.insert(chance.randint(1, len(frame)), sentence)
    return frame


def _details(values: Values, chance: random.Random) -> dict[str, object]:
    """What a sentence says beside what its item is about."""
    return {
        **{f"{name}2": chance.choice(values[f"{name}s"][1:]) for name in ABOUT},
        "w": chance.choice(values["words"]),
        "n": chance.randint(11, 99) * 100 + chance.randint(0, 99),
        "m": chance.randint(101, 999),
        "p": f"{chance.randint(11, 79)}.{chance.randint(1, 9)}",
    }


def _item(title: str, frame: list[str], values: Values, chance: random.Random) -> Item:
    """The template filled with values of its own."""
    about = {name: values[f"{name}s"][0] for name in ABOUT}
    told = [sentence.format(**about, **_details(values, chance)) for sentence in frame]
    paragraphs = [" ".join(told[at : at + 3]) for at in range(0, len(told), 3)]
    return Item(title.format(**about), "\n\n".join(paragraphs))
