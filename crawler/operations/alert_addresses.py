"""The addresses of WINNOW_NOTIFY: parted as Apprise parts them, and never shown. Pure."""

import re
from dataclasses import dataclass, field
from hashlib import scrypt
from typing import Final

_NEXT: Final = re.compile(r"[\s,;]+(?=[a-z0-9]{1,32}://)", re.I)
_SCHEME: Final = re.compile(r"([a-z0-9]{1,32})://", re.I)
_SALT: Final = b"winnow: receiver of alerts"
_COST: Final = 2**13  # 8 MB and some 20 ms an address: a password is not guessed from its hash


@dataclass(frozen=True, slots=True)
class Address:
    """One address; its repr is safe to print."""

    number: int  # in WINNOW_NOTIFY, from 1
    scheme: str
    url: str = field(repr=False)  # may hold a password or a token

    def hash(self) -> bytes:
        """32 bytes by which the database knows the receiver; slow on purpose."""
        return scrypt(self.url.encode(), salt=_SALT, n=_COST, r=8, p=1, dklen=32)


def addresses_of(setting: str) -> tuple[list[Address], list[str]]:
    """The addresses of the setting, without repetitions, and an error for each invalid one."""
    found: dict[str, Address] = {}
    mistakes: list[str] = []
    parts = [part for part in _NEXT.split(setting.strip(" \t\r\n,;")) if part]
    for number, part in enumerate(parts, start=1):
        if scheme := _SCHEME.match(part):
            found.setdefault(part, Address(number, scheme[1].lower(), part))
        else:
            mistakes.append(
                f"WINNOW_NOTIFY: address {number} has no scheme; write addresses of Apprise, such"
                " as mailtos://USER:PASSWORD@HOST, with spaces between them"
            )
    return list(found.values()), mistakes
