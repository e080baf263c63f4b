"""How far one wording is from another; what says something new is never a typo."""

import pytest

from models.articles.change_kind import change_between, reads_alike

LONG = " ".join(f"Sentence {n} tells of the harbour and its boats." for n in range(20))


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        (("Ferry", f"{LONG} It sails."), ("Ferry", f"{LONG} It sails!"), "typo"),
        (("Ferry", f"{LONG} It sials."), ("Ferry", f"{LONG} It sails."), "typo"),
        (("3 dead", f"{LONG} Over."), ("5 dead", f"{LONG} Over!"), "update"),
        (("Ferry", f"{LONG} It was -5 degrees."), ("Ferry", f"{LONG} It was 5 degrees."), "update"),
        (("Ferry", f"{LONG} It cost $5."), ("Ferry", f"{LONG} It cost €5."), "update"),
        (("渡船", f"{LONG} 三人死亡"), ("渡船", f"{LONG} 五人死亡"), "update"),
        (("Ferry", f"{LONG} In 2020, all."), ("Ferry", f"{LONG} In 2020 all."), "typo"),
        (("Ferry", f"{LONG} Guilty."), ("Ferry", f"{LONG} Not guilty."), "update"),
        (("Ferry", f"{LONG} He denied it."), ("Ferry", f"{LONG} He admitted it."), "update"),
        (("Ferry", f"{LONG} Six ships."), ("Ferry", f"{LONG} Eight ships."), "update"),
        (
            ("Ferry", f"{LONG} Ivan ist schuldig."),
            ("Ferry", f"{LONG} Igor ist schuldig."),
            "update",
        ),
        (("Паром", f"{LONG} Он виновен."), ("Паром", f"{LONG} Он невиновен."), "update"),
        (("عبارة", f"{LONG} مذنب"), ("عبارة", f"{LONG} غير مذنب"), "update"),
        (("渡船", f"{LONG} 他有罪。"), ("渡船", f"{LONG} 他无罪。"), "update"),
        (("नाव", f"{LONG} वह मारा गया।"), ("नाव", f"{LONG} वह मारी गई।"), "update"),
        (("Six drown", f"{LONG} Over."), ("Eight drown", f"{LONG} Over!"), "update"),
        (("Ferry", LONG), ("Night ferry", LONG), "headline"),
        (("Ferry", LONG), ("Ferry", "Another text altogether, of a school. " * 20), "rewrite"),
    ],
)
def test_each_change_has_its_name(old: tuple[str, str], new: tuple[str, str], change: str) -> None:
    assert change_between(*old, *new) == change


@pytest.mark.parametrize(
    ("old", "new", "alike"),
    [
        (("Rat", "Der Ge\u00admein\u00adderat tagt."), ("Rat", "Der Gemeinderat tagt."), True),
        (("Со\u00adвет", "Он\u00a0решил."), ("Совет", "Он решил."), True),
        (("詩", "古池や 蛙飛びこむ"), ("詩", "古池や\n蛙飛びこむ"), True),
        (("نص", "می\u200cخواهم"), ("نص", "میخواهم"), False),  # a joiner that shapes letters is seen
        (("A", "One. Two."), ("A", "One. Two"), False),
        (("A", "One."), ("B", "One."), False),
        ((None, "One."), ("", "One."), True),
    ],
)  # fmt: skip
def test_what_nobody_sees_is_no_other_wording(
    old: tuple[str | None, str], new: tuple[str | None, str], alike: bool
) -> None:
    assert reads_alike(*old, *new) is alike
    assert reads_alike(*new, *old) is alike
