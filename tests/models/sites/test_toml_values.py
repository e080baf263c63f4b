"""One value of a site's TOML: what it becomes, or what to write instead."""

import re
from collections.abc import Callable

import pytest

from models.sites.toml_values import flag, host, label, number, pattern, selector, size, web_url

WRONG: list[tuple[Callable[[object], object], object, str]] = [
    (web_url, 7, "7 is no text; write"),
    (web_url, "  ", "is no text"),
    (web_url, "ftp://example.com/", 'write "https://example.com/..."'),
    (host, "example.com/news", "is no host; write"),
    (host, "*.example.com", "is no host"),
    (host, "me@example.com", "is no host"),
    (host, ["example.com"], "is no text; write"),
    (pattern, "(", "is no regular expression: "),
    (pattern, None, "is no text; write a regular expression"),
    (selector, "div >", "is no CSS selector: "),
    (selector, "", "is no text; write a CSS selector"),
    (size, "10 pages", 'write e.g. "10MB"'),
    (size, "999B", "no size from 1kB to 1GB"),
    (size, "1.001GB", "no size from 1kB to 1GB"),
    (size, True, "True is no size"),
    (size, 1500.0, "is no size"),
    (label, "DE", "'DE' is no label; write a plain name, e.g. \"de\""),
    (label, "de.fr", "is no label"),
    (label, "-de", "is no label"),
    (label, "d" * 51, "is no label"),
    (label, True, "True is no label"),
    (flag, 1, "1 is neither; write true or false"),
    (flag, "true", "'true' is neither"),
    (number(0, 60), 60.5, "60.5: write a number from 0 to 60"),
    (number(0, 60), -1, "-1: write a number"),
    (number(0, 60), True, "True: write a number"),
    (number(1, 16, whole=True), 2.0, "2.0: write a whole number from 1 to 16"),
]


@pytest.mark.parametrize(("read", "value", "said"), WRONG)
def test_what_is_wrong_says_what_to_write(
    read: Callable[[object], object], value: object, said: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        read(value)


@pytest.mark.parametrize("name", ["", "de", "static-address_2", "d" * 50, "9"])
def test_a_label_is_a_plain_name_or_none(name: str) -> None:
    assert label(name) == name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Example.COM", "example.com"),
        ("example.com:443", "example.com"),
        ("example.com:80", "example.com"),
        ("example.com:8080", "example.com:8080"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("[::1]:8080", "[::1]:8080"),
        ("127.0.0.1", "127.0.0.1"),
    ],
)
def test_a_host_is_as_urls_have_it_with_a_port_of_its_own(written: str, name: str) -> None:
    assert host(written) == name


@pytest.mark.parametrize(
    ("written", "octets"),
    [
        ("1kB", 1000), ("1000B", 1000), ("10MB", 10_000_000), ("0.5 MB", 500_000),
        ("1GB", 10**9), ("1.000GB", 10**9), (1000, 1000), (10**9, 10**9),
    ],
)  # fmt: skip
def test_a_size_is_in_bytes(written: object, octets: int) -> None:
    assert size(written) == octets


def test_numbers_within_bounds_are_kept_as_they_are() -> None:
    assert [number(0, 60)(n) for n in (0, 0.5, 60)] == [0, 0.5, 60]
    assert [number(1, 16, whole=True)(n) for n in (1, 16)] == [1, 16]
    assert (flag(True), flag(False)) == (True, False)


def test_texts_are_checked_and_kept() -> None:
    assert web_url("https://Example.com") == "https://example.com/"
    assert pattern("^/tag/").search("/tag/a") is not None
    assert selector("article > .content") == "article > .content"
