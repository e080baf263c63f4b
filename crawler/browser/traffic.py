"""What the connections of one page's browser may bring, and what they brought."""

import secrets
from base64 import b64encode
from dataclasses import dataclass, field
from typing import Final

MOST_CONNECTIONS: Final = 1_000  # of one page, one after another
USER: Final = "page"


@dataclass(slots=True)
class Traffic:
    """The connections of one page, known to the proxy by a secret of their own."""

    most: int  # bytes, in both directions
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    passed: int = 0  # bytes so far
    connections: int = 0
    refused: list[str] = field(default_factory=list)  # why, once for each refusal

    @property
    def credentials(self) -> bytes:
        """The value of Proxy-Authorization by which the proxy knows the page."""
        return b"Basic " + b64encode(f"{USER}:{self.secret}".encode())

    @property
    def is_over(self) -> bool:
        """Whether more came, or was sent, than may."""
        return self.passed > self.most

    def count(self, size: int) -> bool:
        """Counts `size` bytes; whether they may pass."""
        self.passed += size
        return not self.is_over

    def connect(self) -> bool:
        """Counts a connection; whether it may be made."""
        self.connections += 1
        return self.connections <= MOST_CONNECTIONS and not self.is_over

    def refuse(self, why: str) -> None:
        """Notes a refusal; of many, the first."""
        if len(self.refused) < MOST_CONNECTIONS:
            self.refused.append(why)
