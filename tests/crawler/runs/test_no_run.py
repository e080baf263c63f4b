"""A look at a page without a run: on the site that owns the URL, or on one of its own."""

from pathlib import Path

import pytest

from crawler.runs.no_run import site_of_url, unrecorded_run
from models.errors import UnknownSite


@pytest.fixture
def sites_dir(tmp_path: Path) -> Path:
    """Two sites, of which one may be at a private address."""
    (tmp_path / "loop.toml").write_text('start = "https://loop.test/"\n')
    (tmp_path / "desk.toml").write_text(
        'start = "http://127.0.0.1:8000/"\n[scope]\nprivate = true\n'
    )
    return tmp_path


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://loop.test/2026/a", "loop"),
        ("https://www.loop.test/", "loop"),
        ("http://127.0.0.1:8000/a", "desk"),
        ("http://127.0.0.1:8001/a", "unknown"),
        ("https://other.test/a", "unknown"),
    ],
)
def test_a_url_is_of_the_site_that_owns_it(sites_dir: Path, url: str, name: str) -> None:
    assert site_of_url(sites_dir, url).name == name


def test_a_site_that_nobody_wrote_down_is_public_and_owns_its_host_alone(sites_dir: Path) -> None:
    site = site_of_url(sites_dir, "https://other.test/a")
    assert site.scope.private is False
    assert site.scope.owns("https://other.test/b")
    assert not site.scope.owns("https://loop.test/")


def test_what_is_no_url_has_no_site(sites_dir: Path) -> None:
    with pytest.raises(ValueError, match="URL"):
        site_of_url(sites_dir, "")


def test_a_run_that_no_database_knows_has_no_number_and_no_lease(sites_dir: Path) -> None:
    run = unrecorded_run("discover", sites_dir, "", "https://loop.test/a")
    assert (run.run_id, run.site_id, run.owner, run.kind) == (0, 0, "", "discover")
    assert run.site.name == "loop"
    named = unrecorded_run("discover", sites_dir, "desk", "https://loop.test/a")
    assert named.site.name == "desk", "a site that is named goes before the URL's"
    with pytest.raises(UnknownSite):
        unrecorded_run("discover", sites_dir, "nobody", "")
