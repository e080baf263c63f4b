"""Authors and titles: names come out of bylines, headlines out of what surrounds them."""

import pytest

from pipelines.metadata.language import primary_tag
from pipelines.metadata.names import looks_personal, split_names
from pipelines.metadata.titles import tidy, uncut, without_site


@pytest.mark.parametrize(
    ("claim", "names"),
    [
        ("Ann Lee", ("Ann Lee",)),
        ("By Ann Lee and Bo Ek", ("Ann Lee", "Bo Ek")),
        ("Von Ann Lee und Bo Ek", ("Ann Lee", "Bo Ek")),
        ("Par Ann Lee, Bo Ek et Cy Dee", ("Ann Lee", "Bo Ek", "Cy Dee")),
        ("BY ANN LEE; BO EK", ("ANN LEE", "BO EK")),
        ("Ann Lee, Senior Political Correspondent", ("Ann Lee",)),
        ("Ann Lee, Ph.D.", ("Ann Lee",)),
        ("Ann Lee (abc)", ("Ann Lee",)),
        ("Ann Lee ann.lee@paper.example @annlee https://x.example/ann", ("Ann Lee",)),
        ("<a href='/a'>Ann Lee</a> &amp; Bo Ek", ("Ann Lee", "Bo Ek")),
        ("Doe, Jane", ("Doe, Jane",)),
        ("dpa, Reuters", ("dpa", "Reuters")),
        ("AFP und Reuters", ("AFP", "Reuters")),
        ("Simon & Schuster", ("Simon & Schuster",)),
        ("The Associated Press", ("The Associated Press",)),
        ("Von Miller", ("Von Miller",)),
        ("신현주 기자", ("신현주",)),
        ("https://facebook.example/paper", ()),
        ("30.05.2024 08:15", ()),
        ("admin", ()),
        ("", ()),
    ],
)
def test_names_are_parted_and_freed_of_what_is_no_name(claim: str, names: tuple[str, ...]):
    assert split_names([claim]) == names


def test_a_name_is_listed_once():
    assert split_names(["Ann Lee", "ANN LEE", "By Ann Lee"]) == ("Ann Lee",)


def test_a_megabyte_of_names_is_bounded():
    assert len(split_names(f"Ann Lee{chr(97 + n % 26)}{n}" for n in range(100_000))) <= 50
    assert split_names(["x" * 1_000_000]) == ()
    assert split_names(["@" * 1_000_000, "<" * 1_000_000, "(" * 1_000_000]) == ()


@pytest.mark.parametrize(
    "name", ["Ann Lee", "Ludwig van Beethoven", "松岡大地", "Renée Zoë Dupont"]
)
def test_a_persons_name_looks_personal(name: str):
    assert looks_personal(name)


@pytest.mark.parametrize(
    "name", ["amw", "capital", "Picture: Ann Lee", "REUTERS/Ann", "Read more now"]
)
def test_a_label_does_not(name: str):
    assert not looks_personal(name)


SITE_NAMES = frozenset({"thepaper", "paper", "paperexample"})


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("Storm hits coast | The Paper", "Storm hits coast"),
        ("Storm hits coast - paper.example", "Storm hits coast"),
        ("Storm hits coast | The Paper News", "Storm hits coast"),
        ("Storm hits coast-Weather | The Paper", "Storm hits coast"),
        ("The Paper: storm", "The Paper: storm"),
        ("The Paper | Storm hits coast", "Storm hits coast"),
        ("Storm hits coast - again", "Storm hits coast - again"),
        ("BUDGET 3.0 | Tax collectors hired", "BUDGET 3.0 | Tax collectors hired"),
    ],
)
def test_the_sites_name_leaves_the_title(title: str, headline: str):
    assert without_site(title, SITE_NAMES, sections=["Weather"]) == headline


def test_what_another_title_lacks_is_cut_off_behind():
    title = "Storm hits coast - Regional - The Daily Example"
    assert without_site(title, SITE_NAMES, ["Storm hits coast"]) == "Storm hits coast"


def test_a_cut_title_is_made_whole_from_another():
    assert uncut("Storm hits …", ["Storm", "Storm hits the coast"]) == "Storm hits the coast"
    assert uncut("Storm hits", ["Storm hits the coast"]) == "Storm hits"


def test_markup_entities_and_invisible_characters_leave_a_title():
    assert tidy(" Storm\u00ad &amp;amp; <em>rain</em>\n\u200btoday ") == "Storm & rain today"


@pytest.mark.parametrize(
    ("claims", "tag"),
    [
        (["de-AT"], "de"),
        (["pt_BR"], "pt"),
        (["", "x-y", "English", "EN"], "en"),
        (["und"], None),
        (["eng"], "en"),
        (["jp"], "ja"),
    ],
)
def test_a_language_is_its_primary_tag(claims: list[str], tag: str | None):
    assert primary_tag(claims) == tag
