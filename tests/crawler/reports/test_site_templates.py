"""A site's learned templates as people read them."""

import json
import zlib
from typing import Any

import pytest

from crawler.reports.site_templates import BOXES, FEW, STEPS, Usage, template_lines
from models.evidence import SAMPLE
from models.memory.learned import TaughtTemplate
from models.memory.learned_templates import LEAST, LONGEST_BASIS
from models.templates import ClosedBox, TemplatePage, combined, pack
from pipelines.extraction.paths import PATH
from tests.factories import NOW
from tests.support.taught_templates import BASIS, HEADS, shown_page

TODAY = Usage(BASIS)


def taught(*pages: TemplatePage, **parts: Any) -> TaughtTemplate:
    learned = pack(combined(7, pages)) if pages else None
    values = {
        "key": 7, "basis": BASIS, "agreed": 12, "learned": learned, "pages": len(pages),
        "recent": 3, "of_recent": 20, "since": NOW, "seen_at": NOW,
    }  # fmt: skip
    return TaughtTemplate(**{**values, **parts})


def shown(*templates: TaughtTemplate, usage: Usage = TODAY, limit: int = 9) -> list[str]:
    return list(template_lines("example", templates, usage, limit))


def row(lines: list[str], what: str) -> list[str]:
    """The columns of an outline's first line of a name."""
    return next(line for line in lines if line.startswith(f"    {what} ")).split(maxsplit=2)[1:]


def test_a_template_reads_as_an_outline() -> None:
    pages = [shown_page(words) for words in (1480, *range(212, 212 + SAMPLE - 1))]
    assert shown(taught(*pages)) == [
        "template 7: 16+ pages, 3 of the 20 newest; since 2026-11-22, last seen 2026-11-22",
        "  12 comparisons in a row agree; 8 % of new pages are searched too",
        "    headline    article>header>h1   16 of 16",
        "    byline      article>p.by        16 of 16",
        "    date        (not seen)",
        "    body        article>div.story   16 of 16, 212 to 1,480 words",
        "    related     article>aside.more  16 of 16, up to 262 characters",
        "    navigation  header              16 of 16, up to 112 characters",
    ]


@pytest.mark.parametrize(
    ("agreed", "said"),
    [
        (0, "not compared yet; every new page is searched too"),
        (1, "1 comparison agrees; 50 % of new pages are searched too"),
        (2, "2 comparisons in a row agree; 33 % of new pages are searched too"),
        (9999, "9999 comparisons in a row agree; 5 % of new pages are searched too"),
    ],
)
def test_it_says_how_far_a_template_is_trusted(agreed: int, said: str) -> None:
    assert shown(taught(shown_page(), agreed=agreed))[1] == f"  {said}"


def test_what_other_rules_taught_is_said_to_be_of_no_use() -> None:
    assert "other rules or another version" in shown(taught(shown_page(), basis="winnow/0 -"))[1]
    cut_off = taught(shown_page(), basis="b" * LONGEST_BASIS)
    assert "comparisons" in shown(cut_off, usage=Usage("b" * 300))[1]


def test_a_site_of_which_every_page_is_searched_says_why() -> None:
    told = shown(taught(shown_page()), usage=Usage(BASIS, "trafilatura"))[1]
    assert told.startswith("  12 comparisons in a row agree; all pages are searched: [extraction]")


def test_a_headline_that_stands_elsewhere_on_some_pages_is_counted() -> None:
    other = shown_page(heads={**HEADS, "headline": "h2"})
    told = row(shown(taught(shown_page(), shown_page(), other)), "headline")
    assert told == ["article>header>h1", "2 of 3, elsewhere on 1"]


def test_one_length_is_said_once() -> None:
    assert row(shown(taught(shown_page(90))), "body")[1] == "1 of 1, 90 words"


def test_text_outside_the_body_is_shown_and_removed_text_is_not() -> None:
    more = {"main>p.lead": (1, 1), "main>p.note": (2, 1), "article>div.story>ul>li": (5, 5)}
    lines = shown(taught(shown_page(more=more), shown_page(more=more), shown_page()))
    assert row(lines, "text") == ["main>p.lead", "2 of 3"]
    assert sum(line.startswith("    text ") for line in lines) == 1


def test_the_largest_boxes_are_shown_and_the_others_counted() -> None:
    closed = {f"div.n{n}": ClosedBox(10 * n, "promo") for n in range(1, BOXES + 3)}
    lines = shown(taught(shown_page(closed=closed)))
    assert row(lines, "promo") == [f"div.n{BOXES + 2}", "1 of 1, up to 70 characters"]
    assert sum("promo" in line for line in lines) == BOXES
    assert lines[-1] == "    and 2 smaller boxes"
    del closed["div.n1"]
    assert shown(taught(shown_page(closed=closed)))[-1] == "    and 1 smaller box"


def test_a_box_in_another_is_not_shown_however_deep() -> None:
    assert STEPS == PATH
    deep = ["aside", "aside>ul", "aside>ul>li", "aside>ul>li>p", "ul>li>p>a", "nav>ul>li>i"]
    lines = shown(taught(shown_page(closed={path: ClosedBox(9, "promo") for path in deep})))
    assert [line.split()[1] for line in lines if "promo" in line] == ["aside", "nav>ul>li>i"]


def test_a_long_path_loses_its_beginning() -> None:
    path = ">".join(f"div.{'x' * 30}{n}" for n in range(4))
    [shortened, _] = row(shown(taught(shown_page(closed={path: ClosedBox(9, "promo")}))), "promo")
    assert shortened.startswith("…")
    assert path.endswith(shortened[1:])


def test_templates_of_too_few_pages_have_a_line_each_and_come_last() -> None:
    few = [taught(key=10 + n, pages=1 + n % 2) for n in range(FEW + 2)]
    lines = shown(taught(shown_page()), *few)[-FEW - 1 :]
    days = "since 2026-11-22, last seen 2026-11-22"
    assert lines[0] == f"template 10: 1 page of the {LEAST} that it takes; {days}"
    assert lines[1].startswith(f"template 11: 2 pages of the {LEAST}")
    assert lines[-1] == "and 2 more of too few pages"


def test_only_so_many_outlines_are_shown() -> None:
    lines = shown(taught(shown_page()), taught(shown_page(), key=8), limit=1)
    assert not any("template 8" in line for line in lines)
    assert lines[-1] == "and 1 more"


def test_a_template_of_which_no_day_is_known_says_none() -> None:
    [line] = shown(taught(pages=2, since=None, seen_at=None))
    assert line == f"template 7: 2 pages of the {LEAST} that it takes"


def damaged() -> list[bytes]:
    good = json.loads(zlib.decompress(pack(combined(7, [shown_page()]))))
    changes: list[dict[str, Any]] = [
        {"form": 99}, {"words": []}, {"words": ["x", 2]}, {"heads": []}, {"heads": {"date": 3}},
        {"uses": 3}, {"uses": [["p", [0, 1]]]}, {"closed": [["p", "x", None, 3]]},
        {"closed": [[3, 1, 1, "promo"]]}, {"closed": [["p", 1, 1, None]]}, {"body": None},
        {"pages": "x"},
    ]  # fmt: skip
    made = [{**good, **change} for change in changes]
    packed = [zlib.compress(json.dumps(one).encode()) for one in (*made, [], 3, {})]
    return [b"", b"not zlib", zlib.compress(b"{"), zlib.compress(b"\xff"), *packed]


@pytest.mark.parametrize("learned", damaged())
def test_what_cannot_be_read_is_one_line_that_says_what_to_do(learned: bytes) -> None:
    assert_damaged(shown(taught(learned=learned)))


@pytest.mark.parametrize(
    "columns",
    [{"agreed": -1}, {"agreed": "abc"}, {"agreed": 1.5}, {"agreed": None}, {"last_hash": "abc"}],
)
@pytest.mark.parametrize("pages", [[], [shown_page()]])
def test_a_row_whose_other_columns_are_damaged_is_such_a_line_too(
    columns: dict[str, Any], pages: list[TemplatePage]
) -> None:
    assert_damaged(shown(taught(*pages, **columns)))


def assert_damaged(lines: list[str]) -> None:
    [line] = lines
    assert line.startswith("template 7: what it taught cannot be read (")
    assert line.endswith(
        "), so its pages are searched; to learn it afresh: scrapy sites forget example --template 7"
    )
    assert len(line) < 250


def test_enough_pages_of_which_nothing_is_learned_are_said_to_be_so() -> None:
    [line] = shown(taught(pages=LEAST))
    assert line.startswith(f"template 7: {LEAST} pages, not learned from yet; the next")


def test_a_full_sample_of_which_nothing_is_learned_is_damage() -> None:
    assert_damaged(shown(taught(pages=SAMPLE, last_hash=99)))
