"""Templates: what is packed comes back, and the order of pages tells nothing."""

import zlib
from collections.abc import Mapping
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.templates import (
    FORM,
    UNREADABLE,
    ClosedBox,
    LearnedBox,
    LearnedUse,
    PlaceUse,
    Template,
    TemplatePage,
    combined,
    pack,
    pack_page,
    unpack,
    unpack_page,
)

COUNTS = st.integers(0, 10**6)
PATHS = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=12)
ODDS = st.integers(-700, 700).map(lambda cents: cents / 100)  # as pages have them


@st.composite
def place_uses(draw: st.DrawFn) -> PlaceUse:
    texts = draw(st.integers(1, 9))
    return PlaceUse(texts, draw(st.integers(0, texts)), draw(ODDS), draw(ODDS), draw(COUNTS))


def shown(
    paths: st.SearchStrategy[str], body: st.SearchStrategy[str]
) -> st.SearchStrategy[TemplatePage]:
    classes = st.dictionaries(st.integers(0, 99), place_uses(), max_size=3)
    boxes = st.builds(ClosedBox, COUNTS, st.sampled_from(["related", "navigation", "other"]))
    return st.builds(
        TemplatePage,
        body=body,
        words=COUNTS,
        uses=st.dictionaries(paths, classes, max_size=4),
        closed=st.dictionaries(paths, boxes, max_size=4),
        open=st.frozensets(paths, max_size=4),
        heads=st.dictionaries(st.sampled_from(["headline", "byline", "date"]), paths),
    )


PAGES = shown(PATHS, PATHS)
OF_ONE_TEMPLATE = st.lists(
    shown(st.sampled_from(["p", "li", "h1"]), st.just("div")), min_size=1, max_size=6
)
LEARNED = st.lists(PAGES, min_size=1, max_size=4).map(lambda pages: combined(7, pages))


@given(PAGES)
def test_a_page_that_is_packed_comes_back(page: TemplatePage) -> None:
    assert unpack_page(pack_page(page)) == page


@given(LEARNED)
def test_a_template_that_is_packed_comes_back(template: Template) -> None:
    assert unpack(pack(template)) == template


@given(OF_ONE_TEMPLATE, st.randoms(use_true_random=False))
def test_pages_in_any_order_make_the_same_template(pages: list[TemplatePage], dice: object) -> None:
    other = list(pages)
    dice.shuffle(other)
    assert pack(combined(7, other)) == pack(combined(7, pages))


def page(
    uses: Mapping[str, Mapping[int, PlaceUse]] | None = None,
    closed: Mapping[str, ClosedBox] | None = None,
    opened: frozenset[str] = frozenset(),
    words: int = 100,
    heads: Mapping[str, str] | None = None,
) -> TemplatePage:
    return TemplatePage("div", words, uses or {}, closed or {}, opened, heads or {})


def test_uses_of_one_class_add_up_and_the_least_sure_text_is_kept() -> None:
    one, other = PlaceUse(3, 3, 12.0, 2.5, 90), PlaceUse(1, 1, 3.0, 3.0, 30)
    made = combined(7, [page({"p": {4: one}}), page({"p": {4: other, 5: other}})])
    assert made.uses["p"][4] == LearnedUse(2, 4, 4, 3.75, 2.5, 120, 90)
    assert made.uses["p"][5] == LearnedUse(1, 1, 1, 3.0, 3.0, 30, 30)


@pytest.mark.parametrize("scores", [(-4.25, 4.65, -5.71), (-5.71, 4.65, -4.25), (3.0, -3.0, 7.0)])
def test_a_mean_and_the_nearest_score_are_the_same_in_any_order(scores: tuple[float, ...]) -> None:
    pages = [page({"p": {1: PlaceUse(2, 1, score, score, 1)}}) for score in scores]
    made = {pack(combined(7, [*those])) for those in permutations(pages)}
    assert len(made) == 1


def test_a_box_that_one_page_opens_is_closed_on_none() -> None:
    shut = page(closed={"aside": ClosedBox(40, "related"), "nav": ClosedBox(9, "navigation")})
    made = combined(7, [shut, shut, page(opened=frozenset({"aside"}))])
    assert made.closed == {"nav": LearnedBox(2, 9, "navigation")}
    assert made.open == {"aside"}


def test_a_closed_box_has_the_most_text_and_the_reason_of_most_pages() -> None:
    boxes = [ClosedBox(40, "related"), ClosedBox(90, "other"), ClosedBox(60, "related")]
    made = combined(7, [page(closed={"aside": box}) for box in boxes])
    assert made.closed["aside"] == LearnedBox(3, 90, "related")


def test_headlines_are_counted_by_path_and_articles_by_length() -> None:
    made = combined(
        7,
        [
            page(words=n, heads={"headline": path})
            for n, path in ((300, "h1"), (90, "h2"), (200, "h1"))
        ],
    )
    assert made.words == (90, 200, 300)
    assert made.heads == {"headline": {"h1": 2, "h2": 1}}
    assert (made.pages, made.body, made.key) == (3, "div", 7)


@pytest.mark.parametrize("read", [unpack, unpack_page])
def test_another_form_is_refused(read: object) -> None:
    packed = zlib.compress(b'{"form": %d, "key": 1}' % (FORM + 1))
    with pytest.raises(ValueError, match=f"form {FORM + 1}, where {FORM} is the one known"):
        read(packed)


def broken() -> list[bytes]:
    whole = pack_page(page({"p": {1: PlaceUse(1, 1, 1.0, 1.0, 1)}}, {"nav": ClosedBox(1, "other")}))
    words = zlib.decompress(whole)
    damaged = [
        b"", b"null", b"[]", b"7", b"{}", b'{"form":1}', b'"form"', words[:-1], words[1:],
        words.replace(b'"uses":[', b'"uses":[7,'), words.replace(b'"uses":[', b'"uses":[[],'),
        words.replace(b'[1,1,1,1.0,1.0,1]', b"[1,1]"), words.replace(b'[1,1,1,1.0,1.0,1]', b"[]"),
        words.replace(b'"closed":[', b'"closed":[[],'), words.replace(b'"open":[]', b'"open":7'),
        words.replace(b'"open":[]', b'"open":[[]]'), b"\xff\xfe{}",
    ]  # fmt: skip
    return [b"", b"x", whole[:-1], whole[:9], whole[1:], *map(zlib.compress, damaged)]


@pytest.mark.parametrize("packed", broken())
def test_what_is_damaged_is_unreadable(packed: bytes) -> None:
    for read in (unpack, unpack_page):
        with pytest.raises(UNREADABLE):
            read(packed)


@given(PAGES, st.data())
def test_a_byte_that_changed_is_unreadable_or_harmless(
    page: TemplatePage, data: st.DataObject
) -> None:
    packed = bytearray(pack_page(page))
    at = data.draw(st.integers(0, len(packed) - 1))
    packed[at] ^= data.draw(st.integers(1, 255))
    try:
        assert isinstance(unpack_page(bytes(packed)), TemplatePage)
    except UNREADABLE as fault:
        assert str(fault)
