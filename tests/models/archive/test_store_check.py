"""Object storage is asked once whether it lets us in, for all runs that begin."""

import pytest

from models.archive import store_check
from models.errors import ArchiveUnwritable, StoreAway, StoreRefused


class Door:
    """A store that answers as it is told."""

    def __init__(self) -> None:
        self.fault: Exception | None = None
        self.asked = 0

    def check(self) -> None:
        self.asked += 1
        if self.fault is not None:
            raise self.fault


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Door:
    door = Door()

    def opened(_address: str) -> Door:
        return door

    monkeypatch.setattr(store_check, "store_at", opened)
    monkeypatch.setattr(store_check, "_ANSWERS", {})
    return door


def test_an_answer_counts_for_a_while(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        assert store_check.fault_of("s3://b") is None
    assert door.asked == 1
    monkeypatch.setattr(store_check, "KEPT", 0.0)
    door.fault = StoreAway("no answer")
    assert str(store_check.fault_of("s3://b")) == "no answer"
    assert door.asked == 2


def test_a_refusal_ends_the_run(door: Door) -> None:
    door.fault = StoreRefused("no such bucket")
    for _ in range(2):
        with pytest.raises(ArchiveUnwritable, match="no such bucket"):
            store_check.fault_of("s3://b")
    assert door.asked == 1
