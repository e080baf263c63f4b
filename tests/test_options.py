"""An option or a word that a sub-command does not know is exit 2, in one line."""

import pytest

from tests.support.desk import scrapy

FOREIGN = [
    ("db check --dry-run", "--dry-run is an option of `scrapy db prune`, not of 'check'"),
    ("db upgrade --dry-run", "--dry-run is an option of `scrapy db prune`, not of 'upgrade'"),
    ("sites list --block 3", "--block is an option of `scrapy sites forget`, not of 'list'"),
    ("sites show x --private", "option of `scrapy sites add` and `scrapy sites import`, not of"),
    ("sites check --name x", "--name is an option of `scrapy sites add`, not of 'check'"),
    ("sites forget x --limit 50", "--limit is an option of `scrapy sites memory`, not of 'forget'"),
    ("sites memory x --like 3", "--like is an option of `scrapy sites forget`, not of 'memory'"),
    ("sites memory x --template 3", "--template is an option of `scrapy sites forget`, not of"),
    ("sites list --verbose", "unknown option '--verbose'; type: scrapy sites --help"),
    ("sites list x", "list takes no words"),
    ("sites check x y", "check takes one name"),
    ("sites frob", "unknown: 'frob'; type: scrapy sites add"),
]


@pytest.mark.parametrize(("words", "said"), FOREIGN, ids=[words for words, _ in FOREIGN])
def test_what_a_sub_command_does_not_know_is_misuse(words: str, said: str, sqlite_url: str) -> None:
    done = scrapy(sqlite_url, *words.split())
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert said in done.err


def test_an_option_may_stand_before_its_sub_command(sqlite_url: str) -> None:
    done = scrapy(sqlite_url, "db", "--dry-run", "prune")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("would remove ")
