"""Words of the true texts of real pages are found, in each language, on each database."""

import json
import random
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import pytest

from models.articles import search_newest
from models.articles.search import by_words
from models.articles.search_query import parse
from models.articles.search_terms import characters, is_unspaced, pieces
from models.db.database import Database
from tests.factories import known_site, known_url, make_article, make_page, store_article

BENCH = Path(__file__).parents[2] / "shared/bench"
SETS = ("news", "zyte", "wcxb", "sites")
EACH = 5  # texts of a language
QUESTIONS = 6  # of a text
Asked = tuple[str, int, str]  # a group of texts, an article and the words to find it by

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not BENCH.is_dir(), reason="../shared/bench is not here: pages of publishers are not ours"
    ),
]


def script(text: str) -> str:
    """The script of most of its letters."""
    letters = [letter for letter in text if letter.isalpha()][:2_000]
    names = Counter(unicodedata.name(letter, "?").split()[0] for letter in letters)
    return names.most_common(1)[0][0]


def texts() -> dict[str, list[str]]:
    """Some texts of each edition that a set names, and of each script of the others."""
    found = defaultdict(list)
    for name in SETS:
        for line in (BENCH / name / "truth.jsonl").read_text("utf-8").split("\n")[:-1]:
            row = json.loads(line)
            if pieces(row["text"]):
                found[f"{name} {row['lang']} {script(row['text'])}"].append(row["text"])
    return {group: some[:EACH] for group, some in found.items()}


def question(text: str, chance: random.Random) -> str | None:
    """One to three words that follow each other; of scripts without spaces some characters."""
    words = text.split()
    start = chance.randrange(len(words))
    part = " ".join(words[start : start + chance.randint(1, 3)])
    runs = [piece for piece in pieces(part) if is_unspaced(piece)]
    if runs:
        letters = characters(chance.choice(runs))
        at = chance.randrange(len(letters))
        return "".join(letters[at : at + chance.randint(1, 4)])
    return f'"{part.replace(chr(34), " ")}"' if pieces(part) else None


def not_found(database: Database, asked: Sequence[Asked]) -> list[Asked]:
    """The questions whose article a search does not name, each asked in a snapshot of its own."""
    missed = []
    for group, number, words in asked:
        with database.reading() as conn:
            if number not in by_words(conn, parse(words), 1_000).article_ids:
                missed.append((group, number, words))
    return missed


@pytest.mark.parametrize("newest", [0, search_newest.NEWEST])  # by the index, and one by one
def test_words_of_true_texts_are_found(
    database: Database, monkeypatch: pytest.MonkeyPatch, newest: int
) -> None:
    monkeypatch.setattr(search_newest, "NEWEST", newest)
    chance, stored = random.Random(31), list[tuple[str, int, str]]()
    with database.transaction() as conn:
        site_id = known_site(conn)
        for group, some in texts().items():
            for text in some:
                page = f"https://example.test/{len(stored)}"
                url_id = known_url(conn, site_id, page)
                article = make_article(text, title=None, url_id=url_id, page=make_page(url=page))
                number = store_article(conn, site_id, article).article_id
                stored.append((group, number, text))
    assert {"CJK", "HANGUL", "CYRILLIC", "ARABIC"} <= {g.split()[-1] for g, *_ in stored}
    asked = [
        (group, number, words)
        for group, number, text in stored
        for words in {question(text, chance) for _ in range(QUESTIONS)} - {None}
    ]
    missed = not_found(database, asked)
    if database.dialect == "mysql":
        # it may miss for a moment what is new (benchmarks/mariadb_moments.py)
        missed = not_found(database, missed)
    assert missed == []
