"""winnow completion: real shells complete what it prints."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.commands.sites import SUBCOMMANDS
from crawler.operations.verbs import modules
from tests.support.desk import Desk
from tests.support.shells import Terminal, offered

ZSH = shutil.which("zsh")
IN_BASH = (
    "PS1=; bind 'set enable-bracketed-paste off'; bind 'set bell-style none'",
    """bind -x '"\\C-t": printf "<%s>" "<$READLINE_LINE>"'""",
)
IN_ZSH = (
    "PS1=; unset zle_bracketed_paste; unsetopt prompt_sp; autoload -Uz compinit; compinit -u -D",
    """shown() { print -rn -- "<""<$BUFFER>"">" }; zle -N shown; bindkey '^T' shown""",
    "bindkey '^U' kill-whole-line",
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = Desk(tmp_path_factory.mktemp("completion it's"))  # a folder that needs quotes
    desk.write_site("example", "https://example.com/")
    desk.write_site("harbour-post", "https://example.org/")
    (desk.sites / "$(touch broken).toml").touch()
    (desk.sites / "gone.toml.removed").touch()
    (desk.folder / "out.html").touch()
    (desk.folder / "outside").mkdir()
    for shell in ("bash", "zsh"):
        said = desk.here("completion", shell)
        assert (said.code, said.err) == (0, "")
        (desk.folder / f"script.{shell}").write_text(said.out, "utf-8")
    return desk


@pytest.fixture(scope="module")
def bash(desk: Desk) -> Iterator[Terminal]:
    with Terminal.of(
        ["bash", "--norc", "-i"], [*IN_BASH, "source script.bash"], desk.folder
    ) as terminal:
        yield terminal


@pytest.fixture(scope="module")
def zsh(desk: Desk) -> Iterator[Terminal]:
    if ZSH is None:
        pytest.skip("zsh is not installed on this machine")
    with Terminal.of([ZSH, "-f", "-i"], [*IN_ZSH, "source script.zsh"], desk.folder) as terminal:
        yield terminal


TYPED = [
    ("winnow vis", "winnow visit "),
    ("winnow visit --m", "winnow visit --max-time "),
    ("scrapy visit --m", "scrapy visit --max-time "),
    ("winnow visit ex", "winnow visit example "),
    ("winnow visit example har", "winnow visit example harbour-post "),
    ("winnow visit --max-time 5m ex", "winnow visit --max-time 5m example "),
    ("winnow sites dis", "winnow sites disable "),
    ("winnow sites disable --j", "winnow sites disable --json "),
    ("winnow sites show har", "winnow sites show harbour-post "),
    ("winnow db pr", "winnow db prune "),
    ("winnow db prune --d", "winnow db prune --dry-run "),
    ("winnow db --dry-run pr", "winnow db --dry-run prune "),
    ("winnow db check --d", "winnow db check --d"),
    ("winnow export --format par", "winnow export --format parquet "),
    ("winnow export --format=par", "winnow export --format=parquet "),
    ("winnow runs --site ex", "winnow runs --site example "),
    ("winnow runs --site=ex", "winnow runs --site=example "),
    ("winnow crawl disc", "winnow crawl discover "),
    ("winnow crawl discover -a si", "winnow crawl discover -a site="),
    ("winnow crawl discover -a site=har", "winnow crawl discover -a site=harbour-post "),
    ("winnow crawl visit -a site=example -a n", "winnow crawl visit -a site=example -a now="),
    ("winnow crawl discover -a n", "winnow crawl discover -a n"),
    ("winnow crawl reextract -a site=al", "winnow crawl reextract -a site=all "),
    ("winnow crawl discover -a site=al", "winnow crawl discover -a site=al"),
    ("winnow parse --spider=recrawl -a ur", "winnow parse --spider=recrawl -a urls="),
    ("winnow parse --spider=discover -a ur", "winnow parse --spider=discover -a ur"),
    ("winnow parse --spider discover -a ur", "winnow parse --spider discover -a ur"),
    ("winnow crawl -a site= disc", "winnow crawl -a site= discover "),
    ("winnow health --prometheus --j", "winnow health --prometheus --json "),
    ("winnow health --prometheus -s WINNOW_W", "winnow health --prometheus -s WINNOW_WORKERS="),
    ("winnow health --prometheus out.", "winnow health --prometheus out.html "),
    ("winnow sites frob li", "winnow sites frob li"),
    ("winnow parse --spider=rec", "winnow parse --spider=recrawl "),
    ("winnow why https://example.com/1 --d", "winnow why https://example.com/1 --diff "),
    ("winnow visit -s WINNOW_KEEP_C", "winnow visit -s WINNOW_KEEP_CAPTURES="),
    ("winnow visit gone", "winnow visit gone"),
    ("winnow why ex", "winnow why ex"),
    ("winnow report out.", "winnow report out.html "),
    ("winnow demo --keep out", "winnow demo --keep outside/"),
    ("winnow crawl recrawl -a urls=out.", "winnow crawl recrawl -a urls=out.html "),
]


@pytest.mark.parametrize(("typed", "line"), TYPED, ids=[typed for typed, _ in TYPED])
def test_bash_completes_at_a_tab(typed: str, line: str, bash: Terminal) -> None:
    assert bash.completed(f"{typed}\t") == line


@pytest.mark.parametrize(("typed", "line"), TYPED, ids=[typed for typed, _ in TYPED])
def test_zsh_completes_at_a_tab(typed: str, line: str, zsh: Terminal) -> None:
    assert zsh.completed(f"{typed}\t") == line


def test_zsh_finds_the_script_in_a_folder_of_functions(desk: Desk) -> None:
    if ZSH is None:
        pytest.skip("zsh is not installed on this machine")
    functions = desk.folder / "functions"
    functions.mkdir()
    (functions / "_winnow").write_text((desk.folder / "script.zsh").read_text("utf-8"), "utf-8")
    setup = ["fpath+=$PWD/functions", *IN_ZSH]
    with Terminal.of([ZSH, "-f", "-i"], setup, desk.folder) as terminal:
        for program in ("winnow", "scrapy"):
            assert terminal.completed(f"{program} visit ex\t") == f"{program} visit example "
            assert terminal.completed(f"{program} runs --site ex\t").endswith(" example ")


def test_zsh_without_its_completion_is_told_in_one_line(desk: Desk) -> None:
    if ZSH is None:
        pytest.skip("zsh is not installed on this machine")
    done = subprocess.run(
        [ZSH, "-f", "-c", "source script.zsh"],
        cwd=desk.folder, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    said = "winnow: no completion here; type first: autoload -Uz compinit; compinit\n"
    assert (done.stdout, done.stderr) == ("", said)


def test_zsh_says_what_each_option_means(zsh: Terminal) -> None:
    shown = zsh.listed("winnow sites forget --\t", "where this template has headline")
    assert re.search(r"--block +-- this text only; all without it", shown)
    assert "--opml" not in shown


def test_bash_offers_what_the_help_of_each_verb_shows(desk: Desk) -> None:
    script = desk.folder / "script.bash"
    names = list(modules())
    lines = ["winnow ", *(f"winnow {name} -" for name in names)]
    verbs, *options = offered(script, *lines)
    assert sorted(verbs) == names
    for name, flags in zip(names, options, strict=True):
        shown = re.findall(r"^  (-.+?)(?:  |$)", desk.here(name, "--help").out, re.MULTILINE)
        assert sorted(flags) == sorted(re.findall(r"(?<!\S)--?[A-Za-z][\w-]*", " ".join(shown)))


def test_each_sub_command_has_its_own_options(desk: Desk) -> None:
    words = [one.word for one in SUBCOMMANDS]
    lines = ["winnow sites ", *(f"winnow sites {word} --" for word in words)]
    subcommands, *options = offered(desk.folder / "script.bash", *lines)
    assert subcommands == words
    have_json = [word for word, flags in zip(words, options, strict=True) if "--json" in flags]
    assert have_json == [one.word for one in SUBCOMMANDS if one.has_json]
    have_why = [word for word, flags in zip(words, options, strict=True) if "--why" in flags]
    assert have_why == ["disable"]


def test_sites_are_those_whose_files_are_there_now(desk: Desk) -> None:
    script = desk.folder / "script.bash"
    assert offered(script, "winnow visit ") == [["example", "harbour-post"]]
    new = desk.write_site("new_one", "https://example.net/")
    assert offered(script, "winnow visit n") == [["new_one"]]
    new.unlink()
    assert not (desk.folder / "broken").exists()


def test_an_argument_without_a_value_ends_at_a_space(desk: Desk) -> None:
    lines = ["winnow crawl -a site= ", "winnow crawl -a site="]
    spiders, sites = offered(desk.folder / "script.bash", *lines)
    assert spiders == ["discover", "recrawl", "reextract", "visit"]
    assert sites == ["example", "harbour-post"]


def test_nothing_is_offered_where_nothing_is_known(desk: Desk) -> None:
    script = desk.folder / "script.bash"
    lines = [
        "winnow runs ",
        "winnow runs -n ",
        "winnow frob ",
        "winnow report out.html ",
        "winnow -",
    ]
    assert offered(script, *lines) == [[], [], [], [], []]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "which shell? type: scrapy completion bash or zsh"),
        (["bash", "zsh"], "which shell? type: scrapy completion bash or zsh"),
        (["bsh"], "no completion for 'bsh'; did you mean 'bash'?"),
        (["fish"], "no completion for 'fish'; there are: bash, zsh"),
    ],
)
def test_another_word_is_misuse(
    words: list[str], said: str, sqlite_url: str, tmp_path: Path
) -> None:
    done = Desk(tmp_path, sqlite_url).here("completion", *words)
    assert (done.code, done.out, done.err) == (2, "", f"scrapy completion: {said}\n")
