"""Several learned texts revoked at once: those of one form, or all headings; one template."""

from dataclasses import replace

import pytest

from crawler.operations import site_memory
from crawler.operations.site_memory import Wanted
from models.db.database import Database
from models.errors import UsageError
from models.items import Extraction
from models.memory import learned, template_samples
from models.memory.learned_templates import LEAST
from models.sites.config import Site
from pipelines import decider, reclassify
from pipelines.page_reader import basis_of
from tests.factories import make_block, make_key, make_site
from tests.support.observations import Taught
from tests.support.small_site import BOX, CALL, SmallSite, decides_as, extraction_of, plain_classify
from tests.support.taught_templates import teach

ALSO = "Behind the story"


def with_heading(number: int) -> Extraction:
    """An article whose body ends with a heading of every page."""
    made = extraction_of(number)
    path = "article.story>div.story-body>h3"
    heading = make_block(
        ALSO, position=1 + made.blocks[-1].position, kind="heading", dom_path=path,
        dom_path_key=make_key(path), features=(0.0,) * 4,
    )  # fmt: skip
    return replace(made, blocks=(*made.blocks, heading))


@pytest.fixture
def site(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> SmallSite:
    """A site whose calls are removed from all eight articles; it is not about the fitted models."""
    for module in (decider, reclassify):
        monkeypatch.setattr(module, "classify", plain_classify)
    monkeypatch.setattr(reclassify, "decide", decides_as(plain_classify))
    made = SmallSite(sqlite_url)
    made.crawl(range(8), extractions=list(map(with_heading, range(8))))
    assert shown(made) == {CALL: 0, BOX: 0, ALSO: 0}
    return made


def shown(site: SmallSite) -> dict[str, int]:
    """How many articles have each of the texts that all pages repeat."""
    return {text: sum(text in one for one in site.texts().values()) for text in (CALL, BOX, ALSO)}


def block_of(site: SmallSite, text: str) -> str:
    query = "select entry_key from memory_entries where kind = 'block' and text like '{}%' limit 1"
    [(block, *_)] = site.ask(query.format(text[:20]))
    return str(block)


def forget(site: SmallSite, **wanted: object) -> None:
    database = Database.open(site.url)
    try:
        assert site_memory.forget(database, make_site(), Wanted(**wanted)) == 0
    finally:
        database.close()


def test_texts_like_one_come_back_together(
    site: SmallSite, capsys: pytest.CaptureFixture[str]
) -> None:
    forget(site, like=block_of(site, CALL))
    now = shown(site)
    assert now[CALL] >= 5  # where the page itself keeps it
    assert now[BOX] >= 5
    assert now[ALSO] == 0
    first, *listed = capsys.readouterr().out.splitlines()
    assert " texts like block " in first
    assert first.endswith("8 of 8 articles corrected")
    assert {CALL[:20], BOX[:20]} <= {line.strip()[:20] for line in listed}
    assert not any(ALSO in line for line in listed)


def test_one_text_alone_comes_back_alone(site: SmallSite) -> None:
    forget(site, block=block_of(site, CALL))
    now = shown(site)
    assert now[CALL] >= 5
    assert now[BOX] == 0


def test_all_headings_are_revoked_and_nothing_else(
    site: SmallSite, capsys: pytest.CaptureFixture[str]
) -> None:
    forget(site, all_headings=True)
    now = shown(site)
    assert now == {CALL: 0, BOX: 0, ALSO: 8}
    out = capsys.readouterr().out
    assert " of headings; " in out
    assert f"  {ALSO}" in out.splitlines()


def test_what_is_revoked_stays_so_on_new_pages(site: SmallSite) -> None:
    forget(site, like=block_of(site, BOX))
    before = shown(site)
    site.crawl(range(8, 12), extractions=list(map(with_heading, range(8, 12))))
    assert shown(site)[CALL] > before[CALL]


@pytest.mark.parametrize("wanted", [{"like": "12"}, {"like": "vote"}])
def test_a_text_that_is_not_there_is_said(site: SmallSite, wanted: dict[str, object]) -> None:
    with pytest.raises(UsageError, match="scrapy sites memory example"):
        forget(site, **wanted)


def test_only_one_choice_is_taken(site: SmallSite) -> None:
    with pytest.raises(UsageError, match="one of --block, --like, --all-headings and --template"):
        forget(site, like="1", all_headings=True)


@pytest.fixture
def taught(database: Database) -> Taught:
    """A site with two learned templates."""
    made = Taught(database)
    teach(made, range(LEAST), template=5)
    teach(made, range(20, 20 + LEAST), template=6)
    return made


def lines_of(taught: Taught, capsys: pytest.CaptureFixture[str], site: Site) -> list[str]:
    assert site_memory.show(taught.database, site, 9) == 0
    return capsys.readouterr().out.splitlines()


def test_templates_are_shown_before_texts_and_dom_paths(
    taught: Taught, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = lines_of(taught, capsys, make_site())
    heads = [line for line in lines if line.startswith("template ")]
    assert [line.split(":")[0] for line in heads] == ["template 5", "template 6"]
    gap = lines.index("")
    assert lines[gap + 1].endswith("DOM path")
    assert lines[1] == "  learned by other rules or another version; its pages are searched"


def test_a_site_that_has_every_page_searched_is_told_so(
    sqlite: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    site = make_site()
    site = replace(site, extraction=replace(site.extraction, always="trafilatura"))
    taught = Taught(sqlite)
    teach(taught, range(LEAST), basis=basis_of(site.extraction))
    assert "all pages are searched: [extraction] always" in lines_of(taught, capsys, site)[1]


def test_a_template_alone_is_forgotten_and_learned_anew(
    taught: Taught, capsys: pytest.CaptureFixture[str]
) -> None:
    assert site_memory.forget(taught.database, make_site(), Wanted(template="5")) == 0
    assert capsys.readouterr().out == (
        f"example: forgot template 5; its pages are searched until {LEAST} have taught it anew."
        " Stored articles stay as they are.\n"
    )
    with taught.database.reading() as conn:
        assert [one.key for one in learned.learned_templates(conn, taught.site_id)] == [6]
        assert template_samples.read(conn, taught.site_id, 5) == []
        assert len(template_samples.read(conn, taught.site_id, 6)) == LEAST
    teach(taught, range(30, 31), template=5)
    with taught.database.reading() as conn:
        assert {o.key: o.pages for o in learned.learned_templates(conn, taught.site_id)}[5] == 1


@pytest.mark.parametrize("template", ["7", "5x", "-5", "", "9" * 19, "9" * 5000])
def test_a_template_that_is_not_there_is_said(sqlite: Database, template: str) -> None:
    taught = Taught(sqlite)
    teach(taught, range(2), template=5)
    with pytest.raises(UsageError, match="scrapy sites memory example"):
        site_memory.forget(sqlite, make_site(), Wanted(template=template))
    with sqlite.reading() as conn:
        assert learned.learned_templates(conn, taught.site_id)


@pytest.mark.parametrize("other", [{"block": "1"}, {"like": "1"}, {"all_headings": True}])
def test_a_template_is_forgotten_alone(sqlite: Database, other: dict[str, object]) -> None:
    with pytest.raises(UsageError, match="one of --block, --like, --all-headings and --template"):
        site_memory.forget(sqlite, make_site(), Wanted(template="5", **other))
