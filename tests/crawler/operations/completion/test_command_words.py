"""What a shell can complete is read from the commands: nothing of it is listed by hand."""

import pytest
from scrapy.settings import Settings

from crawler.commands.sites import SUBCOMMANDS
from crawler.operations.completion.command_words import (
    PLACES,
    Argument,
    CommandWords,
    Option,
    setting_names,
    spiders,
    verbs,
)
from crawler.operations.verbs import modules


@pytest.fixture(scope="module")
def settings() -> Settings:
    made = Settings()
    made.setmodule("crawler.settings", priority="project")
    return made


@pytest.fixture(scope="module")
def known(settings: Settings) -> dict[str, CommandWords]:
    return {verb.name: verb for verb in verbs(settings)}


def test_every_verb_is_read(known: dict[str, CommandWords]) -> None:
    assert list(known) == list(modules())


def test_every_word_of_a_usage_line_has_a_kind(known: dict[str, CommandWords]) -> None:
    """A new placeholder has to be put into PLACES, if only as one that no shell can know."""
    words = [
        word
        for verb in known.values()
        for form in (verb.usage, *verb.usage.subcommands.values())
        for word in form.words
    ]
    assert {one for word in words for one in word.split(" ")[0].split("|")} == set(PLACES)


def test_sub_commands_are_those_that_run(known: dict[str, CommandWords]) -> None:
    assert list(known["sites"].usage.subcommands) == [one.word for one in SUBCOMMANDS]
    with_words = {name for name, verb in known.items() if verb.usage.subcommands}
    assert with_words == {"archive", "completion", "db", "sites"}
    assert known["sites"].kinds("rename") == ("@site", "@nothing")
    assert known["visit"].kinds() == ("@site...",)


def test_an_option_has_help_kind_and_sub_commands(
    known: dict[str, CommandWords],
) -> None:
    sites = {option.flags[-1]: option for option in known["sites"].options}
    says = "writes what failed as CSV, to give to import again; - is the standard output"
    assert sites["--failed"] == Option(("--failed",), says, "@file", ("import",))
    assert sites["--private"].subcommands == ("add", "import")
    assert sites["--help"].subcommands == ()
    health = {option.flags[-1]: option.kind for option in known["health"].options}
    assert (health["--prometheus"], health["--json"]) == ("?@file", "")
    export = {option.flags[-1]: option.kind for option in known["export"].options}
    assert export["--format"] == "jsonl csv parquet"
    assert [export[flag] for flag in ("--site", "--since")] == ["@site", "@nothing"]


def test_a_spider_has_its_arguments(settings: Settings) -> None:
    found = {spider.name: spider for spider in spiders(settings)}
    assert found.keys() == {"discover", "recrawl", "reextract", "visit"}
    assert all(spider.says for spider in found.values())
    arguments = {one.name: one.kind for one in found["reextract"].arguments}
    assert arguments["site"] == "@site all"
    assert (arguments["urls"], arguments["dry_run"]) == ("@file", "0 1")
    assert Argument("limit", "the most URLs of the run", "@nothing") in found["visit"].arguments


def test_settings_are_those_that_s_takes(settings: Settings) -> None:
    names = setting_names(settings)
    assert {"WINNOW_SITES_DIR", "WINNOW_SEARCH"} <= set(names)
    assert "WINNOW_HOME" not in names
