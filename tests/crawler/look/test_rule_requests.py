"""What pages post about rules, read strictly."""

import pytest

from crawler.look.rule_requests import Rule, rule_in, site_in
from models.errors import UsageError

RULE = {"site": "example", "action": "remove", "selector": " .box "}


def test_a_rule_is_read() -> None:
    assert rule_in(RULE) == Rule("example", "remove", ".box")
    assert site_in(RULE) == "example"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"action": "hide"}, 'action: write "keep" or "remove"'),
        ({"action": None}, 'action: write "keep" or "remove"'),
        ({"selector": ""}, "selector: write a CSS selector"),
        ({"selector": 3}, "selector: write a CSS selector"),
        ({"site": "../x"}, "site: write the name of a site"),
        ({"site": None}, "site: write the name of a site"),
    ],
)
def test_what_is_wrong_is_named(change: dict[str, object], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        rule_in({**RULE, **change})
