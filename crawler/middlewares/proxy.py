"""The proxy that WINNOW_PROXY names. Pure: an address in, what is needed to use it out."""

import re
from base64 import b64encode
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urlsplit

from models.errors import UsageError

_FORMS: Final = "write http://HOST:PORT or http://USER:PASSWORD@HOST:PORT"
_HOST: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,252})|[0-9A-Fa-f:.]+")


@dataclass(frozen=True, slots=True)
class Proxy:
    """An HTTP proxy. What is shown of it has no credentials."""

    host: str  # lower case; an IPv6 address without brackets
    port: int
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    @property
    def url(self) -> str:
        """The address without credentials, as in http://proxy.example:3128."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    @property
    def authorization(self) -> bytes | None:
        """The value of Proxy-Authorization (RFC 7617, in UTF-8); None without a user."""
        if not self.user:
            return None
        return b"Basic " + b64encode(f"{self.user}:{self.password}".encode())


def proxy_of(value: object) -> Proxy | None:
    """The proxy of a value of WINNOW_PROXY; None if it is empty.

    Raises UsageError, which never repeats what was written: it may hold a password.
    """
    written = str(value or "").strip()
    if not written:
        return None
    scheme, colon, rest = written.partition("://")
    if not colon:
        raise _wrong("it has no http:// at its beginning")
    if scheme.lower() != "http":
        known = scheme if scheme.isalnum() and len(scheme) < 10 else "this scheme"
        raise _wrong(f"{known} is not spoken to a proxy, only http (https pages pass by CONNECT)")
    if any(mark in rest.removesuffix("/") for mark in "/?#"):
        raise _wrong("/, ? and # in a password are written %2F, %3F and %23, and no path follows")
    try:
        parts = urlsplit(written)
        host, port = (parts.hostname or "").lower().rstrip("."), parts.port
    except ValueError:
        raise _wrong("it is no address with a port") from None
    if not _HOST.fullmatch(host) or not port:
        raise _wrong("it names no host and port")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if not (user + password).isprintable() or ":" in user or (password and not user):
        raise _wrong("its user or password cannot be sent to a proxy")
    return Proxy(host, port, user, password)


def _wrong(what: str) -> UsageError:
    return UsageError(f"WINNOW_PROXY: {what}; {_FORMS}")
