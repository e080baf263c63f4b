"""A missing library is one line that says what to type."""

import pytest

from crawler.look import extra


def test_all_are_there_in_tests() -> None:
    extra.require_extra("look")


def test_a_missing_one_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extra, "LIBRARIES", ("starlette", "no_such_library"))
    with pytest.raises(extra.ExtraMissing, match=r"missing: no_such_library\); type: uv sync"):
        extra.require_extra("look")
