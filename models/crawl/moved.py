"""A URL whose page moved: it has its last word, and is not revisited."""

from sqlalchemy import Connection

from models.crawl.url_rows import DONE, URLS
from models.db.statements import update_row


def leave(conn: Connection, url_id: int, to: str) -> None:
    """Notes that the page of a URL is now at the URL `to`, with its article."""
    left = {"article": False, "state": DONE, "not_before": None, "canonical_url": to}
    update_row(conn, URLS, {"url_id": url_id}, left)
