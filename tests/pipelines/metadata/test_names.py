"""Names out of what pages write where an author should stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.text import one_line
from pipelines.metadata.names import (
    is_conjunction,
    leading_names,
    looks_personal,
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
        ("文・山田太郎（社会部記者）", ["山田太郎"]),
        ("文＝山田太郎", ["山田太郎"]),
        ("文\u3000山田太郎", ["山田太郎"]),
        ("文／佐藤花子、写真／鈴木一郎", ["佐藤花子"]),
        ("取材・文／山田太郎", ["山田太郎"]),
        ("山田太郎（社会部記者）", ["山田太郎"]),
        ("（山田太郎）", ["山田太郎"]),
        ("山田太郎記者", ["山田太郎"]),
        ("執筆：山田太郎、佐藤花子", ["山田太郎", "佐藤花子"]),
        ("By A. Lind in Paris and Bo Ek, Science Editor, for Reuters", ["A. Lind", "Bo Ek"]),
        ("By Ada Lind in Paris and Bo Ek, Science Editor, for Reuters", ["Ada Lind", "Bo Ek"]),
        ("By Ada Lind, Science Editor, and Bo Ek in Oslo for Harbour Post", ["Ada Lind", "Bo Ek"]),
        (
            "By Ada Lind in Paris, Bo Ek in Rome and Cy Dunn in Berlin",
            ["Ada Lind", "Bo Ek", "Cy Dunn"],
        ),
        (
            "Von Ada Lind in Paris und Bo Ek, Wissenschaftsredakteur, für Reuters",
            ["Ada Lind", "Bo Ek"],
        ),
        (
            "Par Ada Lind à Paris et Bo Ek, envoyé spécial à Rome, pour Le Port",
            ["Ada Lind", "Bo Ek"],
        ),
        (
            "Por Ana Sole en Madrid y Luis Vega, corresponsal, para El Puerto",
            ["Ana Sole", "Luis Vega"],
        ),
        (
            "Di Anna Solei a Roma e Luca Vegani, inviato, per Il Porto",
            ["Anna Solei", "Luca Vegani"],
        ),
        ("Por Ana Sole, em Lisboa, e Rui Vaga, para O Porto", ["Ana Sole", "Rui Vaga"]),
        (
            "Door Ada Lind in Parijs en Bo Eik, wetenschapsredacteur, voor De Haven",
            ["Ada Lind", "Bo Eik"],
        ),
        (
            "Автор: Анна Соль в Париже и Пётр Лин, научный редактор, для «Гавани»",
            ["Анна Соль", "Пётр Лин"],
        ),
        ("By ADA LIND and BO EK in Oslo", ["ADA LIND", "BO EK"]),
        ("글 김민수 기자 · 사진 이영희 기자", ["김민수"]),
        ("김민수 기자, 이영희 특파원", ["김민수", "이영희"]),
        ("김민수·이영희 기자", ["김민수", "이영희"]),
        ("서울=김민수 기자", ["김민수"]),
        ("[서울=뉴스항구] 김민수 기자", ["김민수"]),
        ("记者 王小明 李大伟", ["王小明", "李大伟"]),
        ("本报记者 王小明", ["王小明"]),
        ("文/王小明", ["王小明"]),
        ("文｜王小明 编辑｜李大伟", ["王小明"]),
        ("作者：王小明；编辑：李大伟", ["王小明"]),
        ("Ada Lind, Science Editor", ["Ada Lind"]),
        ("Ada Lind, PhD, and Bo Ek, MD", ["Ada Lind", "Bo Ek"]),
        ("Text: Ada Lind, Foto: Bo Ek", ["Ada Lind"]),
        ("Text: Ada Lind; Fotos: Bo Ek", ["Ada Lind"]),
        ("Words by Ada Lind. Photographs by Bo Ek", ["Ada Lind"]),
        ("Text och bild: Ada Lind", ["Ada Lind"]),
        ("Tekst: Anna Sol, zdjęcia: Jan Wiek", ["Anna Sol"]),
        ("Textes : Anne Sol / Photos : Luc Vey", ["Anne Sol"]),
        ("By Ada Lind with Bo Ek in Rome", ["Ada Lind", "Bo Ek"]),
        ("Ada Lind & Bo Ek", ["Ada Lind", "Bo Ek"]),
        ("Haber: Ayşe Deniz - İstanbul", ["Ayşe Deniz"]),
        ("بقلم: سارة يوسف و عمر حداد", ["سارة يوسف", "عمر حداد"]),
        ("كتب: عمر حداد", ["عمر حداد"]),
        ("Írta: Kovács Anna és Nagy Péter", ["Kovács Anna", "Nagy Péter"]),
        ("Szerző: Kovács Anna, fotó: Nagy Péter", ["Kovács Anna"]),
        ("Story by Ada Lind, CNN", ["Ada Lind", "CNN"]),
        ("By Ada Lind, Reuters", ["Ada Lind", "Reuters"]),
        ("Reporting by Ada Lind in Paris; Editing by Bo Ek", ["Ada Lind"]),
        ("Reporting by Ada Lind and Cy Dunn; editing by Bo Ek", ["Ada Lind", "Cy Dunn"]),
        ("Ada Lind (Paris), Bo Ek (Rome)", ["Ada Lind", "Bo Ek"]),
        ("Thanh Lê - Minh Anh", ["Thanh Lê", "Minh Anh"]),
        ("By Ada Lind for the Harbour Post and Bo Ek for the Daily Mast", ["Ada Lind", "Bo Ek"]),
        ("By Ada Lind, Bo Ek and Cy Dunn, Staff Writers", ["Ada Lind", "Bo Ek", "Cy Dunn"]),
        ("Analysis by Ada Lind, Senior Correspondent in Paris", ["Ada Lind"]),
        ("By Ada Lind, our correspondent in Rome, and Bo Ek", ["Ada Lind", "Bo Ek"]),
        ("Associated Press", ["Associated Press"]),
        ("Reporters Without Borders", ["Reporters Without Borders"]),
        ("Bureau of Meteorology", ["Bureau of Meteorology"]),
        ("Jean de La Fontaine", ["Jean de La Fontaine"]),
        ("Ludwig van der Berg et Anna de la Cruz", ["Ludwig van der Berg", "Anna de la Cruz"]),
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
        ("By A. Lind in Paris and Bo Ek, for Reuters", "A. Lind and Bo Ek,"),
        ("Ada Lind à Paris, Bo Ek à Rome et Cy Day pour Le Port", "Ada Lind , Bo Ek et Cy Day"),
        ("Анна Соль в Париже и Пётр Лин для «Гавани»", "Анна Соль и Пётр Лин"),
        ("By Ada Lind in Ferries, Harbour, Portugal", "Ada Lind"),
        ("By Ada Lind writes of Paris and Bo Ek", "Ada Lind"),
        ("", ""),
    ],
)
def test_names_lead_a_sentence_and_end_where_it_goes_on(text: str, names: str) -> None:
    assert leading_names(text) == names


def test_what_joins_two_names_is_known() -> None:
    assert all(map(is_conjunction, [" and ", ", ", " и ", "、", " & ", ", und "]))
    assert not any(map(is_conjunction, [" in ", " on 3 May ", "Ada"]))


@given(st.text(max_size=300))
def test_names_led_by_any_text_are_a_part_of_it(text: str) -> None:
    assert "".join(leading_names(text).split()) in "".join(one_line(text).split())
