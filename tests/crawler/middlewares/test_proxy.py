"""WINNOW_PROXY read: what is a proxy, and that no message repeats a password."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.middlewares.proxy import Proxy, proxy_of
from models.errors import UsageError


@pytest.mark.parametrize(
    ("written", "host", "port"),
    [
        ("http://proxy.example:3128", "proxy.example", 3128),
        ("HTTP://Proxy.Example:3128/", "proxy.example", 3128),
        ("http://proxy.example.:3128", "proxy.example", 3128),
        ("  http://10.0.0.5:8080 ", "10.0.0.5", 8080),
        ("http://[fd00::5]:8080", "fd00::5", 8080),
        ("http://squid:3128", "squid", 3128),
    ],
)
def test_an_address_is_a_host_and_a_port(written: str, host: str, port: int) -> None:
    assert proxy_of(written) == Proxy(host, port)


def test_none_is_none() -> None:
    assert proxy_of("") is None
    assert proxy_of(None) is None
    assert proxy_of("  ") is None


def test_credentials_are_sent_decoded_and_never_shown() -> None:
    proxy = proxy_of("http://us%40er:p%3Aß%23@proxy.example:3128")
    assert proxy is not None
    sent = base64.b64decode((proxy.authorization or b"").removeprefix(b"Basic ")).decode()
    assert sent == "us@er:p:ß#"
    assert proxy.url == "http://proxy.example:3128"
    assert "us@er" not in repr(proxy) and "ß" not in repr(proxy)
    assert Proxy("fd00::5", 1).url == "http://[fd00::5]:1"
    assert Proxy("proxy.example", 1).authorization is None


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("proxy.example:3128", "http:// at its beginning"),
        ("https://me:secret@proxy.example:3128", "https is not spoken to a proxy"),
        ("socks5://me:secret@proxy.example:1080", "socks5 is not spoken to a proxy"),
        ("http://me:secret@proxy.example", "no host and port"),
        ("http://me:secret@proxy.example:0", "no host and port"),
        ("http://me:secret@proxy.example:99999", "no address with a port"),
        ("http://me:secret@proxy.example:3128/path", "no path follows"),
        ("http://me:secret#1@proxy.example:3128", "%23"),
        ("http://me:sec/ret@proxy.example:3128", "%2F"),
        ("http://me:secret?@proxy.example:3128", "%3F"),
        ("http://me:secret%0d%0a@proxy.example:3128", "cannot be sent"),
        ("http://m%3Ae:secret@proxy.example:3128", "cannot be sent"),
        ("http://:secret@proxy.example:3128", "cannot be sent"),
        ("http://me:secret@prox y:3128", "no host and port"),
    ],
)
def test_what_is_no_proxy_is_refused_in_one_line_without_the_password(
    written: str, said: str
) -> None:
    with pytest.raises(UsageError) as refused:
        proxy_of(written)
    line = str(refused.value)
    assert line.startswith("WINNOW_PROXY: ") and said in line and "\n" not in line
    assert "secret" not in line and "sec/" not in line


@given(st.text(max_size=40))
def test_any_text_is_a_proxy_or_refused_and_never_repeated(text: str) -> None:
    secret = f"Q7{text}7Q"
    try:
        proxy = proxy_of(f"http://u:{secret}@h:1")
    except UsageError as refused:
        assert "Q7" not in str(refused) and "7Q" not in str(refused)
        assert refused.__cause__ is None
    else:
        assert "Q7" not in repr(proxy)
