"""Line breaks inside a paragraph: those of verse stay, others mean nothing."""

import pytest

from pipelines.extraction.blocks import outline
from pipelines.extraction.tree import parse
from pipelines.extraction.verse import Stanzas, one_text

VERSES = [
    ["The rain came down", "and all the town", "went out to see"],
    ["Дождь идёт", "и город весь", "выходит посмотреть"],
    ["雨が降る", "町中の人が", "川を見に行く"],
    ["নামল বৃষ্টি", "সারা শহর", "নদী দেখতে গেল"],
]


def pieces(html: str) -> list[str]:
    return [piece.text for piece in outline(parse(html.encode(), "utf-8")).pieces]


@pytest.mark.parametrize("lines", VERSES)
def test_several_short_lines_stay_lines(lines: list[str]) -> None:
    assert pieces(f"<p>{'<br>'.join(lines)}</p>") == ["\n".join(lines)]
    assert one_text(lines) == "\n".join(lines)


def test_long_lines_are_joined() -> None:
    line = (
        "The council met on Monday night in the hall by the harbour, and sat until after midnight."
    )
    assert pieces(f"<p>{line}<br>{line}<br>{line}</p>") == [" ".join([line] * 3)]


def test_two_lines_are_joined_unless_others_beside_them_are_verse() -> None:
    assert pieces("<div><p>one<br>still one</p><p>two</p></div>") == ["one still one", "two"]
    couplets = "".join(f"<p>بیت {n}<br>مصراع {n}</p>" for n in range(3))
    assert pieces(f"<div>{couplets}</div>") == [f"بیت {n}\nمصراع {n}" for n in range(3)]
    assert pieces("<div><p>a<br>b<br>c</p><p>d<br>e</p></div>") == ["a\nb\nc", "d\ne"]
    assert pieces("<div><h2>a<br>b</h2><h2>c<br>d</h2><h2>e<br>f</h2></div>") == [
        "a b",
        "c d",
        "e f",
    ]


def test_stanzas_know_their_neighbours_by_the_container_above() -> None:
    stanzas = Stanzas()
    for piece in range(3):
        stanzas.add(["a", "b"], 1, piece)
    stanzas.add(["c", "d"], 2, 3)
    assert list(stanzas.couplets()) == [(0, "a\nb"), (1, "a\nb"), (2, "a\nb")]
