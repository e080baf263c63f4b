"""A file of ftr-site-config: the rules by which Full-Text RSS reads one site's pages. Pure.

One directive a line, `name: value` or `name(argument): value`; `#` begins a comment. The file is
named after the host that it is for, `.example.com.txt` after all hosts one level below.
"""

import re
from dataclasses import dataclass
from typing import Final

from models.errors import UsageError
from models.text import one_line

MAX_BYTES: Final = 1 << 20  # of a file; the longest of the collection has 10 kB
ENDING: Final = ".txt"
_DIRECTIVE: Final = re.compile(r"([a-z][a-z0-9_]*)[ \t]*(?:\((.*?)\))?[ \t]*:(.*)", re.IGNORECASE)
_HOST: Final = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
KNOWN: Final = frozenset({
    "author", "autodetect_on_failure", "body", "convert_double_br_tags", "date", "dissolve",
    "find_string", "footnotes", "http_header", "if_page_contains", "insert_detected_image",
    "language", "login_extra_fields", "login_password_field", "login_uri", "login_username_field",
    "move_into", "native_ad_clue", "next_page_link", "not_logged_in_xpath", "parser",
    "post_strip_attr", "prune", "replace_string", "requires_login", "single_page_link",
    "single_page_link_in_feed", "skip_id_or_class", "skip_json_ld", "src_lazy_load_attr", "strip",
    "strip_attr", "strip_comments", "strip_id_or_class", "strip_image_src", "test_contains",
    "test_url", "tidy", "title", "wrap_in",
})  # fmt: skip


class RulesBroken(UsageError):
    """The file cannot be read as rules; the message names the file."""


@dataclass(frozen=True, slots=True)
class Directive:
    """One line of rules."""

    line: int  # from 1
    text: str  # as it is written, in one line
    name: str = ""  # in lower case; empty for a line that is none
    value: str = ""


def host_of_file(name: str) -> str:
    """The host that a file's name is of, in lower case; with a leading dot for those below it.

    Raises RulesBroken for a name without a host.
    """
    host = name.lower().removesuffix(ENDING)
    if not name.lower().endswith(ENDING) or not _HOST.fullmatch(host.removeprefix(".")):
        raise RulesBroken(
            f"its name is no site's host; call it example.com{ENDING}, or say --site NAME"
        )
    return host


def read_rules(raw: bytes, name: str) -> tuple[Directive, ...]:
    """The directives of a file, in order; `name` is the file's, for messages.

    Raises RulesBroken with one line for a file that is none of rules.
    """
    if len(raw) > MAX_BYTES:
        raise RulesBroken(f"{name}: more than {MAX_BYTES >> 20} MB, so no file of rules")
    if b"\x00" in raw:
        raise RulesBroken(f"{name}: no text, so no file of rules")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = raw.count(b"\n", 0, wrong.start) + 1
        raise RulesBroken(f"{name}: line {line}: not UTF-8; save it as UTF-8 first") from wrong
    lines = enumerate(re.split(r"\r\n|\n|\r", text), start=1)
    found = tuple(
        _directive(number, line.strip())
        for number, line in lines
        if line.strip() and not line.lstrip().startswith("#")
    )
    if not found:
        raise RulesBroken(f"{name}: no rule in it; write e.g. body: //article")
    if not any(one.name in KNOWN for one in found):
        first = f"line {found[0].line}: {found[0].text[:60]!r} is no directive"
        raise RulesBroken(f"{name}: no file of rules: {first}; write e.g. body: //article")
    return found


def _directive(number: int, line: str) -> Directive:
    match = _DIRECTIVE.fullmatch(line)
    if match is None:
        return Directive(number, one_line(line))
    return Directive(number, one_line(line), match[1].lower(), match[3].strip())
