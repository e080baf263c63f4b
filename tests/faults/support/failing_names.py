"""How a database call fails, by name: what the driver says."""

from typing import Final

HOW: Final = {
    "away": "Lost connection to the server during query",
    "locked": "database is locked",
    "broken": "disk I/O error",
}
