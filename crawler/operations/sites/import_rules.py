"""`scrapy sites import-rules`: rules of ftr-site-config, as keys of the sites' files."""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from crawler.operations.command import EXIT_FAILED, EXIT_OK, WinnowCommand
from crawler.operations.sites.subcommand import Subcommand, Words, sites_folder
from models.errors import UsageError, WinnowError

if TYPE_CHECKING:
    from crawler.operations.sites.rules_report import Outcome
    from models.sites.config import Site
    from models.sites.ftr.selectors import Translated


def _add_options(command: WinnowCommand, parser: argparse.ArgumentParser) -> None:
    own = ["import-rules"]
    command.add_option(
        parser, "--site", of=own, metavar="NAME", help="the site, whatever the file's name says"
    )
    command.add_option(
        parser, "--force", of=own, action="store_true",
        help="replaces selectors that the site's file has already",
    )  # fmt: skip
    command.add_option(
        parser, "--dry-run", of=own, action="store_true", help="shows what would be written"
    )


def _run(command: WinnowCommand, args: Words, opts: argparse.Namespace) -> int:
    if not args:
        raise UsageError("which file? type: scrapy sites import-rules FILE [FILE ...]")
    if opts.site is not None and (len(args) > 1 or Path(args[0]).is_dir()):
        raise UsageError("--site NAME goes with one file; leave it out for several")
    from crawler.operations.sites.rules_report import RulesReport
    from models.sites.config import load_all, load_site

    folder = sites_folder(command)
    only = load_site(folder, opts.site) if opts.site is not None else None
    sites, errors = ([only], []) if only else load_all(folder)
    for error in errors:
        command.say(str(error), EXIT_FAILED)
    report = RulesReport(command, is_json=bool(opts.json), is_dry=bool(opts.dry_run))
    failed = bool(errors)
    for outcome in _outcomes(args, sites, only, opts):
        report.add(outcome)
        is_named = outcome.file in args  # a folder may have files for sites that nobody has here
        failed |= outcome.outcome == "failed" or (outcome.outcome == "no_site" and is_named)
    report.close()
    return EXIT_FAILED if failed else EXIT_OK


def _outcomes(
    args: Words, sites: "Sequence[Site]", only: "Site | None", opts: argparse.Namespace
) -> "Iterator[Outcome]":
    """What becomes of each file, in order; each is read when its turn comes."""
    from crawler.operations.sites.rules_report import Outcome
    from models.sites.ftr.rules import RulesBroken
    from models.sites.ftr.sites import SiteHosts, nearest_files

    hosts = SiteHosts(sites)
    matches: dict[str, list[tuple[int, Site]]] = {}
    for word, files in _files(args):
        if not files:
            yield Outcome(word, "failed", f"{word}: no file in this folder is called HOST.txt")
        for file in files:
            try:
                matches[file] = hosts.sites_of(Path(file).name) if only is None else [(0, only)]
            except RulesBroken as broken:
                yield Outcome(file, "no_site", f"{file}: {broken}")
    nearest = nearest_files(
        (file, distance, site.name) for file, found in matches.items() for distance, site in found
    )
    for file, found in matches.items():
        if not found:
            yield Outcome(file, "no_site", _no_site(file))
        for _, site in found:
            if nearest[site.name] == file:
                others = hosts.other_hosts(Path(file).name, site) if only is None else ()
                yield _imported(file, site, others, opts)
            else:
                why = (
                    f"{file}: site {site.name} has the rules of {nearest[site.name]}, nearer to it"
                )
                yield Outcome(file, "skipped", why, site.name)


def _no_site(file: str) -> str:
    from models.sites.ftr.rules import host_of_file

    host = host_of_file(Path(file).name)
    below = host.startswith(".")
    has = f"a host below {host[1:]}" if below else f"the host {host}"
    return f"{file}: no site has {has}; type: scrapy sites add https://{'NAME' * below}{host}/"


def _imported(
    file: str, site: "Site", others: "Sequence[str]", opts: argparse.Namespace
) -> "Outcome":
    """Writes a file's rules into the site's; a fault leaves that as it was."""
    from crawler.operations.sites.rules_report import Outcome
    from models.sites.ftr.rules import MAX_BYTES, read_rules
    from models.sites.ftr.selectors import translated

    try:
        with Path(file).open("rb") as opened:
            raw = opened.read(MAX_BYTES + 1)
        rules = translated(read_rules(raw, file))
        outcome = _written(file, site, rules, opts)
    except OSError as fault:
        return Outcome(file, "failed", f"{file}: {fault.strerror}", site.name)
    except WinnowError as wrong:
        said = str(wrong)
        return Outcome(file, "failed", said if file in said else f"{file}: {said}", site.name)
    return replace(outcome, other_hosts=others)


def _written(file: str, site: "Site", rules: "Translated", opts: argparse.Namespace) -> "Outcome":
    """Raises SiteConfigError or FileChanged, and leaves the site's file as it was."""
    from crawler.operations.sites.rules_report import Outcome
    from models.sites.file_text import read_file, write_file
    from models.sites.ftr.selectors import KEYS
    from models.sites.selector_lists import SelectorLists, changed_lines, checked
    from models.text import one_line

    there = read_file(site.path)
    lists = SelectorLists(there.text)
    written: dict[str, list[str]] = {}
    kept: list[str] = []
    for key in KEYS:
        wanted, before = rules.selectors(key), lists.selectors(key)
        if not wanted or before == list(wanted):
            continue
        if before and not opts.force:
            kept.append(key)
            continue
        source = f"from ftr-site-config {one_line(Path(file).name)}, line"
        lists.replace(key, {css: f"{source} {line}" for css, line in wanted.items()})
        written[key] = list(wanted)
    outcome = (
        "written" if written else "kept" if kept else "unchanged" if rules.carried else "nothing"
    )
    diff: Sequence[str] = ()
    if written:
        draft = lists.text()
        with TemporaryDirectory() as folder:
            checked(draft, site.name, Path(folder))
        if opts.dry_run:
            diff = changed_lines(there.text, draft)
        else:
            write_file(site.path, there.digest, draft)
    return Outcome(
        file, outcome, site=site.name, toml=site.path, rules=rules, written=written, kept=kept,
        diff=diff,
    )  # fmt: skip


def _files(args: Words) -> "Iterator[tuple[str, list[str]]]":
    """Each word with its files: itself, or those of a folder in the order of their names."""
    from models.sites.ftr.rules import ENDING

    for word in dict.fromkeys(args):
        path = Path(word)
        yield word, sorted(map(str, path.glob(f"*{ENDING}"))) if path.is_dir() else [word]


IMPORT_RULES: Final = Subcommand(
    "import-rules FILE [FILE ...] [--site NAME] [--force] [--dry-run] [--json]",
    _run,
    _add_options,
    has_json=True,
)
