"""What sites say to their readers in place of an article: each list stands, in ten languages."""

import re

import pytest

from benchmarks.wall_pages import WORDING
from pipelines.boilerplate.interstitial_calls import CALLS
from pipelines.boilerplate.interstitials import call_of

# the kinds of the benchmark's texts; those of one outcome share a list
KINDS = {
    "challenge": "challenge", "consent": "consent", "login": "login", "metered": "paywall",
    "missing": "missing", "error": "error", "maintenance": "error", "rate": "error",
    "region": "region", "browser": "browser", "adblock": "browser", "parked": "parked",
}  # fmt: skip


@pytest.mark.parametrize("language", WORDING)
@pytest.mark.parametrize("kind", KINDS)
def test_a_call_is_known_by_its_kind(language: str, kind: str) -> None:
    found = call_of(WORDING[language]["walls"][kind][1])
    # to read on, some papers ask to register
    assert found in ({"paywall", "offer", "login"} if kind == "metered" else {KINDS[kind]})


@pytest.mark.parametrize("language", WORDING)
def test_what_a_site_sells_is_not_the_rest_of_a_text(language: str) -> None:
    said = WORDING[language]
    assert call_of(said["only"]) == "offer"
    assert call_of(said["subscriber"]) in {"offer", None}
    assert call_of(said["offer"]) in {"paywall", "login"}


@pytest.mark.parametrize("language", WORDING)
def test_news_asks_nothing(language: str) -> None:
    for text in (*WORDING[language]["news"], *WORDING[language]["titles"]):
        assert call_of(text) is None, text


@pytest.mark.parametrize("kind", CALLS)
def test_no_pattern_is_empty_and_none_matches_everything(kind: str) -> None:
    pattern = re.compile(CALLS[kind].replace("\n", ""))
    assert not pattern.search("")
    assert "||" not in CALLS[kind].replace("\n", "")
