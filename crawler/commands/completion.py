"""scrapy completion: a script with which a shell completes what is typed after winnow."""

import argparse
from pathlib import Path
from typing import ClassVar

from crawler.operations.command import EXIT_OK, WinnowCommand
from models.errors import UsageError
from models.text import nearest


class Command(WinnowCommand):
    """Prints the script for one shell."""

    usage: ClassVar[str] = "bash | zsh"
    summary: ClassVar[str] = "Print a script that completes verbs, options and sites in a shell"
    details: ClassVar[str] = (
        "The script completes verbs, sub-commands, options, spiders, their arguments and the"
        " names of sites, for winnow and for scrapy. It is made once: make it again after an"
        " upgrade. Sites are looked up at each completion, in the folder that WINNOW_SITES_DIR"
        " named when the script was made."
    )
    example: ClassVar[str] = "scrapy completion bash > ~/.winnow-completion"

    def execute(self, args: list[str], _opts: argparse.Namespace) -> int:
        """Prints it. Raises UsageError for any other word than a shell's name."""
        from crawler.operations.completion import command_words
        from crawler.operations.completion.script import SHELLS, script

        if len(args) != 1:
            raise UsageError(f"which shell? type: scrapy completion {' or '.join(SHELLS)}")
        if args[0] not in SHELLS:
            near = nearest(args[0], SHELLS)
            hint = f"did you mean {near!r}?" if near else f"there are: {', '.join(SHELLS)}"
            raise UsageError(f"no completion for {args[0]!r}; {hint}")
        known = command_words.verbs(self.project), command_words.spiders(self.project)
        folder = Path(self.setting("WINNOW_SITES_DIR"))
        print(script(args[0], *known, command_words.setting_names(self.project), folder), end="")
        return EXIT_OK
