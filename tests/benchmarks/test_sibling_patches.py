from benchmarks.sibling_model import model_of
from benchmarks.sibling_patches import AUTHOR, CLOCK, DAY, TEXT, TITLE, URL
from tests.benchmarks.pages import SAMPLE


def _forms() -> dict[str, list[str]]:
    model = model_of(SAMPLE)
    nodes = list(model.root.iter())
    found: dict[str, list[str]] = {}
    for patch in model.patches:
        found.setdefault(f"{nodes[patch.element].tag} {patch.place}", []).append(patch.form)
    return found


def test_title_and_address_are_found_wherever_they_stand() -> None:
    forms = _forms()
    assert forms["title text"] == [f"{TITLE} | Paper"]
    assert {TITLE, URL, f"2026-11-{DAY}T{CLOCK}:00Z"} == set(forms["meta @content"])


def test_date_and_byline_are_found() -> None:
    forms = _forms()
    assert forms["time @datetime"] == [f"2026-11-{DAY}T{CLOCK}"]
    assert forms["time text"] == [f"{DAY} November 2026, {CLOCK}"]
    assert forms["p text"] == [f"By {AUTHOR}, "]


def test_json_ld_says_what_the_page_says() -> None:
    (form,) = _forms()["script text"]
    assert f'"headline": "{TITLE}"' in form
    assert f'"articleBody": "{TEXT}"' in form
    assert f'"name": "{AUTHOR}"' in form
    assert f'"datePublished": "2026-11-{DAY}T{CLOCK}:00Z"' in form
