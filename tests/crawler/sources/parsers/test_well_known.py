"""Where sources are looked for when nothing says where."""

import pytest

from crawler.sources.parsers.well_known import well_known


@pytest.mark.parametrize(("kind", "first"), [("sitemap", "/sitemap.xml"), ("feed", "/feed")])
def test_the_likeliest_place_comes_first_and_all_are_guesses(kind: str, first: str) -> None:
    places = well_known(kind, "https://example.test/en/home?x=1")
    assert places[0].url == f"https://example.test{first}"
    assert {(place.kind, place.guessed) for place in places} == {(kind, True)}
    assert len({place.url for place in places}) == len(places)
