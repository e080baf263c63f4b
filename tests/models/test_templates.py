"""Templates: what is packed comes back, and the order of pages tells nothing."""

import zlib
from collections.abc import Mapping
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.evidence import SAMPLE
from models.template_form import FORM
from models.templates import (
    PAGE_BYTES,
    TEMPLATE_BYTES,
    ClosedBox,
    LearnedBox,
    LearnedUse,
    PlaceUse,
    Template,
    TemplatePage,
    TemplateState,
    combined,
    pack,
    pack_page,
    unpack,
    unpack_page,
    usable,
)

COUNTS = st.integers(0, 10**6)
WORDS = st.integers(1, 10**6)
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
        words=WORDS,
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
        with pytest.raises(ValueError, match=r"\w"):
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
    except ValueError as fault:
        assert str(fault)


def test_a_page_of_too_many_places_is_in_no_sample() -> None:
    def packed(places: int) -> bytes | None:
        return pack_page(page(opened=frozenset(f"div.n{n:012}" for n in range(places))))

    assert packed(PAGE_BYTES // 18) is None
    assert packed(PAGE_BYTES // 22) is not None


@given(st.lists(PAGES, min_size=1, max_size=SAMPLE))
def test_a_template_is_never_twice_as_long_as_its_pages(pages: list[TemplatePage]) -> None:
    longest = 2 * sum(len(zlib.decompress(pack_page(one) or b"")) for one in pages)
    assert len(zlib.decompress(pack(combined(7, pages)))) <= longest
    assert TEMPLATE_BYTES == 2 * SAMPLE * PAGE_BYTES


def test_the_most_that_pages_may_show_teaches_what_can_be_read() -> None:
    most = PlaceUse(10**9, 10**9, 1e9, -1e9, 10**9)
    full = page({"p": {10**9: most}}, {"nav": ClosedBox(10**9, "other")}, words=10**9)
    assert unpack_page(pack_page(full) or b"") == full
    made = combined(7, [full] * SAMPLE)
    assert unpack(pack(made)) == made


STATE = TemplateState(7, 3, 99, pack(combined(7, [page()])))


def test_a_row_is_usable_or_teaches_nothing_yet() -> None:
    assert usable(STATE) == combined(7, [page()])
    assert usable(STATE._replace(last_hash=None)) == combined(7, [page()])
    assert usable(TemplateState(7, 0, None, None)) is None


@pytest.mark.parametrize(
    ("column", "why"),
    [
        ({"key": "abc"}, "template_key: 'abc'"),
        ({"key": 8}, "of template 7"),
        ({"agreed": -1}, "agreed: -1"),
        ({"agreed": "abc"}, "agreed: 'abc'"),
        ({"agreed": None}, "agreed: None"),
        ({"agreed": 0.5}, "agreed: 0.5"),
        ({"last_hash": "abc"}, "last_hash: 'abc'"),
        ({"last_hash": -1}, "last_hash: -1"),
        ({"packed": None}, "nothing learned of a full sample"),
        ({"packed": b""}, "cut short"),
        ({"packed": "text"}, "bytes: 'text'"),
    ],
)
def test_a_damaged_row_is_refused_with_its_reason(column: dict[str, object], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        usable(STATE._replace(**column))
