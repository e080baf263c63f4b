"""The fenced blocks of the manuals, by language, and the commands in those for a shell."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
MANUALS = ("README.md", "CONTRIBUTING.md", "contrib/README.md", "docs/*.md")
SHELLS = ("sh", "bash", "zsh", "console", "crontab")
_FENCE = re.compile(r"^```(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"(?<!`)`(?!`)([^`]+)`(?!`)")


@dataclass(frozen=True, slots=True)
class Block:
    """What stands between two fences."""

    manual: str
    line: int  # of its first fence
    language: str
    text: str

    @property
    def name(self) -> str:
        """Where it is, as an editor opens it."""
        return f"{self.manual}:{self.line}"

    @property
    def commands(self) -> list[str]:
        """What a shell is given: lines as they are typed, or as cron types them."""
        lines = [line for line in self.text.splitlines() if line]
        if self.language == "console":
            return [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
        if self.language == "crontab":
            return [_by_cron(line) for line in lines]
        return lines


def manuals() -> list[Path]:
    """Every document with recipes."""
    return [path for pattern in MANUALS for path in sorted(ROOT.glob(pattern))]


def blocks(*languages: str) -> list[Block]:
    """All blocks of the manuals in these languages, in the order of the manuals."""
    return [
        block for path in manuals() for block in _blocks_of(path) if block.language in languages
    ]


def spans(path: Path) -> Iterator[str]:
    """The code in a manual's sentences and tables, each on one line."""
    prose = _FENCE.sub("", path.read_text("utf-8"))
    for span in _SPAN.findall(prose):
        yield " ".join(span.replace("\\|", "|").split())


def _blocks_of(path: Path) -> Iterator[Block]:
    text = path.read_text("utf-8")
    manual = path.relative_to(ROOT).as_posix()
    for found in _FENCE.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        yield Block(manual, line, found[1], found[2])


def _by_cron(line: str) -> str:
    """A line of a crontab: a variable, or five fields of time and a command."""
    name, _, value = line.partition("=")
    if re.fullmatch(r"[A-Z_]+", name):
        return f"export {name}={shlex.quote(value)}"
    return line.split(maxsplit=5)[5]
