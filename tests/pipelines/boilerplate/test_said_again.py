"""What a page says twice is kept once, in its best place; what a text repeats itself stays."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.blocks import Block
from pipelines.boilerplate.said_again import said_again
from tests.factories import make_block, make_key

BODY = "article>div.body>p"
# Of each language: three sentences, each a paragraph's first; and one that only the body has.
STORIES = {
    "en": ("The town council voted late on Monday to keep the ferry running all winter.",
           "Under the plan the boat will cross six times a day until the end of March.",
           "The money comes from a fund for village roads that few had heard of.",
           "Two councillors asked whether that is allowed."),
    "de": ("Der Gemeinderat hat am Montagabend beschlossen, die Fähre im Winter fahren zu lassen.",
           "Nach dem Plan fährt das Boot bis Ende März sechsmal am Tag über den See.",
           "Das Geld kommt aus einem Topf für Dorfstraßen, den kaum jemand kannte.",
           "Zwei Räte fragten, ob das erlaubt ist."),
    "ru": ("Городской совет поздно вечером в понедельник решил сохранить паром на всю зиму.",
           "По плану лодка будет ходить шесть раз в день до самого конца марта.",
           "Деньги возьмут из фонда сельских дорог, о котором мало кто слышал.",
           "Два депутата спросили, можно ли так."),
    "ar": ("صوت مجلس البلدة مساء الاثنين على استمرار العبارة طوال فصل الشتاء كله.",
           "وبحسب الخطة تعبر المركب ست مرات في اليوم حتى نهاية شهر مارس.",
           "ويأتي المال من صندوق طرق القرى الذي لم يسمع به إلا قليلون.",
           "وسأل عضوان هل هذا مسموح؟"),
    "ja": ("町議会は月曜日の夜遅く、冬の間も渡し船の運航を続けることを決めた。",
           "計画では、船は三月の末まで一日に六回湖を渡ることになっている。",
           "費用はほとんど知られていない村道の基金から出される。",
           "二人の議員がそれは許されるのかと尋ねた。"),
    "hi": ("नगर परिषद ने सोमवार देर रात पूरी सर्दी नाव चलाते रहने के पक्ष में मतदान किया।",
           "योजना के अनुसार नाव मार्च के अंत तक दिन में छह बार झील पार करेगी।",
           "पैसा गांव की सड़कों के उस कोष से आएगा जिसके बारे में कम लोग जानते थे।",
           "दो पार्षदों ने पूछा कि क्या यह ठीक है।"),
}  # fmt: skip
languages = pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)


def block(text: str, path: str = BODY, **parts: Any) -> Block:
    return make_block(text, dom_path=path, dom_path_key=make_key(path), **parts)


def body(story: Sequence[str]) -> list[Block]:
    return [block(f"{sentence} {story[3]} {i}.") for i, sentence in enumerate(story[:3])]


def again(blocks: Sequence[Block]) -> dict[int, int]:
    return said_again(blocks, [one.kept for one in blocks])


@languages
def test_a_synopsis_of_sentences_of_the_body_goes(story: Sequence[str]) -> None:
    synopsis = block(" ".join(story[:3]), "main>div.synopsis>div")
    assert set(again([synopsis, *body(story)])) == {0}


@languages
def test_a_caption_that_repeats_the_body_goes_with_its_credit(story: Sequence[str]) -> None:
    caption = block(f"{story[0]} AFP", "div.body>figure>figcaption", kind="caption")
    assert again([*body(story), caption]) == {3: 0}


@languages
def test_a_caption_may_name_more_around_its_sentence(story: Sequence[str]) -> None:
    sentence = story[0].rstrip(".。।")
    path = "div.body>figure>figcaption"
    for said in (f"{sentence} – Ada Lind, Jo Ek, AFP", f"Ada Lind, Jo Ek, AFP – {sentence}"):
        assert again([*body(story), block(said, path, kind="caption")]) == {3: 0}


@languages
def test_a_standfirst_that_is_a_caption_too_stays_where_it_is(story: Sequence[str]) -> None:
    first, *others = body(story)
    standfirst = block(story[0], "main>header>p.dek")
    caption = block(story[0], "div.body>figure>figcaption", kind="caption")
    plain = block(story[1] + story[2])
    assert again([standfirst, caption, plain, *others]) == {1: 0}
    box = block(story[0], "div.body>div.picture>div.text", kind="other")
    assert again([standfirst, plain, box, *others]) == {2: 0}
    assert 0 in again([standfirst, caption, first, *others])  # the body's own is better still


@languages
@pytest.mark.parametrize(("path", "kind"), [
    ("div.body>aside.pull>blockquote", "quote"), ("div.body>aside>p", "paragraph"),
    ("article>div.body>p.pullquote", "paragraph"), ("div.body>div.pull>p", "paragraph"),
])  # fmt: skip
def test_a_pull_quote_goes(story: Sequence[str], path: str, kind: str) -> None:
    assert again([*body(story)[:2], block(story[1], path, kind=kind)]) == {2: 1}


@languages
def test_a_quote_that_the_text_does_not_have_stays(story: Sequence[str]) -> None:
    quote = block(story[2], "article>div.body>blockquote", kind="quote")
    assert again([*body(story)[:2], quote]) == {}


@pytest.mark.parametrize(("quote", "full"), [
    ("We counted every plank … and the tide took them anyway",
     "“We counted every plank of that bridge, and the tide took them anyway,” he said."),
    ("Wir haben jedes Brett gezählt, und der Fluss nahm sie mit",
     "„Wir haben jedes Brett gezählt, jedes einzelne, und der Fluss nahm sie mit“, sagte er."),
])  # fmt: skip
def test_a_pull_quote_may_shorten_its_sentence(quote: str, full: str) -> None:
    pull = block(quote, "article>div.body>blockquote", kind="quote")
    assert again([block(full), pull, *body(STORIES["en"])]) == {1: 0}


def test_who_said_a_pull_quote_goes_with_it() -> None:
    story = STORIES["en"]
    pull = block(story[1], "div.body>aside.pull>blockquote", kind="quote", position=3)
    who = block("Pieter Vost", "article>div.body>aside.pull", kind="other", position=4)
    assert set(again([*body(story), pull, who])) == {3, 4}


@pytest.mark.parametrize("one", ["2025", "Ines Calloway"])
def test_a_sentence_with_another_name_or_number_is_another_sentence(one: str) -> None:
    shared = "The council bought the harbour hall from {} and paid in silver for all of it."
    quote = block(shared.format(one), "article>div.body>blockquote", kind="quote")
    assert again([block(shared.format("2026")), quote, *body(STORIES["en"])]) == {}


@languages
def test_a_refrain_stays(story: Sequence[str]) -> None:
    lines = [block(text) for text in (story[1], story[0], story[2], story[0], story[3], story[0])]
    assert again(lines) == {}
    quoted = [block(one.text, "div.body>blockquote>p", kind="quote") for one in lines[:4]]
    assert again([block(story[2] + story[3]), *quoted]) == {}  # one line is in the text as well


@languages
def test_a_short_answer_stays(story: Sequence[str]) -> None:
    answer = block(story[0].split()[0][:6], "article>div.body>p.answer")
    assert again([*body(story), answer, answer]) == {}


@pytest.mark.parametrize("kind", ["list", "table", "heading", "code"])
def test_what_sums_up_stays(kind: str) -> None:
    story = STORIES["en"]
    assert again([block(story[0], "main>div.points>ul>li", kind=kind), *body(story)]) == {}


def test_what_is_removed_says_nothing() -> None:
    story = STORIES["en"]
    synopsis = block(story[0], "main>div.synopsis>div")
    hidden = block(story[0], "div>div>p", kept=False)
    assert again([synopsis, hidden, *body(story)[1:]]) == {}


TEXTS = st.sampled_from([text for story in STORIES.values() for text in story])
PATHS = st.sampled_from(["a>b>p", "a>b>p.x", "a>c>p", "a>aside>p", "b>figure>figcaption"])
KINDS = st.sampled_from(["paragraph", "quote", "caption", "list", "heading"])


@given(st.lists(st.builds(
    lambda texts, path, kind, kept: block(" ".join(texts), path, kind=kind, kept=kept),
    st.lists(TEXTS, max_size=3), PATHS, KINDS, st.booleans()), max_size=8))  # fmt: skip
def test_every_sentence_that_goes_is_still_there(blocks: list[Block]) -> None:
    gone = again(blocks)
    left = " ".join(one.text for i, one in enumerate(blocks) if one.kept and i not in gone)
    assert all(one.kept for i, one in enumerate(blocks) if i in gone)
    for i in gone:
        assert gone[i] not in gone
        for story in STORIES.values():
            assert all(text in left for text in story if text in blocks[i].text)
