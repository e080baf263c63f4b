"""When a site was seen to publish: the gaps between what was found after its first day."""

from datetime import timedelta

from models.db.database import Database
from models.monitoring import publication
from tests.factories import NOW, known_site, known_url, make_article, open_run, store_article

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_a_site_s_gaps_are_between_finds_after_its_first_day(sqlite: Database) -> None:
    found_at = [DAY, DAY + HOUR, DAY + 2 * HOUR, DAY + 2 * HOUR + HOUR / 2, 3 * DAY]
    with sqlite.transaction() as conn:
        site_id = known_site(conn)
        open_run(conn, site_id)
        for n, after in enumerate(found_at):
            url_id = known_url(conn, site_id, f"https://example.test/{n}")
            store_article(conn, site_id, make_article(f"Text {n}", url_id=url_id), NOW + after)
        seen = publication.visits(conn, site_id, NOW)
    assert seen.last_look == NOW
    assert seen.last_article == NOW + 3 * DAY
    assert seen.gaps == (2 * DAY - 2 * HOUR - HOUR / 2,)
