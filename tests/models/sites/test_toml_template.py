"""A new site's name and file: what was found, and every option explained."""

from datetime import timedelta
from pathlib import Path

import pytest

from models.errors import UsageError
from models.sites.config import Fetch, load_site
from models.sites.toml_template import site_name, site_toml, write_site_toml


def test_a_written_file_explains_itself_and_is_read_again(tmp_path: Path) -> None:
    feeds = ["https://example.com/rss", 'https://example.com/"ü\\"?a=1&b=2']
    folder = tmp_path / "sites"
    text = site_toml("example", "HTTP://127.0.0.2:8001", feeds=feeds, private=True)
    path = write_site_toml(folder, "example", text)
    site = load_site(folder, "example")
    assert site.path == path
    assert site.start == "http://127.0.0.2:8001/"
    assert site.sources.feeds == (feeds[0], "https://example.com/%22%C3%BC/%22?a=1&b=2")
    assert site.scope.hosts == {"127.0.0.2:8001"}
    assert site.private_origin == ("127.0.0.2", 8001)
    with pytest.raises(UsageError, match="is there already"):
        write_site_toml(folder, "example", "")
    assert [path.name for path in folder.iterdir()] == ["example.toml"]
    assert path.read_text(encoding="utf-8") == text
    with pytest.raises(UsageError, match="is no site name"):
        site_toml("../x", "https://example.com/")


def test_a_title_and_other_addresses_are_in_the_file(tmp_path: Path) -> None:
    text = site_toml(
        "example", "https://example.com/", title='The\n"Paper"', aliases=["http://old.example/"]
    )
    path = write_site_toml(tmp_path, "example", text)
    assert path.read_text(encoding="utf-8").splitlines()[1] == '# The "Paper"'
    assert load_site(tmp_path, "example").aliases == ("http://old.example/",)
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="cannot be written"):
        write_site_toml(tmp_path / "file", "example", text)


def test_every_option_that_is_shown_in_a_written_file_can_be_put_in_force(tmp_path: Path) -> None:
    path = write_site_toml(tmp_path, "example", site_toml("example", "https://example.com/"))
    lines = path.read_text(encoding="utf-8").splitlines()
    shown = [line.removeprefix("# ") for line in lines if " = " in line and "`" not in line]
    sections = [line for line in lines if line.startswith("[")]
    assert sections == ["[sources]", "[scope]", "[fetch]", "[schedule]", "[extraction]", "[rights]"]
    path.write_text("\n".join(
        line.removeprefix("# ") if line.removeprefix("# ") in shown else line for line in lines
    ), encoding="utf-8")  # fmt: skip
    site = load_site(tmp_path, "example")
    assert site.scope.hosts == {"example.com", "www.example.com"}
    assert site.fetch == Fetch(label="de")
    assert site.schedule.every == timedelta(hours=1)


@pytest.mark.parametrize(
    ("start", "taken", "name"),
    [
        ("https://www.example.com/", [], "example"),
        ("https://news.example.co.uk/", [], "example"),
        ("https://news.example.co.uk/", ["example"], "news-example-co-uk"),
        ("https://example.com:8443/", ["example", "example-com"], "example-com-8443"),
        ("https://example.com/", ["example", "example-com"], "example-com-2"),
        ("https://127.0.0.2:8001/", [], "127-0-0-2-8001"),
        ("http://localhost:8000/", ["localhost"], "localhost-8000"),
        ("http://[::1]:8000/", [], "1-8000"),
        ("https://bücher.de/", [], "xn--bcher-kva"),
        ("https://one.github.io/", [], "one"),
    ],
)
def test_a_site_is_named_after_its_host(start: str, taken: list[str], name: str) -> None:
    assert site_name(start, taken) == name
