"""Names out of what pages write where an author should stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.text import one_line
from pipelines.metadata.names import (
    is_conjunction,
    leading_names,
    looks_personal,
    says_by,
    split_names,
)


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
        ("Ada Lind and Bo Ek for Harbour Post", ["Ada Lind", "Bo Ek"]),
        ("Ada Lind und Bo Ek für die Hafenpost", ["Ada Lind", "Bo Ek"]),
        ("Ada Lind in Oslo", ["Ada Lind"]),
        ("Ada Lind pour Le Port", ["Ada Lind"]),
        ("Ада Линд для Порта", ["Ада Линд"]),
        ("University of Texas at Austin", ["University of Texas at Austin"]),
        ("Workers for Peace", ["Workers for Peace"]),
        ("J. K. Lind-Ek y María de los Ángeles", ["J. K. Lind-Ek", "María de los Ángeles"]),
        ("Anna Kowalska i Jan Nowak", ["Anna Kowalska", "Jan Nowak"]),
        ("Kiss Anna és Nagy Béla", ["Kiss Anna", "Nagy Béla"]),
        ("Lê Phương và Trần Minh", ["Lê Phương", "Trần Minh"]),
        ("أحمد علي، محمد حسن", ["أحمد علي", "محمد حسن"]),
        ("記者王小明／台北報導", ["王小明"]),
        ("记者 张小明", ["张小明"]),
        ("Автор: Ада Линд и Бо Эк", ["Ада Линд", "Бо Эк"]),
        ("Yazan: Ayşe Yılmaz ve Ali Demir", ["Ayşe Yılmaz", "Ali Demir"]),
        ("प्रिया शर्मा और रवि कुमार", ["प्रिया शर्मा", "रवि कुमार"]),
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
        ("محمد عبد الرحمن السيد", True),
        ("Jan van 't Hof", True),
        ("Siobhán O'Dea", True),
    ],
)
def test_a_person_s_name_has_two_to_five_words_in_capitals(name: str, personal: bool) -> None:
    assert looks_personal(name) is personal


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Written by Ada Lind in Ferries on 3 May", "Ada Lind"),
        ("Ada van der Lind and Bo Ek wrote this", "Ada van der Lind and Bo Ek"),
        ("Ada Lind 3 May", "Ada Lind"),
        ("Ada Lind and", "Ada Lind"),
        ("张小明 2024年", "张小明"),
        ("", ""),
    ],
)
def test_names_lead_a_sentence_and_end_where_it_goes_on(text: str, names: str) -> None:
    assert leading_names(text) == names


def test_what_joins_two_names_and_what_stands_before_one_is_known() -> None:
    assert all(map(is_conjunction, [" and ", ", ", " и ", "、", " & ", ", und "]))
    assert not any(map(is_conjunction, [" in ", " on 3 May ", "Ada"]))
    assert all(map(says_by, ["By", "Written by ", "Von", "Автор:", "بقلم", "作者："]))
    assert not any(map(says_by, ["In", "Bystander", "", "on 3 May"]))


@given(st.text(max_size=300))
def test_names_led_by_any_text_are_a_part_of_it(text: str) -> None:
    assert "".join(leading_names(text).split()) in "".join(one_line(text).split())
