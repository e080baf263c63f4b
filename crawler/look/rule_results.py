"""What a dry run found, as the rule loop shows it: its largest differences as HTML. Pure."""

from collections.abc import Mapping
from typing import Any

from crawler.look.diffs import in_context
from crawler.look.templating import environment
from crawler.reports.word_diff import word_diff


def shown(result: Mapping[str, Any]) -> Mapping[str, Any]:
    """The document of a dry run (`dry_run_output.document`), each of `largest` as HTML."""
    template = environment().get_template("rule_difference.html")
    changes = [
        template.render(
            one=one,
            title=word_diff(one["before"]["title"] or "", one["after"]["title"] or ""),
            facts=word_diff("\n".join(one["before"]["facts"]), "\n".join(one["after"]["facts"])),
            text=in_context(word_diff(one["before"]["text"], one["after"]["text"])),
        )
        for one in result["largest"]
    ]
    return {**result, "largest": changes}
