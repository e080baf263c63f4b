"""What a byline says beside the names is told from them, in many languages."""

import pytest

from pipelines.metadata.credits import (
    lists_reporters,
    of_writers,
    others_apart,
    says_by,
    without_by,
    without_frame,
)


def test_what_stands_before_a_name_is_known() -> None:
    assert all(map(says_by, ["By", "Written by ", "Von", "Автор:", "بقلم", "作者：", "文・"]))
    assert not any(map(says_by, ["In", "Bystander", "", "on 3 May"]))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("By Ada Lind", "Ada Lind"),
        ("Text und Fotos: Ada Lind", "Ada Lind"),
        ("Textes : Anne Sol", "Anne Sol"),
        ("Haber: Ayşe Deniz", "Ayşe Deniz"),
        ("文・山田太郎", "山田太郎"),
        ("取材・文／山田太郎", "山田太郎"),
        ("글 김민수", "김민수"),
        ("Von Miller", "Von Miller"),
    ],
)
def test_it_is_taken_off(text: str, name: str) -> None:
    assert without_by(text) == name


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("記者王小明／台北報導", "王小明"),
        ("本报记者 王小明 李大伟", "王小明、李大伟"),
        ("서울=김민수", "김민수"),
        ("文｜王小明", "王小明"),
        ("Ada Lind", "Ada Lind"),
    ],
)
def test_what_east_asia_sets_around_names_is_taken_off(text: str, names: str) -> None:
    assert without_frame(text) == names


@pytest.mark.parametrize(
    ("parts", "kept"),
    [
        (["Ada Lind", "Foto: Bo Ek"], ["Ada Lind"]),
        (["Foto: Bo Ek", "Text: Ada Lind"], ["Text: Ada Lind"]),
        (["Fotos: Bo Ek", "Cy Day", "Von Ada Lind"], ["Von Ada Lind"]),
        (["Ada Lind", "Editing by Bo Ek"], ["Ada Lind"]),
        (["Anna Sol", "zdjęcia: Jan Wiek"], ["Anna Sol"]),
        (["Анна Соль", "фото: Пётр Лин"], ["Анна Соль"]),
        (["佐藤花子", "写真／鈴木一郎"], ["佐藤花子"]),
        (["김민수 기자", "사진 이영희"], ["김민수 기자"]),
        (["Foto: Bo Ek"], ["Foto: Bo Ek"]),
        (["Ada Lind", "Videla Rosa"], ["Ada Lind", "Videla Rosa"]),
    ],
)
def test_who_took_pictures_or_edited_wrote_nothing(parts: list[str], kept: list[str]) -> None:
    assert list(of_writers([parts])) == kept


def test_a_label_holds_for_its_piece_alone() -> None:
    assert list(of_writers([["Foto: Bo Ek", "Cy Day"], ["Ada Lind"]])) == ["Ada Lind"]


def test_chinese_reporters_may_be_parted_by_spaces_alone() -> None:
    assert lists_reporters("本报记者 王小明 李大伟")
    assert not lists_reporters("本报记者 王小明")
    assert not lists_reporters("王小明 李大伟")


def test_a_sentence_about_other_work_is_a_part_of_its_own() -> None:
    assert others_apart("Ada Lind. Photographs by Bo Ek") == "Ada Lind ; Photographs by Bo Ek"
    assert others_apart("王小明 编辑：李大伟") == "王小明 ; 编辑：李大伟"
    assert others_apart("Text: Ada Lind Foto: Bo Ek") == "Text: Ada Lind ; Foto: Bo Ek"
    assert others_apart("Text och foto: Ada Lind") == "Text och foto: Ada Lind"
    assert others_apart("J. Photon") == "J. Photon"
