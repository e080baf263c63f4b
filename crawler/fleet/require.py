"""What a fleet needs besides a broker."""

from typing import TYPE_CHECKING

from models.errors import UsageError

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings


def require_server(settings: "BaseSettings") -> None:
    """Raises UsageError for a database that several machines cannot share."""
    if str(settings["WINNOW_DATABASE_URL"]).startswith("sqlite"):
        raise UsageError(
            "a fleet needs a database that its machines share, and WINNOW_DATABASE_URL is SQLite,"
            " a file of one machine; write postgresql+psycopg://USER@HOST/NAME or"
            " mysql+pymysql://USER@HOST/NAME"
        )
