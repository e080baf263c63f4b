"""What a page's connections may bring: bytes and connections are counted, each page is known."""

from crawler.browser.traffic import MOST_CONNECTIONS, Traffic


def test_bytes_pass_up_to_the_limit() -> None:
    traffic = Traffic(most=10)
    assert traffic.count(10)
    assert not traffic.is_over
    assert not traffic.count(1)
    assert traffic.is_over


def test_no_connection_is_made_after_the_last_byte_or_connection() -> None:
    traffic = Traffic(most=10)
    assert all(traffic.connect() for _ in range(MOST_CONNECTIONS))
    assert not traffic.connect()
    spent = Traffic(most=10)
    spent.count(11)
    assert not spent.connect()


def test_each_page_has_a_secret_of_its_own_that_is_not_shown() -> None:
    one, other = Traffic(1), Traffic(1)
    assert one.credentials != other.credentials
    assert one.secret not in repr(one)


def test_refusals_are_kept_up_to_a_number() -> None:
    traffic = Traffic(1)
    for number in range(MOST_CONNECTIONS + 5):
        traffic.refuse(str(number))
    assert traffic.refused[:2] == ["0", "1"]
    assert len(traffic.refused) == MOST_CONNECTIONS
