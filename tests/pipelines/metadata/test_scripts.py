"""Scripts tell which languages a text can be in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.metadata.scripts import SCRIPTS, USUAL, can_be, script_of


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("The ferry stays", "Latin"),
        ("Die Fähre – „bleibt“", "Latin"),
        ("Hội đồng giữ chuyến phà", "Latin"),
        ("Паром остаётся", "Cyrillic"),
        ("Το πλοίο μένει", "Greek"),
        ("تبقى العبارة في الشتاء", "Arabic"),
        ("کشتی می‌ماند", "Arabic"),
        ("המעבורת נשארת", "Hebrew"),
        ("नाव चलती रहेगी", "Devanagari"),
        ("ফেরি থাকবে", "Bengali"),
        ("เรือเฟอร์รี่ยังคงอยู่", "Thai"),
        ("ጀልባው ይቆያል", "Ethiopic"),
        ("나룻배는 남는다", "Hangul"),
        ("渡し船は残る", "Kana"),
        ("冬の渡し船、存続へ", "Kana"),
        ("渡船將繼續行駛", "Han"),
        ("ბორანი რჩება", "Georgian"),
        ("iPhone 17 na trhu: Паром остаётся на зиму в городе", "Cyrillic"),
        ("苹果发布 iPhone 17 Pro", "Han"),
        ("2026 – 12", None),
        ("", None),
        ("abc где", None),
    ],
)
def test_more_than_half_of_the_letters_tell_the_script(text: str, script: str | None) -> None:
    assert script_of(text) == script


@pytest.mark.parametrize(
    ("language", "script", "can"),
    [
        ("en", "Latin", True),
        ("en", "Arabic", False),
        ("ar", "Latin", False),
        ("fa", "Arabic", True),
        ("ja", "Han", True),
        ("zh", "Kana", False),
        ("ja", "Kana", True),
        ("sr", "Latin", True),
        ("sr", "Cyrillic", True),
        ("ku", "Latin", True),
        ("ku", "Arabic", True),
        ("ru", "Latin", False),
        ("gsw", "Latin", True),
        ("hi", "Devanagari", True),
        ("ne", "Devanagari", True),
        ("hi", "Thai", False),
    ],
)
def test_a_language_is_written_in_few_scripts(language: str, script: str, can: bool) -> None:
    assert can_be(language, script) is can


def test_the_usual_language_of_a_script_is_written_in_it() -> None:
    assert all(can_be(language, script) for script, language in USUAL.items())
    assert set(SCRIPTS) - set(USUAL) == {
        "Latin", "Cyrillic", "Arabic", "Devanagari", "Bengali", "Ethiopic",
    }  # fmt: skip


@given(st.text(max_size=200))
def test_any_text_has_a_known_script_or_none(text: str) -> None:
    assert script_of(text) in {None, *SCRIPTS}
    assert script_of(text) == script_of(text * 2)
