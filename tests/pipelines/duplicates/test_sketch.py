"""What texts are compared by: what is folded, what is kept, and that it never changes."""

import random
import subprocess
import sys
import unicodedata
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.duplicates.index_version import VERSION
from pipelines.duplicates.sketch import KEYS, SHINGLE, SHORTEST, shingles, sketch, tokens

ENGLISH = (
    "The harbour froze on Monday. Boats stay where they are until the thaw, the master said; "
    "nobody can say when that will be. “We don’t remember such a winter,” he added — not in "
    "1,204 days at sea."
)
GOLDEN = (6732412271802040913, 39)
GOLDEN_KEYS = (
    -1995887224,
    -1787449380,
    -1709949708,
    -1447217261,
    -1258748519,
    -680110314,
    -459406690,
    -193190101,
    -94062156,
    405017451,
    763170384,
    840031634,
    1116246852,
    1890380998,
    1910983247,
    2114696904,
)
GOLDEN_HAN = (-1614528363, -203872558, -48133907, 825406994, 861318914, 1332337066)
SAME = [
    ("“Don’t”—he said…", '"Don\'t" - he said...'),
    ("co\u00adoperation", "cooperation"),
    ("ﬁnance Ⅳ ①", "finance iv 1"),
    ("STRASSE", "straße"),
    (unicodedata.normalize("NFD", "Évènement à Tōkyō"), "évènement à tōkyō"),
    ("a\u200bb\u2060c\ufeff", "abc"),
    ("ﻣﺮﺣﺒﺎ", "مرحبا"),
    ("مُحَمَّد", "محمد"),
    ("ｶﾀｶﾅ", "カタカナ"),
    ("1 000", "1\u00a0000"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_what_only_looks_otherwise_is_the_same(one: str, other: str) -> None:
    assert tokens(one) == tokens(other)


@pytest.mark.parametrize("text", ["北京今天下雪", "東京の空", "ไทยรัฐ", "ភ្នំពេញ", "ວຽງຈັນ", "ရန်ကုန်"])
def test_scripts_without_spaces_are_read_by_character(text: str) -> None:
    assert len(tokens(text)) >= 4
    assert all(len(token) == 1 for token in tokens(text))


def test_scripts_with_spaces_are_read_by_word() -> None:
    assert tokens("Привет, мир! 안녕 세계 42") == ["привет", "мир", "안녕", "세계", "42"]


@pytest.mark.parametrize("text", ["", " \n", "—…!", "\u00ad\u200b"])
def test_a_text_without_words_has_no_key_at_all(text: str) -> None:
    assert sketch(text) == (made := sketch(text))
    assert (made.body_key, made.tokens, made.keys) == (None, 0, ())


def test_a_short_text_has_a_body_key_only() -> None:
    made = sketch("word " * (SHORTEST - 1))
    assert made.body_key is not None
    assert made.keys == ()


def test_one_word_a_million_times_is_read_in_bounded_time() -> None:
    began = process_time()
    made = sketch("word " * 1_000_000)
    assert made.tokens == 1_000_000
    assert len(made.keys) == 1
    assert process_time() - began < 10


@given(st.text())
def test_any_text_has_keys_that_every_database_holds(text: str) -> None:
    made = sketch(text)
    assert len(made.keys) <= KEYS
    assert all(-(2**31) <= key < 2**31 for key in made.keys)
    assert made.body_key is None or 0 <= made.body_key < 2**63


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert tokens(" ".join(tokens(text))) == tokens(text)


@given(st.lists(st.sampled_from("abcdefgh"), min_size=5, max_size=60))
def test_a_text_of_n_words_has_n_less_four_shingles(words: list[str]) -> None:
    assert len(shingles(words)) == len(words) - 4


def test_a_cut_copy_shares_keys_with_its_whole() -> None:
    chance = random.Random(3)
    words = ["".join(chance.choices("abcdefghij", k=6)) for _ in range(500)]
    whole, half = sketch(" ".join(words)), sketch(" ".join(words[:250]))
    assert len(set(whole.keys) & set(half.keys)) >= 3


def test_keys_are_those_that_stand_in_databases() -> None:
    """A failure here means that every database has to be rebuilt: raise VERSION, say so."""
    made = sketch(ENGLISH)
    assert VERSION.startswith("1: ")
    assert f" {SHINGLE}-token shingles, bottom {KEYS} of " in VERSION
    assert (made.body_key, made.tokens) == GOLDEN
    assert made.keys == GOLDEN_KEYS
    assert sketch("北京今天下雪，" * 9).keys == GOLDEN_HAN


def test_keys_are_the_same_in_every_process() -> None:
    code = f"from pipelines.duplicates.sketch import sketch; print(sketch({ENGLISH!r}).keys)"
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert told == {f"{sketch(ENGLISH).keys}\n"}
