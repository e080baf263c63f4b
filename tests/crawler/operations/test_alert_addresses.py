"""Addresses are parted as Apprise parts them, and none is ever shown."""

import pytest
from apprise.utils.parse import parse_urls
from hypothesis import given
from hypothesis import strategies as st

from crawler.operations.alert_addresses import Address, addresses_of

URLS = st.sampled_from(
    (
        "json://127.0.0.1:8000/x",
        "mailtos://user:pass@mail.example?to=a@b.example,c@d.example",
        "tgram://123456789:abcdefg/12315544/",
        "ntfy://topic?tags=a,b;c",
        "https://hooks.example/services/T1/B2",
        "xmpp://u:p@h/x y",
        "syslog://",
    )
)
BETWEEN = st.text(" ,;\t\n", min_size=1, max_size=5)


@given(st.lists(st.tuples(URLS, BETWEEN), min_size=1, max_size=6))
def test_several_addresses_are_parted_as_apprise_does(parts: list[tuple[str, str]]) -> None:
    setting = "".join(url + between for url, between in parts).rstrip(" ,;\t\n")
    theirs = list(dict.fromkeys(parse_urls(setting)))
    found, mistakes = addresses_of(setting)
    assert ([address.url for address in found], mistakes) == (theirs, [])
    assert theirs == list(dict.fromkeys(url for url, _ in parts))


@pytest.mark.parametrize("setting", ["", "  ", " ,; \n"])
def test_no_address_is_none(setting: str) -> None:
    assert addresses_of(setting) == ([], [])


def test_addresses_are_numbered_as_they_are_written_and_each_is_there_once() -> None:
    found, _ = addresses_of("json://a json://b, json://a JSON://c")
    assert [(a.number, a.scheme) for a in found] == [(1, "json"), (2, "json"), (4, "json")]


@pytest.mark.parametrize(
    ("setting", "others"),
    [("hunter2@host", []), ("foo json://a", [2]), ("-json://hunter2 json://b", [2])],
)
def test_what_has_no_scheme_is_named_by_its_number_and_costs_no_other(
    setting: str, others: list[int]
) -> None:
    found, mistakes = addresses_of(setting)
    assert [address.number for address in found] == others
    assert len(mistakes) == 1 and "WINNOW_NOTIFY: address 1 has no scheme" in mistakes[0]
    assert "hunter2" not in mistakes[0]


@given(st.text(max_size=60))
def test_any_text_is_addresses_or_a_line(setting: str) -> None:
    found, mistakes = addresses_of(setting)
    assert all("://" in address.url for address in found)
    assert all("\n" not in line for line in mistakes)


def test_an_address_does_not_show_its_secrets_and_its_hash_is_its_own() -> None:
    one, other = Address(1, "json", "json://u:hunter2@h"), Address(2, "json", "json://u:hunter3@h")
    assert "hunter" not in repr(one)
    assert len(one.hash()) == 32
    assert one.hash() == Address(7, "json", one.url).hash() != other.hash()
