"""The language that a page claims, as the primary tag of BCP 47."""

import pytest

from pipelines.metadata.language import primary_tag


@pytest.mark.parametrize(
    ("claims", "tag"),
    [
        (["en"], "en"),
        (["de_AT"], "de"),
        ([" EN-us, fr"], "en"),
        (["deu"], "de"),
        (["jp"], "ja"),
        (["gsw"], "gsw"),
        (["", "und", "English", "x", "fr"], "fr"),
        (["english"], None),
        (["xx", "zxx"], None),
        ([], None),
    ],
)
def test_the_first_claim_that_is_a_tag_counts(claims: list[str], tag: str | None) -> None:
    assert primary_tag(claims) == tag
