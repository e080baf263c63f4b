"""What rules of Full-Text RSS mean as `[extraction]` keys, if they mean exactly the same. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

from models.sites.ftr.rules import KNOWN, Directive
from models.text import nearest
from models.xpath.css_parts import NeverMatches, NotCarriedOver, attribute, joined
from models.xpath.to_css import to_css

Key = Literal["body", "remove"]
KEYS: Final[tuple[Key, ...]] = ("body", "remove")
_OWN: Final = "Winnow reads {} of every page by itself, and has no key for a selector"
_PAGES: Final = "Winnow finds further pages of a story by itself, and has no key for a selector"
_TEXT: Final = "Winnow changes no page before it reads it"
_TEST: Final = "it is for testing the rules, and changes no page"
_LOGIN: Final = "Winnow logs in nowhere"
_PICTURES: Final = "Winnow keeps texts alone, no pictures"
_NO_KEY: Final = "[extraction] has no key for it"
_REASONS: Final = {
    "title": _OWN.format("the title"), "author": _OWN.format("the authors"),
    "date": _OWN.format("the dates"), "language": _OWN.format("the language"),
    "single_page_link": _PAGES, "single_page_link_in_feed": _PAGES, "next_page_link": _PAGES,
    "find_string": _TEXT, "replace_string": _TEXT, "wrap_in": _TEXT,
    "convert_double_br_tags": _TEXT, "dissolve": _TEXT,
    "strip_attr": "attributes hold no text, so there is nothing to remove",
    "post_strip_attr": "attributes hold no text, so there is nothing to remove",
    "tidy": "Winnow has one parser for all pages", "parser": "Winnow has one parser for all pages",
    "prune": "Winnow keeps all inside `body` but what `remove` names; there is no key for it",
    "autodetect_on_failure": "Winnow always reads a page that no selector matches by itself",
    "if_page_contains": "it is a condition of the directive above it, and keys have none",
    "insert_detected_image": _PICTURES, "src_lazy_load_attr": _PICTURES,
    "http_header": "Winnow has no key for headers; see [fetch] for cookies",
    "requires_login": _LOGIN, "login_uri": _LOGIN, "login_username_field": _LOGIN,
    "login_password_field": _LOGIN, "login_extra_fields": _LOGIN, "not_logged_in_xpath": _LOGIN,
    "test_url": _TEST, "test_contains": _TEST,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Carried:
    """A directive that has become a selector."""

    directive: Directive
    key: Key
    selector: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A directive that has not, and why."""

    directive: Directive
    reason: str


@dataclass(frozen=True, slots=True)
class Translated:
    """What became of each directive."""

    carried: tuple[Carried, ...]
    left_out: tuple[LeftOut, ...]

    def selectors(self, key: Key) -> dict[str, int]:
        """The selectors of a key, each once, in order, with the line that it is from."""
        found: dict[str, int] = {}
        for one in self.carried:
            if one.key == key:
                found.setdefault(one.selector, one.directive.line)
        return found


def translated(directives: Sequence[Directive]) -> Translated:
    """Each directive as a selector, or with the reason why not; both in the order of lines.

    The first `body` that matches is the article. So those below one that is left out are left
    out, too: they would be used where that one matches.
    """
    carried, left_out = [], []
    conditional = {above for above, one in pairwise(directives) if one.name == "if_page_contains"}
    missing = 0  # the line of the first `body` that is left out
    for one in directives:
        try:
            if one in conditional:
                raise NotCarriedOver("if_page_contains below makes it conditional; keys are not")
            key, selector = _selector(one)
            if key == "body" and missing:
                raise NotCarriedOver(f"the body of line {missing} goes first, and is left out")
            carried.append(Carried(one, key, selector))
        except NotCarriedOver as why:
            if one.name == "body" and one.value and not isinstance(why, NeverMatches):
                missing = missing or one.line
            left_out.append(LeftOut(one, str(why)))
    return Translated(tuple(carried), tuple(left_out))


def _selector(one: Directive) -> tuple[Key, str]:
    """The key and the selector of a directive. Raises NotCarriedOver."""
    if not one.name:
        raise NotCarriedOver("it is no directive; write NAME: VALUE")
    if one.name not in KNOWN:
        near = nearest(one.name, KNOWN)
        hint = f"; did you mean {near}?" if near else ""
        raise NotCarriedOver(f"unknown directive {one.name}{hint}")
    if not one.value:
        raise NotCarriedOver("it has no value")
    match one.name:
        case "body":
            return "body", to_css(one.value)
        case "strip":
            return "remove", to_css(one.value)
        case "strip_id_or_class":
            part = _bare(one)
            return "remove", joined([attribute(name, "*=", part) for name in ("class", "id")])
        case "strip_image_src":
            return "remove", f"img{attribute('src', '*=', _bare(one))}"
    raise NotCarriedOver(_REASONS.get(one.name, _NO_KEY))


def _bare(one: Directive) -> str:
    """The value without quotes: Full-Text RSS leaves them out, wherever they are."""
    bare = one.value.replace("'", "").replace('"', "")
    if not bare:
        raise NotCarriedOver("it has no value")
    return bare
