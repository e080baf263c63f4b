"""What class names and words say of a block, in several languages."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extraction import vocabulary as v
from pipelines.extraction.vocabulary import beginnings, of_names, of_words


@pytest.mark.parametrize(
    ("names", "bit"),
    [
        ("comments-area", v.COMMENT),
        ("commentSection", v.COMMENT),
        ("c_related__list", v.RELATED),
        ("MostRead", v.RELATED),
        ("social-share", v.SHARE),
        ("newsletter-signup", v.PROMO),
        ("ad", v.ADVERT),
        ("adSlot", v.ADVERT),
        ("werbung", v.ADVERT),
        ("cookie-banner", v.COOKIE),
        ("main nav", v.NAVIGATION),
        ("breadcrumbs", v.NAVIGATION),
        ("image-caption", v.CAPTION),
        ("byline", v.AUTHOR),
        ("tags", v.TAGS),
        ("article__body", v.BODY),
        ("standfirst", v.LEAD),
        ("sidebar", v.SIDE),
        ("site-footer", v.FOOT),
        ("sr-only", v.HIDDEN),
        ("pullquote", v.QUOTE),
        ("timestamp", v.META),
        ("video-player", v.EMBED),
        ("correction", v.CORRECTION),
        ("articleTitle", v.HEADLINE),
    ],
)
def test_a_name_says_what_it_is_of(names: str, bit: int) -> None:
    assert of_names(names) & bit


@pytest.mark.parametrize("names", ["", "story", "wrapper", "headland", "loaded", "c-1"])
def test_other_names_say_nothing(names: str) -> None:
    assert of_names(names) == 0


def test_several_names_say_several_things() -> None:
    assert of_names("newsletter footer") == v.PROMO | v.FOOT


@pytest.mark.parametrize(
    ("pattern", "firsts"),
    [
        ("comments?|disqus", {"com", "dis"}),
        (r"\bads?\b", {"ad", "ads"}),
        (r"a-?lire", {"a-l", "ali"}),
        (r"s(?:o|hare)?x", {"sx", "sox", "sha"}),
        (r"(?:a|b(?:c|d)?)ef", {"aef", "bef", "bce", "bde"}),
        (r"a11y", {"a11"}),
    ],
)
def test_a_match_begins_with_one_of_the_beginnings(pattern: str, firsts: set[str]) -> None:
    assert beginnings(pattern) == firsts


@pytest.mark.parametrize("pattern", ["a.b", "[ab]", "a*", "A"])
def test_other_patterns_are_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="no pattern of names"):
        beginnings(pattern)


_SEARCHED = [(bit, re.compile(pattern)) for bit, pattern in v._NAMES]
_PARTS = sorted({part for _, names in v._NAMES for part in re.findall("[a-z]+", names)})


@given(
    st.lists(
        st.one_of(st.sampled_from(_PARTS), st.sampled_from("-_ .:@[()]"), st.text(max_size=4))
    ).map("".join)
)
def test_names_say_what_a_search_for_each_pattern_finds(names: str) -> None:
    folded = v._JOINTS.sub("-", v._CAMEL.sub("-", names)).lower()
    found = sum(bit for bit, pattern in _SEARCHED if pattern.search(folded))
    assert of_names(names) == found


@pytest.mark.parametrize(
    ("text", "bit"),
    [
        ("Leave a comment", v.COMMENT),
        ("12 Kommentare", v.COMMENT),
        ("Tell us what you think in the comments below", v.CALL),
        ("Read also: the ferry", v.RELATED),
        ("Lire aussi : le ferry", v.RELATED),
        ("Sign up for our newsletter", v.PROMO),
        ("Share", v.SHARE),
        ("ADVERTISEMENT", v.ADVERT),
        ("Anzeige", v.ADVERT),
        ("© The Daily Loop", v.FOOT),
        ("Photo: Ada Lind / Reuters", v.CAPTION),
        ("Updated 24 May 2026", v.META),
        ("08:15", v.META),
    ],
)
def test_words_say_what_a_block_is(text: str, bit: int) -> None:
    assert of_words(text) & bit


@pytest.mark.parametrize(
    "text", ["The night ferry sails again in June.", "She reads and shares much.", ""]
)
def test_prose_says_nothing(text: str) -> None:
    assert of_words(text) == 0


def test_what_is_longer_than_400_characters_is_prose() -> None:
    said = "sign up for our newsletter "
    assert of_words(said.ljust(400, "x")) == v.PROMO
    assert of_words(said.ljust(401, "x")) == 0


def test_each_bit_is_one_thing() -> None:
    bits = [
        value
        for name, value in vars(v).items()
        if name.isupper() and name[0] != "_" and isinstance(value, int)
    ]
    assert len(set(bits)) == len(bits) and sum(bits) == 2 ** len(bits) - 1


def test_a_call_to_comment_is_short() -> None:
    call = "Tell us what you think of it in the comments below."
    talk = (
        "To take part, you only need to leave a comment under any story and put our sign in front "
        "of it, and somebody from the newsroom will answer there."
    )
    assert of_words(call) & v.CALL
    assert not of_words(talk) & v.CALL


@pytest.mark.parametrize(("pattern", "parts"), [row[1:] for row in v._SAYS if row[2]])
@given(st.data())
def test_what_a_phrase_says_has_one_of_its_parts(
    pattern: re.Pattern[str], parts: tuple[str, ...], data: st.DataObject
) -> None:
    said = data.draw(st.from_regex(pattern, fullmatch=True))
    assert any(part in said for part in parts)
