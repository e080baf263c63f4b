"""Settings that no command accepts, each with a line that says what to write."""

import pytest
from scrapy.settings import Settings

from crawler.operations.setting_checks import require_proxy, require_settings
from models.errors import UsageError


@pytest.mark.parametrize(
    ("name", "written", "said"),
    [
        ("WINNOW_WORKERS", "-1", "write a number of processes, 0 or more"),
        ("WINNOW_SEARCH", "yes", "WINNOW_SEARCH: 'yes': write on or off"),
        ("WINNOW_PROXY", "socks5://127.0.0.1:9", "WINNOW_PROXY"),
    ],
)
def test_a_wrong_setting_is_a_line(name: str, written: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as wrong:
        require_settings(Settings({"WINNOW_WORKERS": "1", name: written}))
    assert "\n" not in str(wrong.value)


def test_settings_as_they_come_are_right() -> None:
    require_settings(Settings({"WINNOW_WORKERS": "0", "WINNOW_SEARCH": "off"}))
    require_proxy(None)
