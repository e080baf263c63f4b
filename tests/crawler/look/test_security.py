"""Strangers are refused, whatever way they come; every answer has the headers."""

import pytest

from crawler.look.security import CONTENT_POLICY, HEADERS, cookie_name
from tests.support.look_server import LookServer


@pytest.fixture
def server(filled: LookServer) -> LookServer:
    return filled


def test_the_token_admits_once_and_leaves_the_address(server: LookServer) -> None:
    answer = server.ask("GET", f"/?q=a+b&token={server.look.token}&page=1")
    assert (answer.status, answer.headers["location"]) == (303, "/?q=a+b&page=1")
    cookie, *attributes = answer.headers["set-cookie"].split("; ")
    assert cookie == f"{cookie_name(server.look.port)}={server.look.token}"
    assert {word.lower() for word in attributes} == {"httponly", "path=/", "samesite=strict"}
    assert server.ask("GET", "/", {"Cookie": cookie}).status == 200


@pytest.mark.parametrize("path", ["/", "/static/look.css", "/nothing", "/?token=wrong", "/?token="])
def test_without_the_cookie_there_is_one_clear_page(server: LookServer, path: str) -> None:
    answer = server.ask("GET", path)
    assert answer.status == 403
    assert "Open the address that <code>scrapy look</code> printed" in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "cookie",
    ["NAME=wrong", "NAME=", "other=1", "=;;=", 'NAME="\\303\\251"', "NAME=é", "NAME=a; NAME=b"],
)
def test_a_wrong_cookie_is_none(server: LookServer, cookie: str) -> None:
    cookie = cookie.replace("NAME", cookie_name(server.look.port))
    assert server.ask("GET", "/", {"Cookie": cookie}).status == 403


def test_cookies_of_others_on_this_machine_do_not_matter(server: LookServer) -> None:
    """Browsers send the cookies of all ports: of another server, and what we cannot read."""
    (ours,) = server.admission.values()
    other = f"{cookie_name(server.look.port + 1)}=theirs"
    assert server.ask("GET", "/", {"Cookie": f'{other}; a b="; {ours}; x'}).status == 200


@pytest.mark.parametrize("other", ['a={"b": [1, "c"]}; ', "=; ;", "a b c; ", "a=\xff; "])
def test_odd_cookies_of_other_programs_do_no_harm(server: LookServer, other: str) -> None:
    (ours,) = server.admission.values()
    assert server.ask("GET", "/", {"Cookie": f"{other}{ours}; z=1"}).status == 200


def test_a_wrong_token_is_refused_though_the_cookie_is_right(server: LookServer) -> None:
    assert server.get("/?token=wrong").status == 403


@pytest.mark.parametrize(
    "path", ["//evil.test/", "/%5Cevil.test/", "//evil.test/..", "/\\evil.test"]
)
def test_the_token_leads_to_no_other_host(server: LookServer, path: str) -> None:
    answer = server.ask("GET", f"{path}?token={server.look.token}")
    assert (answer.status, answer.headers["location"][:2]) == (303, "/e")


@pytest.mark.parametrize(
    "host", ["evil.test", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.evil.test:PORT", "[::1]:PORT", ""]
)
def test_another_host_is_refused_before_anything_else(server: LookServer, host: str) -> None:
    host = host.replace("PORT", str(server.look.port))
    answer = server.get(f"/?token={server.look.token}", Host=host)
    assert answer.status in {400, 421}
    assert "set-cookie" not in answer.headers


def test_localhost_is_this_server_too(server: LookServer) -> None:
    assert server.get("/", Host=f"localhost:{server.look.port}").status == 200


@pytest.mark.parametrize(
    "origin", [None, "null", "https://evil.test", "http://127.0.0.1", "PORT+1"]
)
def test_a_post_of_another_origin_is_refused(server: LookServer, origin: str | None) -> None:
    near = f"http://127.0.0.1:{server.look.port + 1}"
    headers = {} if origin is None else {"Origin": near if origin == "PORT+1" else origin}
    answer = server.ask("POST", "/", {**server.admission, **headers})
    assert (answer.status, answer.text) == (403, "a page of another origin may not post here\n")


def test_a_post_needs_the_cookie_and_no_token_helps(server: LookServer) -> None:
    ours = {"Origin": server.look.origin}
    assert server.ask("POST", "/", ours).status == 403
    assert server.ask("POST", f"/?token={server.look.token}", ours).status == 403
    assert server.post("/").status == 405  # it reached the page, which takes no POST


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_reach_no_page(server: LookServer, method: str) -> None:
    assert server.ask(method, "/", server.admission).status == 405


@pytest.mark.parametrize("path", ["/", "/static/look.css", "/nothing", "/?page=0"])
def test_every_answer_has_the_headers(server: LookServer, path: str) -> None:
    for answer in (server.get(path), server.ask("GET", path)):
        assert answer.headers["content-security-policy"] == CONTENT_POLICY
        for name, value in HEADERS.items():
            assert answer.headers[name.lower()] == value


@pytest.mark.parametrize(
    "path",
    ["/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static//etc/passwd"],
)
def test_only_static_files_are_served(server: LookServer, path: str) -> None:
    assert server.get(path).status == 404
