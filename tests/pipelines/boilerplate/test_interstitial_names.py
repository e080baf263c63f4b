"""What pages in place of an article are called: a title that says nothing else."""

import pytest

from benchmarks.wall_pages import WORDING
from models.items import Signs
from pipelines.boilerplate.interstitial_names import NAMES
from pipelines.boilerplate.interstitials import instead
from tests.factories import make_extraction


def named(title: str) -> str | None:
    """The kind of page by its title alone."""
    return instead(make_extraction(blocks=(), signs=Signs((title,), story=False)), [])


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Just a moment...", "challenge"), ("Доступ запрещён", "challenge"),
        ("Cookie settings | Harbour Post", "consent"), ("إعدادات الخصوصية", "consent"),
        ("Sign in", "login"), ("ログイン", "login"), ("Subscribe to read - Post", "paywall"),
        ("404", "missing"), ("Error 404: Not Found", "missing"), ("पृष्ठ नहीं मिला", "missing"),
        ("502 Bad Gateway", "error"), ("Технические работы", "error"), ("No disponible", "region"),
        ("Browser veraltet", "browser"), ("Coming soon", "parked"),
    ],
)  # fmt: skip
def test_a_title_or_a_part_of_one_is_the_name(title: str, kind: str) -> None:
    assert named(title) == kind


@pytest.mark.parametrize("language", WORDING)
def test_a_headline_that_has_such_words_is_none(language: str) -> None:
    for title in WORDING[language]["titles"]:
        assert named(f"{title} | Harbour Post") is None


def test_every_kind_has_names() -> None:
    assert len(NAMES) == 9
    assert all(names.strip() for names in NAMES.values())
