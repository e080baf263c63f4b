"""A usage line says what its reader is told in --help, and no more."""

import pytest

from crawler.operations.completion.usage import Subcommand, read_usage


def test_sub_commands_are_the_words_that_open_an_alternative() -> None:
    usage = read_usage("add URL [--name NAME] | forget NAME [--block ID | --all] | list; also [-x]")
    assert usage.words == ()
    assert usage.subcommands == {
        "add": Subcommand("URL [--name NAME]", ("URL",)),
        "forget": Subcommand("NAME [--block ID | --all]", ("NAME",)),
        "list": Subcommand("", ()),
    }


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", ()),
        ("[options]", ()),
        ("[options] <url>", ("url",)),
        ("[options] SPIDER -a site=NAME", ("SPIDER",)),
        ("URL|ARTICLE_ID --why TEXT [--dry-run] | URL --undo | --list", ("URL|ARTICLE_ID",)),
        ("[NAME ...] [--max-time 50m]", ("NAME ...",)),
        ("--list | OLD NEW", ("OLD", "NEW")),
    ],
)
def test_words_are_what_is_neither_an_option_nor_its_value(
    line: str, words: tuple[str, ...]
) -> None:
    assert read_usage(line).words == words


def test_choices_are_the_small_words_after_an_option() -> None:
    usage = read_usage("[--format jsonl|csv|parquet] [--out FILE|-] [--json]")
    assert usage.choices == {"--format": ("jsonl", "csv", "parquet")}
