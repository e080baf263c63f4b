"""Whether what is typed is there: verbs, sub-commands, options, spiders, targets, extras, files."""

import argparse
import re
import shlex
import tomllib
from collections.abc import Sequence
from functools import cache

from scrapy.settings import Settings

from crawler.operations.completion.command_words import CommandWords, setting_names, spiders, verbs
from crawler.operations.verbs import command_of, modules, parser_of
from tests.support.manual_blocks import ROOT

# verbs of Scrapy's own that the manuals name, and what ends a parser or stands for what is left out
SCRAPYS = {"genspider", "version"}
LEFT = {"--help", "…"}
_COMPOSE = r"docker compose (?:-f \S+ )?run --rm "
_OURS = re.compile(rf"(?:^|&& |uv run |{_COMPOSE}|/bin/)(?:scrapy|winnow) ([^&>]+)")
_MAKE = re.compile(r"^make ([a-z]+)")
_EXTRAS = re.compile(r"--extra ([a-z]+)|\[([a-z,]+)\]")
_GROUPS = re.compile(r"--(?:only-)?group ([a-z]+)")
_FILES = re.compile(r"(?<![\w/.])((?:contrib|\.ci)/[\w./*-]+)")
_SETTING = re.compile(r"^export (WINNOW_[A-Z_]+)=")
_MODULES = re.compile(r"python -m (benchmarks\.[\w.]+)")


@cache
def project_settings() -> Settings:
    """The settings of the project, as a command has them."""
    made = Settings()
    made.setmodule("crawler.settings")
    return made


@cache
def _verbs() -> dict[str, CommandWords]:
    return {verb.name: verb for verb in verbs(project_settings())}


@cache
def _arguments() -> dict[str, set[str]]:
    return {
        spider.name: {argument.name for argument in spider.arguments}
        for spider in spiders(project_settings())
    }


def check_verb(words: Sequence[str]) -> None:
    """Fails unless `winnow WORDS` is a verb with sub-command, options and spider that there are."""
    said = " ".join(words)
    if words[0] in SCRAPYS:
        return
    verb = _verbs().get(words[0])
    assert verb, f"there is no verb {words[0]!r}: {said}"
    command = command_of(modules()[words[0]])
    command.settings = project_settings()
    parser = parser_of(command, words[0])
    try:
        given, left = parser.parse_known_args([word for word in words[1:] if word not in LEFT])
    except SystemExit as refused:
        raise AssertionError(f"its parser refuses: {said}") from refused
    named = [word for word in left if not word.startswith("-")]
    subcommand = named[0] if verb.usage.subcommands and named else ""
    assert not subcommand or subcommand in verb.usage.subcommands, f"no {subcommand!r}: {said}"
    for word in words[1:]:
        flag = word.partition("=")[0]
        if re.match(r"--?[A-Za-z]", flag):
            _check_option(verb, flag, subcommand, said)
    if words[0] == "crawl" and named:
        assert named[0] in _arguments(), f"no spider {named[0]!r}: {said}"
        unknown = _names(given, "spargs") - _arguments()[named[0]]
        assert not unknown, f"{named[0]} takes no {unknown}: {said}"
    unknown = _names(given, "set") - set(project_settings()) - {"NAME"}
    assert not unknown, f"no setting {unknown}: {said}"


def _check_option(verb: CommandWords, flag: str, subcommand: str, said: str) -> None:
    options = [one for one in verb.options if flag in one.flags]
    assert options, f"no option {flag}: {said}"
    owners = options[0].subcommands
    assert not subcommand or not owners or subcommand in owners, f"{flag} is not of it: {said}"


def _names(given: argparse.Namespace, of: str) -> set[str]:
    """The names of -a or -s."""
    pairs = getattr(given, of, None) or []
    return {pair.partition("=")[0] for pair in (pairs if isinstance(pairs, list) else [])}


def check_line(line: str) -> None:
    """Fails unless all that a line of a shell names of this project is there."""
    for typed in _OURS.findall(line):
        check_verb(shlex.split(typed, comments=True))
    for target in _MAKE.findall(line):
        assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE), line
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    for one, some in _EXTRAS.findall(line):
        wanted = set((one or some).split(","))
        assert wanted <= set(project["project"]["optional-dependencies"]), line
    assert set(_GROUPS.findall(line)) <= set(project["dependency-groups"]), line
    for name in _SETTING.findall(line):
        assert name in setting_names(project_settings()), f"no setting {name}"
    for pattern in _FILES.findall(line):
        assert list(ROOT.glob(pattern)) or list(ROOT.glob(f"{pattern}.*")), f"no {pattern}: {line}"
    for module in _MODULES.findall(line):
        path = ROOT / module.replace(".", "/")
        assert path.is_dir() or path.with_suffix(".py").is_file(), f"no {module}: {line}"
