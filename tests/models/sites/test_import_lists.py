"""Lists of sites as people have them: OPML, addresses one a line, CSV."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import UsageError
from models.sites import import_lists
from models.sites.import_lists import ListBroken, Wanted, address_of, read_list


def read(text: str | bytes) -> list[Wanted]:
    return read_list(text if isinstance(text, bytes) else text.encode(), "list")


def test_a_list_has_an_address_a_line_with_comments_and_five_spellings_of_one() -> None:
    raw = codecs.BOM_UTF8 + (
        b"# mine\r\n\r\nexample.com\r\nhttp://EXAMPLE.com:80/  # again\r\nhttps://www.example.com\n"
        b"https://example.com/?utm_source=x\nexample.com.\r\nfeed://feeds.example.net/a\n"
        b"feeds.example.net/b\nfoo bar\n"
    )
    assert read(raw) == [
        Wanted(3, "https://example.com/", again=(4, 5, 6, 7)),
        Wanted(8, "https://feeds.example.net/a", number=5),
        Wanted(9, "https://feeds.example.net/b", number=6),
        Wanted(10, "foo bar", number=7, fault="not a host name: 'foo bar'"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "https://a.example/news,1\nhttps://b.example/news,2\n",
        "a.example\nhttps://b.example/a,b\n",
        "# sites, by town\na.example\n",
        "Sites of ours, by town\na.example\n",
    ],
)
def test_addresses_with_commas_are_no_csv(text: str) -> None:
    assert not read(text)[-1].fault


def test_what_cannot_be_imported_keeps_all_that_its_line_says() -> None:
    rows = "url;name;private;feeds\na.example;Bad Name;yes;b.example/1 c.example/2\n"
    one = read(rows + "a.example;good;;ftp://e.example\nc.example\n")
    assert one[0].fault and (one[0].name, one[0].private) == ("Bad Name", True)
    assert one[0].feeds == ("b.example/1", "c.example/2")
    assert one[1].fault and (one[1].name, one[1].feeds) == ("good", ("ftp://e.example",))


def test_a_quote_before_a_formula_is_no_part_of_a_cell() -> None:
    [one] = read('url,title\na.example,"\'=1+1"\n')
    [other] = read("url,title\na.example,'Tis news\n")
    assert (one.title, other.title) == ("=1+1", "'Tis news")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_known_by_its_header(delimiter: str) -> None:
    rows = [
        ["Name", '"URL"', "private", "feeds", "outcome"],
        ["", "a.example", "", "", "failed"],
        ["b-1", "http://127.0.0.1:8000/", "true", "https://b.example/1 https://b.example/2", ""],
        ["Bad Name", "c.example", "", "", ""],
        ["", "d.example", "perhaps", "", ""],
        ["", "e.example", "", "ftp://e.example", ""],
        ["", "", "", "", "only"],
    ]
    found = read("\n\n".join(delimiter.join(row) for row in rows))
    feeds = ("https://b.example/1", "https://b.example/2")
    assert found[0] == Wanted(3, "https://a.example/")
    assert found[1] == Wanted(
        5, "http://127.0.0.1:8000/", feeds, "b-1", private=True, is_page=True, number=1
    )
    assert [one.fault and one.fault.split(";")[0] for one in found[2:]] == [
        "name: 'Bad Name' is no site name",
        "private: 'perhaps'",
        "feeds: not an http or https URL: 'ftp://e.example'",
        "not a host name: ''",
    ]


def test_outlines_of_one_site_are_one_with_all_its_feeds() -> None:
    opml = """<opml><body>
    <outline text="Sport" xmlUrl="http://www.a.example/sport.rss" htmlUrl="http://www.a.example/sport"/>
    <outline text="All" xmlUrl="http://a.example/rss" htmlUrl="https://a.example"/>
    <outline xmlUrl="https://feeds.example.net/b"/><outline xmlUrl="https://feeds.example.net/c"/>
    <outline xmlUrl="https://d.example/rss" htmlUrl="about:blank"/>
    <outline type="include" url="https://e.example/more.opml"/></body></opml>"""
    first, second, third, fourth, fifth = read(opml)
    assert (first.address, first.title, first.again) == ("https://a.example/", "Sport", (3,))
    assert first.feeds == ("http://www.a.example/sport.rss", "http://a.example/rss")
    assert [second.address, third.address] == [f"https://feeds.example.net/{x}" for x in "bc"]
    assert (fourth.address, fourth.is_page) == ("https://d.example/rss", False)
    assert fifth.fault == "it includes another OPML file; import that one too"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "iso-8859-1", "windows-1251"])
def test_an_opml_is_read_in_the_encoding_that_it_declares(encoding: str) -> None:
    title = "Новости" if encoding == "windows-1251" else "Zürich"
    declared = encoding.removesuffix("-sig")
    opml = (
        f'<?xml version="1.0" encoding="{declared}"?>\n'
        f'<opml><body><outline text="{title}" htmlUrl="https://a.example/"/></body></opml>'
    )
    assert read(opml.encode(encoding))[0].title == title


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "list names no site; write OPML, CSV with a column 'url', or one address a line"),
        (b"# nothing\n", "list names no site; write OPML"),
        (b"hello\nworld\n", "names no site: line 1: 'hello' is no address; write OPML"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "names no site: line 1: .* is no address"),
        (b"<!doctype html><html></html>", "line 1: .*; nothing was imported"),
        (b"<opml><body>\n<outline htmlUrl='a.example'/>\n<outl", "line 3: .* cut here"),
        (b"adress,name\na.example,x\n", "its header 'adress,name' has no column 'url'; nothing"),
        (b"\n Adresse ; Titel \n\nhttps://a.example/;A", "header .* has no column 'url'"),
        (b'url,name\na.example,"b', "the CSV is broken: line 2: .*; nothing was imported"),
    ],
)
def test_a_file_that_is_no_list_is_one_line(raw: bytes, said: str) -> None:
    with pytest.raises(ListBroken, match=said) as refused:
        read(raw)
    assert "\n" not in str(refused.value)


def test_a_list_that_is_too_long_says_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_lists, "MAX_SITES", 2)
    with pytest.raises(ListBroken, match="more than 2 addresses; cut it into smaller files"):
        read("a.example\nb.example\nc.example\n")
    monkeypatch.setattr(import_lists, "MAX_BYTES", 8 << 20)
    with pytest.raises(ListBroken, match="more than 8 MB"):
        read(b"#" * ((8 << 20) + 1))


def test_an_opml_of_ten_megabytes_is_read() -> None:
    outlines = "\n".join(
        f'<outline text="{"x" * 900}" xmlUrl="https://s{n}.example/rss"/>' for n in range(10_000)
    )
    assert len(read(f"<opml><body>{outlines}</body></opml>")) == 10_000


@given(
    st.one_of(
        st.binary(), st.text().map(str.encode), st.text().map(lambda t: b"url,name\n" + t.encode())
    )
)
def test_no_bytes_are_a_traceback(raw: bytes) -> None:
    try:
        found = read(raw)
    except UsageError as refused:
        assert "\n" not in str(refused)
        return
    assert len({one.number for one in found}) == len(found)
    for one in found:
        assert one.fault or address_of(one.address) == one.address


def test_a_list_that_is_too_long_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(import_lists, "MAX_SITES", 2)
    monkeypatch.setattr(
        import_lists, "address_of", lambda written: asked.append(written) or address_of(written)
    )
    with pytest.raises(ListBroken, match="more than 2 addresses"):
        read("".join(f"paper{n}.example\n" for n in range(1000)))
    assert len(asked) == 3
    outlines = '<outline xmlUrl="a.example"/>' * 3
    with pytest.raises(ListBroken, match="line 1: more than 2 outlines"):
        read(f"<opml><body>{outlines} & whatever follows")
