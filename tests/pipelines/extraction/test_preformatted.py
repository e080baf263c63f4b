"""`<pre>`: prose that was wrapped by hand, verse, code."""

import textwrap
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extraction.blocks import outline
from pipelines.extraction.preformatted import is_wrapped, joined, part_preformatted, width
from pipelines.extraction.tree import parse

PROSE = {
    "en": "The police were called to the harbour on Monday night, where two boats had come loose "
    "in the storm. Nobody was hurt, and the owners have taken both of them back to their places.",
    "de": "Am Montagabend wurde die Polizei zum Hafen gerufen, wo sich im Sturm zwei Boote "
    "losgerissen hatten. Verletzt wurde niemand, und die Eigentümer holten beide Boote zurück.",
    "ru": "В понедельник вечером полицию вызвали в гавань, где во время шторма сорвало две лодки. "
    "Никто не пострадал, и владельцы вернули обе лодки на их места ещё до наступления утра.",
    "ar": "استدعيت الشرطة مساء الاثنين إلى الميناء حيث انفلت قاربان أثناء العاصفة ولم يصب أحد بأذى "
    "وأعاد المالكان القاربين إلى مكانهما قبل الصباح وقالا إن الحبال كانت قديمة وسيجري استبدالها.",
    "hi": "सोमवार की रात पुलिस को बंदरगाह बुलाया गया जहाँ तूफान में दो नावें खुल गई थीं और किसी को चोट नहीं "
    "आई और मालिक दोनों नावों को सुबह होने से पहले वापस ले गए और उन्होंने कहा कि रस्सियाँ पुरानी थीं।",
}
JAPANESE = (
    "警察は月曜日の夜に港へ呼ばれた。嵐の中で二隻の船が流されたためで、けが人はなく、持"
    "ち主が朝までに二隻とも元の場所へ戻したという。綱が古かったとみて調べを進めている。"
)


def pieces(pre: str) -> list[str]:
    tree = parse(f"<article>{pre}</article>".encode(), "utf-8")
    part_preformatted(tree)
    return [piece.text for piece in outline(tree).pieces]


@pytest.mark.parametrize("language", PROSE)
def test_wrapped_prose_is_one_line_for_each_paragraph(language: str) -> None:
    wrapped = textwrap.fill(PROSE[language], 66)
    assert wrapped.count("\n") > 1
    assert pieces(f"<pre>{wrapped}\n\n{wrapped}\n \n{wrapped}</pre>") == [PROSE[language]] * 3


def test_scripts_without_spaces_are_joined_without_them() -> None:
    lines = [JAPANESE[at : at + 30] for at in range(0, len(JAPANESE), 30)]
    assert pieces(f"<pre>{chr(10).join(lines)}</pre>") == [JAPANESE]


def test_elements_in_wrapped_prose_stay_in_their_paragraph() -> None:
    wrapped = textwrap.fill(PROSE["en"], 66).replace("harbour", "<a href='/h'>harbour</a>")
    assert pieces(f"<pre>{wrapped}\n\n<b>{wrapped}</b></pre>") == [PROSE["en"]] * 2


@pytest.mark.parametrize(
    "lines",
    [
        ["The rain came down,", "and all the town", "went out to see", "the harbour drown."],
        ["Es regnet auf das Dach,", "die Stadt wird wach,", "der Fluss geht schlafen."],
        ["Идёт над крышей дождь,", "не спит весь город,", "и ты его не ждёшь."],
        ["古池や", "蛙飛びこむ", "水の音"],
        ["باران می‌بارد", "بر بام خانه", "و شهر بیدار است"],
    ],
)
def test_lines_of_verse_stay_lines(lines: list[str]) -> None:
    stanza = "\n".join(lines)
    assert pieces(f"<pre>{stanza}\n\n{stanza}</pre>") == [stanza, stanza]


def test_lines_that_nobody_wrapped_are_paragraphs() -> None:
    assert pieces(f"<pre>{PROSE['de']}\n{PROSE['ru']}</pre>") == [PROSE["de"], PROSE["ru"]]


@pytest.mark.parametrize(
    ("pre", "texts"),
    [
        ("<pre>def f(x):\n    return x + 1;\n</pre>", ["def f(x):\n    return x + 1;"]),
        ("<pre>a = 1;\n\nb = 2;\n\n\nc = 3;</pre>", ["a = 1;\n\nb = 2;\n\n\nc = 3;"]),
        ("<pre><code>let a\nlet b\nlet <i>c\nd</i></code></pre>", ["let a\nlet b\nlet c\nd"]),
        ("<pre>Ferrow      1,204\nLang          988\nVost          655</pre>",
         ["Ferrow      1,204\nLang          988\nVost          655"]),
    ],
)  # fmt: skip
def test_code_and_columns_keep_their_lines(pre: str, texts: list[str]) -> None:
    assert pieces(pre) == texts


def test_a_pre_with_blocks_in_it_is_left_alone() -> None:
    assert pieces("<pre><div>a</div><div>b</div></pre>") == ["a", "b"]


def test_columns_count_signs_of_east_asia_twice() -> None:
    assert (width("ab"), width("東京"), joined("東\n京 a\nb")) == (2, 4, "東京 a\nb")


@pytest.mark.slow
def test_time_grows_with_the_page_alone() -> None:
    for text in ("a\n" * 90_000, "<b>a</b>\n" * 20_000, " " * 190_000, "\n" * 190_000):
        tree = parse(f"<pre>{text}</pre>".encode(), None)
        start = time.process_time()
        part_preformatted(tree)
        assert time.process_time() - start < 5


@given(
    st.lists(st.text("abcdefgh", min_size=1, max_size=9), min_size=60, max_size=120),
    st.integers(50, 90),
)
def test_what_was_wrapped_at_a_width_is_known_to_be(words: list[str], columns: int) -> None:
    assert is_wrapped(textwrap.fill(" ".join(words), columns))


CODE = "def f(x):\n    if x > 1:\n\treturn x;\n\n    return {x: 1}"


@pytest.mark.parametrize(
    "form", ["<pre>{}</pre>", "<pre><code>\n{}  \n</code></pre>", "<pre>{}\n\n</pre>"]
)
@pytest.mark.parametrize("before", ["Text.", "Текст.", "本文。"])
def test_code_keeps_how_it_is_moved_in_and_its_blank_lines(before: str, form: str) -> None:
    source = form.format(CODE.replace("def", "<b>def</b>"))
    tree = parse(f"<html><body><p>{before}</p>{source}<p>{before}</p></body></html>".encode(), None)
    part_preformatted(tree)
    assert [piece.text for piece in outline(tree).pieces] == [before, CODE, before]
