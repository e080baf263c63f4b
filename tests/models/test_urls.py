"""One page under many spellings is one key; two pages never are."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from models.urls import (
    TRACKERS,
    key_text,
    netloc_of,
    normalise,
    origin_of,
    path_and_query,
    request_url,
    same_page,
    site_of,
    url_key,
)

STORY = "https://example.com/2026/11/story"
segments = st.text(st.characters(exclude_characters="/?#;\\\r\n\t"), min_size=1, max_size=20)
words = st.text("abcdefghijklmnopqrstuvwxyz0123456789-_.~%", min_size=1, max_size=12)
hosts = st.sampled_from(
    ["example.com", "www.example.com", "amp.example.co.uk", "bücher.de", "127.0.0.1", "[::1]"]
)


@st.composite
def web_urls(draw: st.DrawFn) -> str:
    port = draw(st.sampled_from(["", ":80", ":443", ":8001"]))
    path = "/".join(draw(st.lists(st.one_of(segments, words), max_size=4)))
    query = "&".join(f"{n}={v}" for n, v in draw(st.lists(st.tuples(words, words), max_size=4)))
    scheme = draw(st.sampled_from(["http", "https", "HTTP"]))
    return f"{scheme}://{draw(hosts)}{port}/{path}" + (f"?{query}" if query else "")


@pytest.mark.parametrize(
    "spelling",
    [
        "http://example.com/2026/11/story",
        "https://www.example.com/2026/11/story",
        "HTTPS://EXAMPLE.COM:443/2026/11/story",
        "http://example.com:80/2026/11/story",
        "https://example.com./2026/11/story",
        "https://%65xample.com/2026/11/story",
        "https://user:secret@example.com/2026/11/story",
        "https://example.com/2026/11/story/",
        "https://example.com/2026/11/story#comments",
        "https://example.com/2026/11/story#!/gallery",
        "https://example.com/2026/11/story?",
        "https://example.com/2026/11/./x/../story",
        "https://example.com/2026/%31%31/story",
        "https://example.com/2026/11/story;jsessionid=0A1B",
        "https://example.com/2026/11/story?utm_source=rss&utm_medium=feed",
        "https://example.com/2026/11/story?amp;utm_source=rss",
        "https://example.com/2026/11/story?fbclid=IwAR0&gclid=x",
        "https://example.com/2026/11/story/amp",
        "https://example.com/2026/11/story/amp/",
        "https://example.com/2026/11/story/amp.html",
        "https://example.com/amp/2026/11/story",
        "https://example.com/2026/11/story.amp",
        "https://example.com/2026/11/story?amp",
        "https://example.com/2026/11/story?amp=1",
        "https://example.com/2026/11/story?outputType=amp",
        "https://amp.example.com/2026/11/story",
        "  https://example.com/2026/11/sto\nry ",
    ],
)
def test_a_spelling_of_a_page_has_its_key(spelling: str) -> None:
    assert key_text(spelling) == key_text(STORY)
    assert url_key(spelling) == url_key(STORY)
    assert same_page(spelling, STORY)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.com/story", "https://example.com/Story"),
        ("https://example.com/a/b", "https://example.com/ab"),
        ("https://example.com/a%2Fb", "https://example.com/a/b"),
        ("https://example.com/?id=1", "https://example.com/?id=2"),
        ("https://example.com/?p=1&p=2", "https://example.com/?p=1"),
        ("https://example.com/?amp=0", "https://example.com/"),
        ("https://example.com/?ref=5", "https://example.com/"),
        ("https://example.com/?q=a%26b", "https://example.com/?q=a&b"),
        ("https://example.com/?q=a%2Bb", "https://example.com/?q=a+b"),
        ("https://example.com:8443/", "https://example.com/"),
        ("https://news.example.com/a", "https://example.com/a"),
        ("https://example.com/amplifier", "https://example.com/lifier"),
        ("https://example.com/guitar-amp", "https://example.com/guitar-"),
        ("https://www.com/", "https://com/"),
    ],
)
def test_two_pages_have_two_keys(one: str, other: str) -> None:
    assert url_key(one) != url_key(other)


def test_what_is_asked_for_keeps_scheme_host_and_the_order_of_the_query() -> None:
    asked = request_url("http://WWW.Example.com:80/amp/story/?b=2&utm_source=x&a=1#top")
    assert asked == "http://www.example.com/amp/story/?b=2&a=1"
    assert normalise(asked) == "http://www.example.com/amp/story/?a=1&b=2"


def test_dots_are_resolved_and_leave_a_folder() -> None:
    assert request_url("https://example.com/a/b/../c/./d") == "https://example.com/a/c/d"
    assert request_url("https://example.com/a/b/..") == "https://example.com/a/"
    assert request_url("https://example.com/a/.") == "https://example.com/a/"


def test_www_is_no_part_of_a_name_however_short() -> None:
    assert url_key("https://www.x.de/") == url_key("https://x.de/")


def test_hosts_are_asked_for_in_punycode_and_addresses_in_short() -> None:
    assert request_url("https://BÜCHER.de/ü") == "https://xn--bcher-kva.de/%C3%BC"
    assert request_url("http://[0:0:0::1]:8001/") == "http://[::1]:8001/"
    assert netloc_of("http://[::1]:80/") == "[::1]"
    assert origin_of("https://example.com/") == ("example.com", 443)


@pytest.mark.parametrize(
    "rubbish",
    [
        "",
        " ",
        "story.html",
        "/story",
        "//example.com/story",
        "javascript:void(0)",
        "mailto:a@example.com",
        "file:///etc/passwd",
        "ftp://example.com/",
        "http://",
        "http:///story",
        "http://?q=1",
        "http://example.com:99999/",
        "http://example.com:x/",
        "http://example.com:0/",
        "http://exa mple.com/",
        "http://example.com%20/",
        "http://a..b/",
        "http://[::1/",
        "http://[::1%25eth0]/",
        "http://\ud800.com/",
        "https://example.com/\udfff",
    ],
)
def test_what_cannot_be_asked_for_is_no_web_page(rubbish: str) -> None:
    assert not same_page(rubbish, rubbish)
    with pytest.raises(ValueError):
        url_key(rubbish)


def test_a_url_of_8000_characters_has_a_key() -> None:
    long = "https://example.com/" + "ä" * 1000 + "/" + "x" * 7000
    assert len(request_url(long)) > 8000
    assert len(url_key(long)) == 32


def test_a_site_is_a_registrable_domain() -> None:
    assert site_of("https://example.co.uk/") == site_of("http://news.example.co.uk:8080/")
    assert site_of("https://example.co.uk/") != site_of("https://other.co.uk/")
    assert site_of("https://one.github.io/") != site_of("https://two.github.io/")
    assert site_of("http://127.0.0.1:8001/") != site_of("http://127.0.0.1:8002/")
    assert site_of("https://www.example.co.uk/a") == "example.co.uk"
    assert site_of("http://localhost:8000/") == "localhost:8000"


def test_patterns_see_path_and_query() -> None:
    assert path_and_query("https://example.com/a/../b?x=1#y") == "/b?x=1"
    assert path_and_query("https://example.com") == "/"


@given(st.text(max_size=200))
def test_any_text_is_a_web_page_or_a_value_error(text: str) -> None:
    for candidate in (text, f"http://{text}", f"https://example.com/{text}"):
        try:
            key = url_key(candidate)
        except ValueError:
            with pytest.raises(ValueError):
                request_url(candidate)
        else:
            assert len(key) == 32
            assert request_url(candidate).isascii()


@given(web_urls())
def test_names_are_stable(url: str) -> None:
    assume(same_page(url, url))
    asked = request_url(url)
    assert request_url(asked) == asked
    assert normalise(normalise(url)) == normalise(url)
    assert url_key(asked) == url_key(normalise(url)) == url_key(url)


@given(
    web_urls(),
    st.sampled_from([*sorted(TRACKERS), "utm_source", "utm_anything", "UTM_Medium", "mtm_kwd"]),
    words,
    st.text(max_size=20),
)
def test_trackers_and_fragments_make_no_second_page(
    url: str, tracker: str, value: str, fragment: str
) -> None:
    tracked = f"{url}{'&' if '?' in url else '?'}{tracker}={value}"
    assume(url[-1].isprintable() and url == url.strip())  # at the end of a URL these are nothing
    assume(same_page(url, url) and same_page(tracked, f"{tracked}#{fragment}"))
    assert url_key(f"{tracked}#{fragment}") == url_key(url)
    assert request_url(tracked) == request_url(url)


@given(words.filter(lambda w: w.strip(".%") and "%" not in w))
def test_a_default_port_makes_no_second_page(path: str) -> None:
    assert url_key(f"http://example.com:80/{path}") == url_key(f"http://example.com/{path}")
    assert url_key(f"https://example.com:443/{path}") == url_key(f"http://example.com/{path}")
