"""Names out of what pages write where an author should stand."""

import pytest

from pipelines.metadata.names import looks_personal, split_names


@pytest.mark.parametrize(
    ("claim", "names"),
    [
        ("Ada Lind", ["Ada Lind"]),
        ("By Ada Lind", ["Ada Lind"]),
        ("Written by: Ada Lind", ["Ada Lind"]),
        ("ByAda Lind", ["Ada Lind"]),
        ("Von Ada Lind und Bo Ek", ["Ada Lind", "Bo Ek"]),
        ("Par Ada Lind et Bo Ek", ["Ada Lind", "Bo Ek"]),
        ("Ada Lind, Bo Ek and Cy Day", ["Ada Lind", "Bo Ek", "Cy Day"]),
        ("Ada Lind | Bo Ek; Cy Day", ["Ada Lind", "Bo Ek", "Cy Day"]),
        ("Lind, Ada", ["Lind, Ada"]),
        ("AFP, dpa", ["AFP", "dpa"]),
        ("Reuters and AP", ["Reuters", "AP"]),
        ("Simon & Schuster", ["Simon & Schuster"]),
        ("Ada Lind, Political Editor", ["Ada Lind"]),
        ("Ada Lind, Ph.D.", ["Ada Lind"]),
        ("Ada Lind (Paris)", ["Ada Lind"]),
        ("Ada Lind ada@example.test", ["Ada Lind"]),
        ("<b>Ada</b> Lind &amp; Bo Ek", ["Ada Lind", "Bo Ek"]),
        ("Ada Lind\nBo Ek", ["Ada Lind", "Bo Ek"]),
        ("김영희 기자", ["김영희"]),
        ("Von Miller", ["Von Miller"]),
        ("Ada Lind, 24 May 2026", ["Ada Lind"]),
        ("admin", []),
        ("By", []),
        ("N/A", []),
        ("4711", []),
        ("https://example.test/ada", []),
        ("x" * 121, []),
        ("", []),
    ],
)
def test_a_claim_is_read_as_names(claim: str, names: list[str]) -> None:
    assert list(split_names([claim])) == names


def test_each_name_comes_once_in_the_order_of_claims() -> None:
    assert split_names(["Ada Lind", "ADA LIND", "Bo Ek, Ada Lind"]) == ("Ada Lind", "Bo Ek")


def test_a_list_of_names_ends_at_fifty() -> None:
    letters = "abcdefghij"
    claims = [f"Ada L{a}{b}" for a in letters for b in letters]
    assert len(split_names(claims)) == 50


@pytest.mark.parametrize(
    ("name", "personal"),
    [
        ("Ada Lind", True),
        ("Ludwig van der Bo", True),
        ("A B C D E", True),
        ("A B C D E F", False),
        ("Ada", False),
        ("Ada lind", False),
        ("Read More Here: now", False),
        ("Ada Lind 2", False),
        ("김영희", True),
        ("김", False),
    ],
)
def test_a_person_s_name_has_two_to_five_words_in_capitals(name: str, personal: bool) -> None:
    assert looks_personal(name) is personal
