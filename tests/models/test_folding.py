"""Texts that readers take for the same fold to the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.folding import folded


def test_folded_text_has_plain_digits_and_no_invisible_signs() -> None:
    assert folded("١٨\u200f-۱۱-२०२६") == "18-11-2026"
    assert folded(folded("Ünïcode İI")) == folded("Ünïcode İI") == "unicode ii"


@pytest.mark.parametrize(
    "texts",
    [
        ("TÜRKİYE", "Türkiye", "turkiye"),
        ("KIRIM", "Kırım", "kirim"),
        ("İSTANBUL", "İstanbul", "istanbul"),
        ("Nûhev", "NÛHEV", "Nu\u0302hev"),
        ("Straße", "STRASSE"),
        ("كتاب", "کتاب"),
        ("２０２６", "2026"),
    ],
)
def test_case_accents_and_width_make_no_difference(texts: tuple[str, ...]) -> None:
    assert len({folded(text) for text in texts}) == 1


@given(st.text(max_size=100))
def test_what_is_folded_stays_so(text: str) -> None:
    once = folded(text)
    assert folded(once) == once
