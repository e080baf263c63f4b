"""Several learned texts revoked at once: those of one form, or all headings."""

from dataclasses import replace

import pytest

from crawler.operations import site_memory
from crawler.operations.site_memory import Wanted
from models.db.database import Database
from models.errors import UsageError
from models.items import Extraction
from pipelines import decider, reclassify
from tests.factories import make_block, make_key, make_site
from tests.support.small_site import BOX, CALL, SmallSite, decides_as, extraction_of, plain_classify

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
        assert site_memory.forget(database, make_site(), Wanted(**wanted)) == 0  # type: ignore[arg-type]
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
    with pytest.raises(UsageError, match="one of --block, --like and --all-headings"):
        forget(site, like="1", all_headings=True)
