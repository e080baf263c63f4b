"""Pages of a site that means harm, and the outcomes of which one must come of each."""

import gzip
import random
import zlib
from collections.abc import Mapping
from typing import Final

from tests.faults.support.behaviours import endless, head, raw, redirect, whole
from tests.faults.support.hostile_server import Behaviour
from tests.support.site_server import article
from tests.support.town import story

BROKEN: Final = frozenset(
    {"connection_error", "http_error", "timeout", "too_large", "no_content", "bad_type"}
)
NO_ARTICLE: Final = BROKEN | {"not_article", "extract_timeout", "extract_crash", "blocked"}
ELSEWHERE: Final = frozenset({"refused_address", "out_of_scope", "redirect_loop", *BROKEN})
ANY_BUT_HARM: Final = NO_ARTICLE | {"stored", "gone"}  # only limits and other pages count

Attack = tuple[Behaviour, frozenset[str]]
MEGA: Final = 1 << 20


def page(number: int, more: str = "") -> bytes:
    """An article of the hostile site."""
    return article(f"Report {number} of the county", story(number), more=more).encode()


def protocol() -> Mapping[str, Attack]:
    """Lies about HTTP itself."""
    body = page(1)
    length = f"Content-Length: {len(body)}\r\n".encode()
    start = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
    return {
        "header-flood": (
            raw(start, b"X-More: yes\r\n" * 200_000, length, b"\r\n", body),
            ANY_BUT_HARM,
        ),
        "endless-headers": (endless(start, b"X-More: and more of it\r\n" * 1000), BROKEN),
        "one-long-header": (raw(start, b"X: " + b"x" * 8 * MEGA + b"\r\n\r\n", body), BROKEN),
        "slow-drip": (endless(head("200 OK", []), b"<p>", pause=0.3), BROKEN),
        "slow-status": (endless(b"HTTP/1.1 200", b" ", pause=0.3), BROKEN),
        "endless-body": (endless(head("200 OK", []), b"<p>more of it</p>" * 4000), BROKEN),
        "interim-flood": (endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000), BROKEN),
        "two-lengths": (raw(start, length, b"Content-Length: 10\r\n\r\n", body), NO_ARTICLE),
        "no-http": (raw(b"SSH-2.0-OpenSSH_9.2\r\n"), BROKEN),
        "silence": (raw(), BROKEN),
        "unasked-304": (whole(b"", status="304 Not Modified"), BROKEN | {"not_article"}),
        "204-with-body": (whole(body, status="204 No Content"), NO_ARTICLE),
        "206-unasked": (whole(body[:900], status="206 Partial Content"), NO_ARTICLE),
        "999": (whole(body, status="999 Go Away"), NO_ARTICLE),
        "200-of-404": (
            whole(article("Page not found", ["The page you look for does not exist."]).encode()),
            NO_ARTICLE | {"gone"},
        ),
    }


def redirects(foreign: str) -> Mapping[str, Attack]:
    """Ways that lead elsewhere; `foreign` is the origin of a server that nobody may be sent to."""
    targets = {
        "loop": "/attack/loop",
        "to-metadata": "http://169.254.169.254/latest/meta-data/",
        "to-loopback-port": f"{foreign}/secret",
        "to-localhost-name": f"{foreign.replace('127.0.0.1', 'localhost')}/secret",
        "to-decimal": f"{foreign.replace('127.0.0.1', '2130706433')}/secret",
        "to-hex": f"{foreign.replace('127.0.0.1', '0x7f.1')}/secret",
        "to-mapped-v6": f"{foreign.replace('127.0.0.1', '[::ffff:127.0.0.1]')}/secret",
        "to-zero": f"{foreign.replace('127.0.0.1', '0')}/secret",
        "to-user-info": f"{foreign.replace('://', '://127.0.0.1:80@')}/secret",
        "to-private": "http://10.0.0.1/",
        "to-file": "file:///etc/passwd",
        "to-data": "data:text/html,<p>hello",
        "to-ftp": "ftp://127.0.0.1/etc/passwd",
        "to-script": "javascript:alert(1)",
        "to-other-host": "http://elsewhere.example/",
        "to-nonsense": "http://[::1/%%%",
        "to-nothing": "",
        "to-bad-port": "http://127.0.0.1:99999/",
    }
    hops = {
        f"hop-{n}": (redirect(f"/attack/hop-{n + 1}"), ELSEWHERE | {"duplicate_url"})
        for n in range(12)
    }
    return {**{name: (redirect(to), ELSEWHERE) for name, to in targets.items()}, **hops}


def bombs() -> Mapping[str, Attack]:
    """Small answers that are large once they are opened, and pages that are dear to read."""
    gzipped = [("Content-Encoding", "gzip")]
    zeros = gzip.compress(b"<p>0</p>" * (12 * MEGA), 9)
    twice = gzip.compress(gzip.compress(b"\0" * (64 * MEGA), 9), 9)
    entities = "".join(
        f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha" * 10}">' for n in range(10)
    )
    nested = b"<div>" * 300_000
    deep_json = b'<script type="application/ld+json">' + b"[" * 200_000 + b"</script>"
    long_json = b'<script type="application/ld+json">{"a":"' + b"x" * 4 * MEGA + b"</script>"
    words = b"<html><body><p>" + b"word " * 1_780_000  # 8.9 MB, below the limit
    chance = random.Random(1)
    binary = b"\x7fELF" + zlib.compress(chance.randbytes(60_000)) + b"plain words of a table " * 99
    return {
        "gzip": (whole(zeros, headers=gzipped), NO_ARTICLE),
        "gzip-members": (whole(gzip.compress(b"") * 400_000, headers=gzipped), NO_ARTICLE),
        "gzip-twice": (
            whole(twice, headers=[("Content-Encoding", "gzip, gzip")]), NO_ARTICLE
        ),
        "entities": (
            whole(f"<!DOCTYPE x [{entities}]><html><p>&e9;</p></html>".encode()), NO_ARTICLE
        ),
        "nested": (whole(nested), NO_ARTICLE),
        "json-deep": (whole(deep_json), NO_ARTICLE),
        "json-long": (whole(long_json), NO_ARTICLE),
        "one-element": (whole(words), ANY_BUT_HARM),
        "binary": (whole(binary), NO_ARTICLE),
        "null-bytes": (whole(b"\0" * 100_000), NO_ARTICLE),
    }  # fmt: skip


def identities(victim: str, other: str) -> Mapping[str, bytes]:
    """Articles that claim to be another: `victim` of this site, `other` of another site."""
    claims = {
        "canonical-other-site": f'<link rel="canonical" href="{other}">',
        "og-url-other-site": f'<meta property="og:url" content="{other}">',
        "canonical-victim": f'<link rel="canonical" href="{victim}">',
        "og-url-victim": f'<meta property="og:url" content="{victim}">',
        "canonical-file": '<link rel="canonical" href="file:///etc/passwd">',
    }
    return {name: page(50 + at, more) for at, (name, more) in enumerate(claims.items())}
