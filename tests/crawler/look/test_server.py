"""The socket of the server; how it ends is tried in tests/crawler/commands/test_look.py."""

import socket

import pytest

from crawler.look.server import PortTaken, listen


def test_any_free_port_of_the_loopback_alone() -> None:
    with listen(0) as one, listen(0) as other:
        assert one.getsockname()[0] == "127.0.0.1"
        assert one.getsockname()[1] != other.getsockname()[1]


def test_a_browser_can_connect_before_the_server_runs() -> None:
    with listen(0) as listener, socket.create_connection(listener.getsockname(), timeout=5):
        pass


def test_a_port_that_is_taken_is_said_with_the_option() -> None:
    with listen(0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(PortTaken, match=rf"port {port} of 127\.0\.0\.1 is taken; .*--port 0"):
            listen(port)
