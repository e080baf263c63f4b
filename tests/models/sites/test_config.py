"""A site's TOML is the contract's; each mistake in one is told with its line and its mending."""

import json
import pickle
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import SiteConfigError, SiteDisabled, UnknownSite, UsageError
from models.sites.config import (
    ExtractionRules,
    Fetch,
    Scope,
    Site,
    load_all,
    load_site,
    read_site,
    require_enabled,
)
from models.sites.toml_reader import keys_of

KEYS = keys_of(Site, ("name", "path"))
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
WHOLE = r"""
start = "https://Example.com/"
[sources]                    # left out: probed
sitemaps = ["https://example.com/news-sitemap.xml"]
feeds = ["https://example.com/rss"]
sections = ["https://example.com/politics/"]
[scope]
hosts = ["example.com", "WWW.example.com"]
include = ["^/\\d{4}/"]
exclude = ["/tag/"]
max_age = "30d"
private = false
[fetch]
delay = 2
concurrency = 2
max_bytes = "5MB"
label = "de"
[schedule]
every = "1h"
[extraction]
body = ["article .content"]
keep = []
remove = [".partner-box"]
[rights]
obey = ["tdm"]
"""


def write(folder: Path, text: str, name: str = "example") -> Path:
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def mistakes(folder: Path, text: str) -> list[str]:
    """What is wrong with a file, without its path."""
    path = write(folder, text)
    site, found = read_site(path)
    assert (site is None) == bool(found)
    assert all(mistake.startswith(f"{path}: ") for mistake in found)
    return [mistake.removeprefix(f"{path}: ") for mistake in found]


def load(folder: Path, text: str) -> Site:
    write(folder, text)
    return load_site(folder, "example")


def test_the_contracts_example_is_read_whole(tmp_path: Path) -> None:
    site = load(tmp_path, WHOLE)
    assert (site.name, site.start) == ("example", "https://example.com/")
    assert site.sources.sitemaps == ("https://example.com/news-sitemap.xml",)
    assert site.sources.feeds == ("https://example.com/rss",)
    assert site.sources.sections == ("https://example.com/politics/",)
    assert site.scope.hosts == {"example.com", "www.example.com"}
    assert [p.pattern for p in site.scope.include] == [r"^/\d{4}/"]
    assert site.scope.max_age == timedelta(days=30)
    assert site.fetch == Fetch(delay=2, concurrency=2, max_bytes=5_000_000, label="de")
    assert site.schedule.every == timedelta(hours=1)
    assert site.extraction == ExtractionRules(body=("article .content",), remove=(".partner-box",))
    assert site.rights.obey == ("tdm",) and site.obeying("noarchive") is site
    assert pickle.loads(pickle.dumps(site)) == site


def test_what_is_obeyed_is_the_settings_unless_the_file_says(tmp_path: Path) -> None:
    site = load(tmp_path, WHOLE[: WHOLE.index("[rights]")])
    assert site.obeying("").rights.obey == ()
    assert site.obeying("noarchive, tdm").rights.obey == ("noarchive", "tdm")
    with pytest.raises(UsageError, match=r"WINNOW_OBEY_RIGHTS: .*'all'.*write a list of"):
        site.obeying("all")


def test_only_start_is_needed(tmp_path: Path) -> None:
    site = load(tmp_path, 'start = "https://www.example.com"')
    assert site.scope.hosts == {"example.com", "www.example.com"}
    assert site.fetch == Fetch(delay=1.0, concurrency=1, max_bytes=10_000_000)
    assert not site.sources
    assert not site.extraction
    assert site.schedule.every is None
    assert site.private_origin is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[sources]\n\nfeds = []",
            "line 4: unknown key 'feds' in [sources]; did you mean 'feeds'?",
        ),
        ("delay = 3", "line 2: unknown key 'delay'; it belongs in [fetch]"),
        ("[scope]\ndelay = 3", "line 3: unknown key 'delay' in [scope]; it belongs in [fetch]"),
        ("[sauces]\nfeeds = []", "line 2: unknown key 'sauces'; did you mean 'sources'?"),
        (
            "zzz = 1",
            "line 2: unknown key 'zzz'; known are start, aliases, enabled, sources, scope, fetch,",
        ),
        ("scope.privat = true", "line 2: unknown key 'privat' in [scope]; did you mean 'private'?"),
        ("fetch = 3", "line 2: fetch is a table; write [fetch]"),
        ('[sources]\nfeeds = "x"', "line 3: feeds in [sources]: 'x' is no list; write feeds = ["),
        ('[sources]\nfeeds = ["x"]', "line 3: feeds in [sources]: not an http or https URL: 'x'"),
        ("[sources]\nfeeds = [3]", 'line 3: feeds in [sources]: 3 is no text; write "https://'),
        ('[scope]\nhosts = ["a/b"]', "line 3: hosts in [scope]: 'a/b' is no host; write \"exam"),
        ('[scope]\nhosts = ["*.b.com"]', "line 3: hosts in [scope]: '*.b.com' is no host"),
        ('[scope]\ninclude = ["("]', "line 3: include in [scope]: '(' is no regular expression: "),
        ('[scope]\nmax_age = "30"', "line 3: max_age in [scope]: '30' is no length of time; write"),
        ("[scope]\nmax_age = 30", "line 3: max_age in [scope]: 30 is no length of time"),
        ('[scope]\nmax_age = "0d"', "line 3: max_age in [scope]: '0d' is no length of time"),
        ('[scope]\nprivate = "no"', "line 3: private in [scope]: 'no' is neither; write true or"),
        ("[fetch]\ndelay = -1", "line 3: delay in [fetch]: -1: write a number from 0 to 3600"),
        ("[fetch]\ndelay = nan", "line 3: delay in [fetch]: nan: write a number from 0 to 3600"),
        ("[fetch]\nconcurrency = 0", "line 3: concurrency in [fetch]: 0: write a whole number"),
        ("[fetch]\nconcurrency = true", "line 3: concurrency in [fetch]: True: write a whole"),
        ('[fetch]\nmax_bytes = "10 M"', "line 3: max_bytes in [fetch]: '10 M' is no size from"),
        ("[fetch]\nmax_bytes = 9", "line 3: max_bytes in [fetch]: 9 is no size from 1kB to 1GB"),
        ('[fetch]\nlabel = "D E"', "line 3: label in [fetch]: 'D E' is no label; write a plain"),
        ('[schedule]\nevery = "1y"', "line 3: every in [schedule]: '1y' is no length of time"),
        ('[extraction]\nbody = ["a["]', "line 3: body in [extraction]: 'a[' is no CSS selector: "),
        ('[extraction]\nbody = [""]', "line 3: body in [extraction]: '' is no text; write a CSS"),
        ("[scope", "line 2: not TOML: "),
        ("start = 1", "line 2: not TOML: Cannot overwrite a value"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    (mistake,) = mistakes(tmp_path, f'start = "https://example.com/"\n{text}')
    assert mistake.startswith(said)


def test_a_file_without_a_start_is_told_what_to_write(tmp_path: Path) -> None:
    assert mistakes(tmp_path, "") == ['start is missing; write start = "https://example.com/"']
    assert mistakes(tmp_path, 'start = ""')[0].startswith("line 1: start: '' is no text")
    assert mistakes(tmp_path, 'start = ["https://example.com"]')[0].startswith("line 1: start: [")


def test_every_mistake_of_a_file_is_told_in_the_order_of_lines(tmp_path: Path) -> None:
    text = 'strat = ""\n[fetch]\ndelay = "1"\ndealy = 1\n[sources]\nfeeds = ["a", "b"]'
    told = mistakes(tmp_path, text)
    assert [mistake.partition(":")[0] for mistake in told] == [
        "start is missing; write start = \"https", "line 1", "line 3", "line 4", "line 6", "line 6",
    ]  # fmt: skip
    with pytest.raises(SiteConfigError, match=r"example.toml: start is missing.* \(and 5 more\)"):
        load_site(tmp_path, "example")


def test_a_file_that_is_no_text_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b'start = "\xff"')
    (tmp_path / "b.toml").mkdir()
    (tmp_path / "Bad Name.toml").write_text('start = "https://example.com"', encoding="utf-8")
    write(tmp_path, '\ufeffstart = "https://example.com"', "good")
    sites, errors = load_all(tmp_path)
    assert [site.name for site in sites] == ["good"]
    assert len(errors) == 3
    assert [str(error).partition(".toml: ")[2].split(",")[0].split(";")[0] for error in errors] == [
        "a site's name is lower-case letters",
        "is not UTF-8: invalid start byte at byte 9",
        "cannot be read: Is a directory",
    ]


@given(st.text(max_size=300))
def test_no_file_is_a_traceback(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_text(text, encoding="utf-8", errors="replace")
    site, found = read_site(path)
    assert (site is None) == bool(found)


@pytest.mark.parametrize("name", ["exmple", "../example", "", "a/b", "EXAMPLE", "."])
def test_an_unknown_site_is_told_the_nearest(tmp_path: Path, name: str) -> None:
    load(tmp_path, WHOLE)
    with pytest.raises(UnknownSite) as unknown:
        load_site(tmp_path, name)
    if name == "exmple":
        assert str(unknown.value).endswith("did you mean 'example'?")
    else:
        assert "scrapy sites add" in str(unknown.value) or "example" in str(unknown.value)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://example.com/2026/a", None),
        ("http://www.example.com/2026/a?x=1", None),
        ("https://news.example.com/2026/a", "host news.example.com is not in [scope] hosts"),
        ("https://example.com:8443/2026/a", "host example.com:8443 is not in [scope] hosts"),
        ("https://example.com/about", "matches no pattern of [scope] include"),
        ("https://example.com/2026/tag/a", "matches '/tag/' of [scope] exclude"),
        ("javascript:void(0)", "not an http or https URL: 'javascript:void(0)'"),
    ],
)
def test_scope_says_why_a_url_is_out(tmp_path: Path, url: str, why: str | None) -> None:
    assert load(tmp_path, WHOLE).scope.admits(url, None, NOW) == why


def test_what_is_older_than_max_age_is_left_alone(tmp_path: Path) -> None:
    scope = load(tmp_path, WHOLE).scope
    url = "https://example.com/2026/a"
    assert scope.admits(url, NOW - timedelta(days=29), NOW) is None
    assert scope.admits(url, NOW - timedelta(days=31), NOW) == (
        "of 2026-10-22, older than [scope] max_age"
    )
    assert Scope(scope.hosts).admits(url, NOW - timedelta(days=9999), NOW) is None


@pytest.mark.parametrize(
    ("start", "hosts", "owned", "not_owned"),
    [
        ("http://127.0.0.2:8001/", None, "http://127.0.0.2:8001/a", "http://127.0.0.2:8002/a"),
        ("http://127.0.0.2:8001/", ["127.0.0.2"], "http://127.0.0.2:8001/a", "http://127.0.0.3/"),
        ("http://[::1]:8001/", None, "http://[0::1]:8001/", "http://[::1]/"),
        ("http://[::1]:8001/", ["[::1]"], "http://[::1]:8001/", "http://[::2]:8001/"),
        ("http://localhost:1/", None, "http://localhost:1/", "http://www.localhost:1/"),
        ("https://bücher.de/", None, "http://www.xn--bcher-kva.de/a", "https://bucher.de/"),
        ("https://a.com/", ["b.com:81"], "http://b.com:81/", "https://a.com/"),
    ],
)
def test_a_host_is_a_name_and_a_port(
    tmp_path: Path, start: str, hosts: list[str] | None, owned: str, not_owned: str
) -> None:
    scope = f"[scope]\nhosts = {hosts}" if hosts else ""
    site = load(tmp_path, f'start = "{start}"\n{scope}')
    assert site.scope.owns(owned)
    assert not site.scope.owns(not_owned)


def test_a_private_site_has_one_origin(tmp_path: Path) -> None:
    site = load(tmp_path, 'start = "http://127.0.0.2:8001/"\n[scope]\nprivate = true')
    assert site.private_origin == ("127.0.0.2", 8001)


values = st.recursive(
    st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)
keys = st.sampled_from(["start", *(key for names in KEYS.values() for key in names), "other"])


@given(st.dictionaries(st.sampled_from(["", *filter(None, KEYS), "x"]),
                       st.dictionaries(keys, values, max_size=4)))  # fmt: skip
def test_no_value_is_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, tables: dict[str, dict[str, object]]
) -> None:
    lines = []
    for section, table in sorted(tables.items()):
        lines += [f"[{section}]"] if section else []
        lines += [f"{key} = {json.dumps(value)}" for key, value in table.items()]
    text = "\n".join(lines).replace("NaN", "nan").replace("Infinity", "inf")
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_text(text, encoding="utf-8", errors="replace")
    site, found = read_site(path)
    assert (site is None) == bool(found)
    assert not any("\n" in mistake for mistake in found)


@pytest.mark.parametrize("text", ["a = " + "[" * 99_999, "a = " + "9" * 9999])
def test_a_file_that_breaks_parsers_is_a_mistake(tmp_path: Path, text: str) -> None:
    assert len(mistakes(tmp_path, text)) == 1


def test_a_disabled_site_is_read_again_and_not_fetched(tmp_path: Path) -> None:
    site = load(tmp_path, 'start = "https://example.com/"\nenabled = false\n')
    require_enabled(site, "reextract")
    with pytest.raises(SiteDisabled, match="type: scrapy sites enable example"):
        require_enabled(site, "visit")
    require_enabled(load(tmp_path, 'start = "https://example.com/"'), "visit")
    assert mistakes(tmp_path, 'enabled = "no"\nstart = "https://example.com/"') == [
        "line 1: enabled: 'no' is neither; write true or false"
    ]
