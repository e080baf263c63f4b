"""Requests to the proxy: read, and sent on without what was for the proxy; the rest is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.browser.proxy_heads import (
    END,
    BadHead,
    answer_head,
    connect_head,
    forwarded_head,
    is_interim,
    is_open,
    read_request,
)


def head(*lines: str) -> bytes:
    return "\r\n".join(lines).encode("latin-1") + END


def test_a_request_is_sent_on_without_what_was_for_the_proxy() -> None:
    asked = read_request(
        head(
            "GET http://user:pw@News.example:8080/a?b=%C3%A9 HTTP/1.1",
            "Host: elsewhere.example",
            "Proxy-Authorization: Basic c2VjcmV0",
            "Proxy-Connection: keep-alive",
            "Connection: keep-alive",
            "Accept: text/html",
        )
    )
    assert asked.origin == ("news.example", 8080)
    assert asked.credentials == b"Basic c2VjcmV0"
    assert asked.head == head(
        "GET /a?b=%C3%A9 HTTP/1.1",
        "Host: News.example:8080",
        "Accept: text/html",
        "Connection: close",
    )


@pytest.mark.parametrize(
    ("target", "origin"),
    [
        ("news.example:443", ("news.example", 443)),
        ("NEWS.example.:443", ("news.example", 443)),
        ("xn--80ak6aa92e.example:8443", ("xn--80ak6aa92e.example", 8443)),
        ("[2001:db8::1]:443", ("2001:db8::1", 443)),
        ("127.0.0.1:80", ("127.0.0.1", 80)),
    ],
)
def test_a_tunnel_names_host_and_port(target: str, origin: tuple[str, int]) -> None:
    asked = read_request(head(f"CONNECT {target} HTTP/1.1", f"Host: {target}"))
    assert (asked.origin, asked.head, asked.credentials) == (origin, None, b"")


@pytest.mark.parametrize(
    "first",
    [
        "CONNECT news.example HTTP/1.1",
        "CONNECT news.example:0 HTTP/1.1",
        "CONNECT news.example:65536 HTTP/1.1",
        "CONNECT user@news.example:443 HTTP/1.1",
        "CONNECT news.example:443/x HTTP/1.1",
        "GET / HTTP/1.1",
        "GET https://news.example/ HTTP/1.1",
        "GET ftp://news.example/ HTTP/1.1",
        "GET file:///etc/passwd HTTP/1.1",
        "GET http:///x HTTP/1.1",
        "GET http://news.example/ HTTP/2",
        "get http://news.example/ HTTP/1.1",
        "GET http://news.example/ /x HTTP/1.1",
    ],
)
def test_what_is_no_request_to_a_proxy_is_refused(first: str) -> None:
    with pytest.raises(BadHead):
        read_request(head(first))


@pytest.mark.parametrize("line", ["no colon", " folded: x", "a b: c", "X: a\rY: b", "X: a\x00"])
def test_a_header_that_could_be_read_in_two_ways_is_refused(line: str) -> None:
    with pytest.raises(BadHead):
        read_request(head("GET http://news.example/ HTTP/1.1", line))


@given(st.binary(max_size=300))
def test_any_bytes_are_a_request_or_refused(noise: bytes) -> None:
    for given_head in (noise + END, b"GET http://a.example/" + noise + b" HTTP/1.1" + END):
        try:
            asked = read_request(given_head)
        except BadHead:
            continue
        assert asked.origin[0] and 0 < asked.origin[1] < 1 << 16
        assert asked.head is None or asked.head.count(END) == 1


def test_an_answer_is_the_last_of_its_connection() -> None:
    given_head = head(
        "HTTP/1.1 200 OK", "Connection: keep-alive", "Keep-Alive: timeout=5", "Content-Length: 3"
    )
    assert answer_head(given_head) == head(
        "HTTP/1.1 200 OK", "Content-Length: 3", "Connection: close"
    )


def test_a_head_that_another_follows_is_known() -> None:
    assert is_interim(head("HTTP/1.1 103 Early Hints"))
    assert is_interim(head("HTTP/1.1 100 Continue"))
    assert not is_interim(head("HTTP/1.1 101 Switching Protocols"))
    assert not is_interim(head("HTTP/1.1 200 OK"))


def test_another_proxy_is_asked_by_the_whole_address_and_knows_us() -> None:
    asked = read_request(head("GET http://News.example/a?b HTTP/1.1", "Proxy-Authorization: ours"))
    assert forwarded_head(asked, b"Basic theirs") == head(
        "GET http://news.example/a?b HTTP/1.1",
        "Proxy-Authorization: Basic theirs",
        "Host: News.example",
        "Connection: close",
    )
    there = read_request(head("GET http://[2001:db8::1]:8080/ HTTP/1.1"))
    sent = forwarded_head(there, None)
    assert sent.startswith(b"GET http://[2001:db8::1]:8080/ HTTP/1.1\r\nHost: ")
    with pytest.raises(ValueError, match="a tunnel"):
        forwarded_head(read_request(head("CONNECT a.example:443 HTTP/1.1")), None)


def test_another_proxy_is_asked_for_a_tunnel() -> None:
    assert connect_head(("a.example", 443), None) == head(
        "CONNECT a.example:443 HTTP/1.1", "Host: a.example:443"
    )
    assert b"\r\nProxy-Authorization: x\r\n" in connect_head(("::1", 443), b"x")
    assert is_open(b"HTTP/1.1 200 OK\r\n\r\n") and is_open(b"HTTP/1.0 200\r\n\r\n")
    assert not is_open(b"HTTP/1.1 407 Who\r\n\r\n") and not is_open(b"SSH-2.0\r\n\r\n")
