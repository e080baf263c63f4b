"""The state: addresses, and a token that is not shown by accident."""

from pathlib import Path

from crawler.look.state import Look
from models.db.database import Database


def test_the_first_address_has_the_token_and_the_representation_has_not() -> None:
    look = Look(Database.open("sqlite://"), Path("sites"), Path("archive"), {}, "s3cret", 8765)
    assert look.origin == "http://127.0.0.1:8765"
    assert look.address("/") == "http://127.0.0.1:8765/?token=s3cret"
    assert look.address("/search?q=a") == "http://127.0.0.1:8765/search?q=a&token=s3cret"
    assert "s3cret" not in repr(look)
