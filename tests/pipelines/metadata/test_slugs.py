"""The words that a page's address is made of, and how well a title fits them."""

import pytest

from pipelines.metadata.slugs import slug_of, spelled_out


def slug(path: str) -> set[str]:
    return set(slug_of(f"https://example.test{path}").words)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/news/night-ferry-sails", "night ferry sails"),
        ("/news/night_ferry_sails.html", "night ferry sails"),
        ("/night-ferry-sails-4711815/comments", "night ferry sails"),
        ("/night-ferry-sails-abc12345", "night ferry sails"),
        ("/f%C3%A4hre-f%C3%A4hrt-wieder", "fahre fahrt wieder"),
        ("/top-10-ferry-lines-2026", "top 10 ferry lines 2026"),
        ("/night-ferry", ""),
        ("/4711815", ""),
        ("/", ""),
    ],
)
def test_the_longest_part_of_three_words_names_the_article(path: str, words: str) -> None:
    assert slug(path) == set(words.split())


def test_what_is_no_url_has_no_slug() -> None:
    assert not slug_of("http://[::1").words


@pytest.mark.parametrize(
    ("title", "fit"),
    [
        ("Night ferry sails", 1.0),
        ("Night Ferry sails, at last it does", 2 * 3 / (7 + 3)),
        ("Nothing of it here", 0.0),
        ("", 0.0),
    ],
)
def test_a_title_fits_by_the_words_in_common(title: str, fit: float) -> None:
    assert slug_of("https://example.test/night-ferry-sails").fit(title) == pytest.approx(fit)


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/what-s-up-with-ferry", "What s up with ferry"),
        ("/whats-up-with-ferry", "What’s up with ferry"),
        ("/faehre-faehrt-wieder", "Fähre fährt wieder"),
        ("/fahre-fahrt-wieder", "Fähre fährt wieder"),
        ("/strasse-wird-gesperrt", "Straße wird gesperrt"),
    ],
)
def test_both_spellings_of_a_marked_letter_fit(path: str, title: str) -> None:
    assert slug_of(f"https://example.test{path}").fit(title) == 1.0


def test_without_a_slug_nothing_fits() -> None:
    assert slug_of("https://example.test/").fit("Night ferry sails") == 0.0


def test_a_text_is_spelled_as_addresses_spell_it() -> None:
    assert spelled_out("Mühlenkurier Ærø") == "muehlenkurier aeroe"
    assert spelled_out("L'Été") == "l'ete"
