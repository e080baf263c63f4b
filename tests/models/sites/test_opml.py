"""OPML in, outlines out; sites in, OPML out; and nothing resolved on the way."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import UsageError
from models.sites.config import Scope, Site, Sources, default_hosts
from models.sites.opml import DEEPEST, OpmlBroken, Outline, opml_of, read_opml

NESTED = """<?xml version="1.0" encoding="UTF-16"?>
<OPML version="1.0"><head><title>Mine</title></head><body>
<outline text="News">
 <outline text="The  &lt;Paper&gt;" type="rss" xmlurl=" https://a.example/rss " htmlURL="https://a.example/"/>
 <outline title="B" text="b" xmlUrl="https://b.example/rss"><outline text="deeper" url="https://c.example/"/></outline>
</outline>
<outline type="include" url="https://d.example/more"/><outline url="https://e.example/list.opml?x"/>
</body></OPML>"""


def test_outlines_are_found_at_any_depth() -> None:
    assert read_opml(NESTED, 9) == [
        Outline(4, "The <Paper>", "https://a.example/", "https://a.example/rss"),
        Outline(5, "B", "", "https://b.example/rss"),
        Outline(5, "deeper", "https://c.example/", ""),
        Outline(7, "", "https://d.example/more", "", includes=True),
        Outline(7, "", "https://e.example/list.opml?x", "", includes=True),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (NESTED[: len(NESTED) // 2], "line 5: the OPML is broken or cut here"),
        ("<opml><body><outline text='a & b'/>", "line 1: the OPML is broken or cut here"),
        ("<rss/>", "no OPML: its first tag is <rss>"),
        ("", "broken or cut here: no element found"),
        ("<opml>" + "<outline>" * DEEPEST, f"more than {DEEPEST} tags inside each other"),
        ('<!DOCTYPE opml [<!ENTITY e "x">]><opml>&e;</opml>', "it declares entities"),
        ('<!DOCTYPE opml [<!ENTITY % e SYSTEM "file:///etc/passwd">]><opml/>', "declares entities"),
    ],
)
def test_what_is_broken_is_refused_with_its_line(text: str, said: str) -> None:
    with pytest.raises(OpmlBroken, match=said):
        read_opml(text, 9)


@given(
    st.one_of(st.text(), st.text(alphabet='<>/"= opmlutineURxr&;![]-?\n').map("<opml>{}".format))
)
def test_no_text_is_a_traceback(text: str) -> None:
    try:
        outlines = read_opml(text, 9)
    except UsageError as refused:
        assert "\n" not in str(refused)
    else:
        assert all(one.html_url or one.xml_url for one in outlines)


@given(
    st.lists(st.tuples(st.from_regex(r"[a-z]{1,9}", fullmatch=True), st.lists(st.text(max_size=9))))
)
def test_what_is_written_is_read_again(sites: list[tuple[str, list[str]]]) -> None:
    made = []
    for name, feeds in sites:
        start = f'https://{name}.example/?a=1&b="2"'
        sources = Sources(feeds=tuple(f"https://{name}.example/{feed.strip()}" for feed in feeds))
        scope = Scope(hosts=default_hosts(start))
        made.append(Site(name, Path(), start, sources=sources, scope=scope))
    read = read_opml("".join(opml_of(made)), 10_000)
    expected = sum(max(1, len(feeds)) for _, feeds in sites)
    assert len(read) == expected
    assert {one.title for one in read} == {name for name, _ in sites}
    assert {one.html_url for one in read} == {site.start for site in made}
