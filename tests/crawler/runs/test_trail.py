"""Where pages lead on to by themselves, and that a loop of them ends."""

import pytest

from crawler.runs.trail import MOST, Trail

SITE = "https://example.test"


def test_a_page_that_leads_back_to_itself_ends_the_loop_once() -> None:
    trail = Trail()
    assert trail.goes_on(f"{SITE}/a", f"{SITE}/b", 8)
    assert trail.goes_on(f"{SITE}/b", f"{SITE}/c", 8)
    assert not trail.goes_on(f"{SITE}/c", f"{SITE}/a", 8)
    assert trail.goes_on(f"{SITE}/x", f"{SITE}/y", 8)


def test_a_redirect_is_a_part_of_the_loop() -> None:
    trail = Trail()
    trail.note(f"{SITE}/a", f"{SITE}/b")
    assert not trail.goes_on(f"{SITE}/b", f"{SITE}/a", 8)


def test_two_pages_that_lead_to_one_are_no_loop() -> None:
    trail = Trail()
    for page in "abc":
        assert trail.goes_on(f"{SITE}/{page}", f"{SITE}/story", 8)


def test_so_many_pages_may_lead_on_one_after_the_other() -> None:
    trail = Trail()
    on = [trail.goes_on(f"{SITE}/{n}", f"{SITE}/{n + 1}", 3) for n in range(5)]
    assert on == [True, True, True, False, False]


def test_a_loop_elsewhere_does_not_hold_the_look_up() -> None:
    trail = Trail()
    trail.note(f"{SITE}/b", f"{SITE}/c")
    trail.note(f"{SITE}/c", f"{SITE}/b")
    assert trail.goes_on(f"{SITE}/a", f"{SITE}/b", 8)


@pytest.mark.slow
def test_what_is_remembered_is_bounded() -> None:
    trail = Trail()
    for n in range(MOST + 5):
        trail.note(f"{SITE}/{n}", f"{SITE}/story")
    assert len(trail._to) == MOST
