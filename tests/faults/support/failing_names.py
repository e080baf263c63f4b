"""How a database call fails, by name: what the driver says, and which database says it."""

from typing import Final

HOW: Final = {
    "away": "Lost connection to the server during query",
    "deadlock": "deadlock found (40P01, 1213)",
    "locked": "database is locked",
    "broken": "disk I/O error",
}
OF_SERVERS: Final = ("away", "deadlock", "broken")
OF_KIND: Final = {
    "sqlite": ("locked", "broken"),
    "postgresql": OF_SERVERS,
    "mariadb": OF_SERVERS,
}
