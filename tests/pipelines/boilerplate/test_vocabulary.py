"""What class names and words say of a block, in several languages."""

import pytest
from pipelines.boilerplate.vocabulary import of_names, of_words

from pipelines.boilerplate import vocabulary as v


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
    bits = [value for name, value in vars(v).items() if name.isupper() and name[0] != "_"]
    assert len(bits) == 21
    assert sum(bits) == 2**21 - 1
