"""Selectors for a text: they find it, change little else, and are made of stable names."""

from hypothesis import given
from hypothesis import strategies as st

from models.items import Hint
from pipelines.extraction.tree import parse
from pipelines.inspection.page_fates import TextFate
from pipelines.inspection.page_texts import page_texts
from pipelines.inspection.selector_suggestions import SelectorFinder
from tests.factories import NOW

PAGE = """<html><body><nav class="menu"><a>Home</a></nav><main id="content">
<article class="story css-1x2y3z"><h1>Frozen</h1><p class="lead">The harbour froze.</p>
<p>It is thirty centimetres thick.</p><div class="md:px-0 newsletter-box"><p>Join our list.</p>
<p>Every morning.</p></div><p>It thawed in March.</p></article></main>
<footer><p>Imprint</p></footer></body></html>"""
REMOVED = {"Home", "Frozen", "Imprint"}


def finder(html: str = PAGE, removed: set[str] = REMOVED) -> tuple[SelectorFinder, dict[str, int]]:
    body = html.encode()
    fates = [
        TextFate(
            n, n, one.text, "", "removed" if one.text in removed else "kept", "", {}, 1.0, "",
            one.element,
        )
        for n, one in enumerate(page_texts(body, None, "https://x.test/a", Hint(), NOW).texts)
    ]  # fmt: skip
    return SelectorFinder(parse(body, None), fates), {one.text: one.number for one in fates}


def test_the_best_finds_the_text_and_nothing_else_that_would_change() -> None:
    found, numbers = finder()
    best = found.suggestions(numbers["The harbour froze."], keep=False)[0]
    assert (best.selector, best.covers, best.kept_words) == (
        ".lead", (numbers["The harbour froze."],), 0,
    )  # fmt: skip


def test_to_keep_a_text_what_is_removed_now_counts() -> None:
    html = PAGE.replace("Every morning.", "The council met.")
    found, numbers = finder(html, REMOVED | {"Join our list."})
    box = (numbers["Join our list."], numbers["The council met."])
    words = {
        keep: [one.selector for one in found.suggestions(box[0], keep=keep)]
        for keep in (True, False)
    }
    assert words[True][0] == ".newsletter-box", "the other text is kept already"
    assert words[False][0] == 'p:contains("Join our list.")', "the other text would go"


def test_a_selector_that_finds_others_alone_is_not_offered() -> None:
    html = (
        '<html><body><article class="story"><p>It froze.</p><div><p>It thawed.</p></div>'
        "</article></body></html>"
    )
    found, numbers = finder(html)
    offered = found.suggestions(numbers["It thawed."], keep=False)
    assert ".story > p" not in [one.selector for one in offered]
    place = found.place([numbers["It thawed."]])
    assert place is not None and place.selector != ".story > p"


def test_the_whole_box_is_offered_too() -> None:
    found, numbers = finder()
    offered = found.suggestions(numbers["Join our list."], keep=False)
    box = next(one for one in offered if one.selector == ".newsletter-box")
    assert box.covers == (numbers["Join our list."], numbers["Every morning."])
    assert (box.kept_words, box.removed_words) == (2, 0)


def test_a_text_without_any_name_is_found_by_its_words() -> None:
    found, numbers = finder("<html><body><div><p>Join us.</p><p>It froze.</p></div></body></html>")
    best = found.suggestions(numbers["Join us."], keep=False)[0]
    assert best.selector == 'p:contains("Join us.")' and best.by_words
    assert best.covers == (numbers["Join us."],)


def test_names_of_a_build_are_never_offered() -> None:
    found, numbers = finder()
    for text, number in numbers.items():
        for keep in (True, False):
            for one in found.suggestions(number, keep=keep):
                assert "css-" not in one.selector and "px-0" not in one.selector, text


def test_the_place_of_every_text_is_a_selector_that_finds_it() -> None:
    found, numbers = finder()
    places = {text: found.place([number]) for text, number in numbers.items()}
    selectors = {text: place.selector for text, place in places.items() if place}
    assert selectors["Home"] == "nav" and selectors["Imprint"] == "footer"
    assert selectors["Join our list."] == ".newsletter-box"
    for text, place in places.items():
        assert place and numbers[text] in place.covers == found.covered(place.selector)


def test_neighbours_get_the_selector_of_their_box() -> None:
    found, numbers = finder(removed=REMOVED | {"Join our list.", "Every morning."})
    both = [numbers["Join our list."], numbers["Every morning."]]
    place = found.place(both)
    assert place is not None and place.selector == ".newsletter-box"
    alone = '<html><body><div class="box"><h2 class="head">Two</h2><p>One</p></div></body></html>'
    found, numbers = finder(alone, {"Two", "One"})
    place, head = found.place([0, 1]), found.place([0])
    assert place is not None and place.covers == (0, 1) and place.selector == ".box"
    assert head is not None and head.selector == ".head"


_NAMES = st.sampled_from(["", ' class="box"', ' class="box ad"', ' id="top"', ' itemprop="x y"'])
_BOXES = st.lists(st.tuples(st.sampled_from(["p", "div", "aside", "li"]), _NAMES), min_size=1,
                  max_size=12)  # fmt: skip


@given(_BOXES, st.booleans())
def test_whatever_is_offered_was_tested(boxes: list[tuple[str, str]], keep: bool) -> None:
    inner = "".join(f"<{tag}{name}>text {n}</{tag}>" for n, (tag, name) in enumerate(boxes))
    found, numbers = finder(f"<html><body><main><p>words</p>{inner}</main></body></html>")
    for number in numbers.values():
        for one in found.suggestions(number, keep=keep):
            assert number in one.covers == found.covered(one.selector)
