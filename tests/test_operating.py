"""What the manuals say of settings, TOML files and verbs holds."""

import re
from pathlib import Path

import pytest

from crawler import settings
from models.sites.config import Site, read_site
from models.sites.toml_reader import keys_of

DOCS = Path(__file__).parents[1] / "docs"
OPERATING = (DOCS / "operating.md").read_text(encoding="utf-8")
SITES = (DOCS / "sites.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", SITES, re.S)


def test_every_setting_is_in_the_manual_with_its_default() -> None:
    for name in dir(settings):
        if name.startswith("WINNOW_"):
            assert f"| `{name}` |" in OPERATING, name
    for name in ("SHORTEST", "LONGEST"):
        value = getattr(settings, f"WINNOW_VISIT_{name}")
        assert f"| `WINNOW_VISIT_{name}` | `{value}` |" in OPERATING


def test_every_key_of_a_toml_is_in_the_manual_with_an_example() -> None:
    said = "\n".join(EXAMPLES)
    for section, keys in keys_of(Site, ("name", "path")).items():
        assert section is None or f"[{section}]\n" in said
        for key in keys:
            assert re.search(rf"^{key} = ", said, re.M), key


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_examples_are_toml_without_mistakes(example: str, tmp_path: Path) -> None:
    path = tmp_path / "example.toml"
    start = "" if example.startswith("start") else 'start = "https://example.com/"\n'
    path.write_text(start + example, encoding="utf-8")
    assert read_site(path)[1] == []
