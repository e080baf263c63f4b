"""What a stranger or a slip of the pen can do: an outcome and a reason each; the run goes on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.desk import Desk
from tests.support.site_server import (
    Reply,
    SiteServer,
    article,
    bomb,
    busy,
    drip,
    feed,
    flood,
    redirect,
    sitemap,
)

TEXT = [
    "The night ferry sails again from the first week of June, eleven years after the last one.",
    "Two crossings a night are planned, and the board has paid for new cabins and a kitchen.",
    "Tickets cost twenty-four crowns for a seat and sixty for a berth; islanders pay half.",
    "The board expects to lose money until the third summer and has put some of it aside.",
]
FRENCH = [
    "La façade de l'hôtel a été repeinte en été, après dix-huit années où personne n'y touchait.",
    "Le maître d'œuvre, un élève du château voisin, a refusé tout honoraire dès le début.",
    "« C'est là que je suis né », dit-il en montrant la fenêtre du grenier où séchait le blé.",
]
Outcomes = dict[str, tuple[str, str]]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk with a database and no sites."""
    made = Desk(tmp_path_factory.mktemp("desk"), workers=2)
    made.upgrade()
    return made


@pytest.fixture(scope="module")
def outcomes(desk: Desk) -> Iterator[Outcomes]:
    """What came of a site that is nothing but traps, and one good article."""
    with SiteServer() as site:
        _set_traps(site)
        site.page("/good", article("The ferry is back", TEXT))
        urls = [site.url + path for path in site.pages if path != "/robots.txt"]
        site.pages["/sitemap.xml"] = Reply(sitemap(urls).encode(), content_type="application/xml")
        desk.write_site(
            "traps", site.url + "/", f'[sources]\nsitemaps = ["{site.url}/sitemap.xml"]'
        )
        desk.crawl("traps", "discover", "-s", "DOWNLOAD_TIMEOUT=3", "-s", "RETRY_TIMES=1")
        yield desk.outcomes()


@pytest.mark.parametrize(
    ("path", "outcome", "reason"),
    [
        ("/tables.pdf", "bad_type", "PDF"),
        ("/said-to-be-html", "bad_type", "PDF"),
        ("/empty", "no_content", ""),
        ("/flood", "too_large", "larger than"),
        ("/bomb", "too_large", ""),
        ("/drip", "timeout", "3"),
        ("/reset", "connection_error", ""),
        ("/loop", "redirect_loop", "redirect"),
        ("/to-the-cloud", "refused_address", "169.254.169.254"),
        ("/to-another-host", "out_of_scope", "elsewhere.example"),
        ("/missing", "gone", "404"),
        ("/withdrawn", "gone", "410"),
        ("/broken", "http_error", "500"),
        ("/forbidden/story", "robots", "robots.txt"),
    ],
)
def test_a_trap_gets_its_outcome_and_reason(
    outcomes: Outcomes, path: str, outcome: str, reason: str
) -> None:
    assert outcomes[path][0] == outcome
    assert reason in outcomes[path][1]
    assert outcomes[path][1]


def test_what_comes_between_the_traps_is_stored(outcomes: Outcomes) -> None:
    assert outcomes["/good"][0] == "stored"
    assert outcomes["/busy-at-first"][0] == "stored"


def test_a_lying_charset_does_not_spoil_the_text(outcomes: Outcomes, desk: Desk) -> None:
    assert outcomes["/lying-charset"][0] == "stored"
    (row,) = desk.rows("SELECT text FROM v1_articles WHERE url LIKE '%/lying-charset'")
    for paragraph in FRENCH:
        assert paragraph in row["text"]


def test_an_article_without_a_title_is_an_article(outcomes: Outcomes, desk: Desk) -> None:
    assert outcomes["/untitled"][0] == "stored"
    (row,) = desk.rows("SELECT text FROM v1_articles WHERE url LIKE '%/untitled'")
    assert TEXT[1] in row["text"]


def test_every_url_of_the_run_has_one_outcome_and_they_add_up(
    outcomes: Outcomes, desk: Desk
) -> None:
    (run,) = desk.rows("SELECT * FROM v1_runs WHERE site = 'traps'")
    parts = ("stored", "revised", "unchanged", "refused", "errors")
    assert run["urls"] == sum(run[part] for part in parts) == len(outcomes)
    assert run["status"] == "done"


def test_a_toml_with_a_wrong_key_is_named_with_the_right_one(desk: Desk) -> None:
    path = desk.write_site("wrongkey", "http://127.0.0.1:9/", '[sources]\nfeds = ["x"]')
    done = desk.type("crawl", "discover", "-a", "site=wrongkey", code=2)
    assert path.name in done.err and "feds" in done.err and "feeds" in done.err
    assert done.err.count("\n") == 1
    path.unlink()


def test_an_unknown_site_is_a_slip_of_the_pen(desk: Desk) -> None:
    desk.write_site("harbour", "http://127.0.0.1:9/")
    done = desk.type("crawl", "discover", "-a", "site=harbor", code=2)
    assert "did you mean 'harbour'?" in done.err


def test_a_site_that_does_not_resolve_fails_with_the_reason(desk: Desk) -> None:
    (desk.sites / "nowhere.toml").write_text('start = "http://nowhere.invalid/"\n')
    said = desk.crawl("nowhere", code=1).printed
    assert "resolve" in said


def test_a_site_that_does_not_resolve_is_not_added(desk: Desk) -> None:
    before = sorted(desk.sites.iterdir())
    done = desk.type("sites", "add", "http://nobody.invalid/", code=1)
    assert "nobody.invalid" in done.err and done.err.count("\n") == 1
    assert sorted(desk.sites.iterdir()) == before


def test_a_robots_txt_that_forbids_all_is_obeyed_and_said(desk: Desk) -> None:
    with SiteServer() as site:
        site.pages["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /")
        url = site.page("/a", article("A page", TEXT))
        site.pages["/sitemap.xml"] = Reply(sitemap([url]).encode(), content_type="application/xml")
        desk.write_site(
            "closed", site.url + "/", f'[sources]\nsitemaps = ["{site.url}/sitemap.xml"]'
        )
        said = desk.crawl("closed", code=1).printed
        assert "robots.txt" in said
        assert {asked.path for asked in site.log} == {"/robots.txt"}


def test_a_sitemap_that_is_html_does_not_stop_the_other_sources(desk: Desk) -> None:
    with SiteServer() as site:
        site.pages["/sitemap.xml"] = Reply(b"<!doctype html><html><body><p>404</p></body></html>")
        url = site.page("/from-the-feed", article("From the feed", TEXT))
        site.pages["/rss"] = Reply(
            feed([(url, "From the feed")]).encode(), content_type="application/rss+xml"
        )
        sources = f'[sources]\nsitemaps = ["{site.url}/sitemap.xml"]\nfeeds = ["{site.url}/rss"]'
        desk.write_site("htmlmap", site.url + "/", sources)
        said = desk.crawl("htmlmap").printed
        assert desk.outcomes()["/from-the-feed"][0] == "stored"
        assert "/sitemap.xml" in said


def test_a_feed_cut_in_half_gives_what_it_named_before(desk: Desk) -> None:
    with SiteServer() as site:
        urls = [site.page(f"/story-{n}", article(f"Story {n}", _own(n))) for n in range(4)]
        whole = feed([(url, "A story") for url in urls])
        half = whole[: whole.index("/story-2")]
        site.pages["/rss"] = Reply(half.encode(), content_type="application/rss+xml")
        desk.write_site("halffeed", site.url + "/", f'[sources]\nfeeds = ["{site.url}/rss"]')
        desk.crawl("halffeed")
        assert {path for path, came in desk.outcomes().items() if came[0] == "stored"} == {
            "/story-0",
            "/story-1",
        }


def test_a_database_that_is_not_there_names_the_command_to_type(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.write_site("site", "http://127.0.0.1:9/")
    done = desk.type("crawl", "discover", "-a", "site=site", code=2)
    assert "scrapy db upgrade" in done.err


def _sitemap_of(site: SiteServer) -> str:
    return f'[sources]\nsitemaps = ["{site.url}/sitemap.xml"]'


def _set_traps(site: SiteServer) -> None:
    pdf = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
    site.pages.update(
        {
            "/robots.txt": Reply(
                b"User-agent: *\nDisallow: /forbidden/", content_type="text/plain"
            ),
            "/tables.pdf": Reply(pdf, content_type="application/pdf"),
            "/said-to-be-html": Reply(pdf),
            "/empty": Reply(b""),
            "/flood": flood(50),
            "/bomb": bomb(50),
            "/drip": drip(30),
            "/reset": Reply(reset=True),
            "/loop": redirect("/loop"),
            "/to-the-cloud": redirect("http://169.254.169.254/latest/meta-data/"),
            "/to-another-host": redirect("http://elsewhere.example/"),
            "/missing": Reply(b"<h1>404</h1>", 404),
            "/withdrawn": Reply(b"<h1>410</h1>", 410),
            "/broken": Reply(b"<h1>500</h1>", 500),
            "/forbidden/story": Reply(article("Forbidden", TEXT).encode()),
            "/untitled": Reply(article("", _own(1)).encode()),
            "/busy-at-first": busy(1, 503, "1", Reply(article("Busy", _own(2)).encode())),
            "/lying-charset": Reply(
                article("La façade", FRENCH, "fr").encode(),
                content_type="text/html; charset=iso-8859-1",
            ),
        }
    )


def _own(number: int) -> list[str]:
    places = ["harbour", "library", "orchard", "railway", "theatre"]
    return [f"In the {places[number]}, number {number}: {paragraph}" for paragraph in TEXT]
