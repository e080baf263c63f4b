"""An archived copy as it reads today: by the site's rules and memory."""

from pathlib import Path

from crawler.inspection.current_reading import ClassifiedCopy, current_reading
from models.archive import captures
from models.archive.places import ArchivePlaces
from models.db.database import Database
from models.items import Hint
from models.outcomes import Outcome
from models.sites.config import ExtractionRules
from tests.support.archived_pages import archive_page


def read(database: Database, folder: Path, rules: ExtractionRules | None) -> ClassifiedCopy:
    page = archive_page(database, folder, outcome=Outcome.NO_CONTENT)
    with database.reading() as conn:
        copy = captures.read(conn, ArchivePlaces(folder), page.capture_id)
        return current_reading(conn, "example", copy, page.url_id, Hint(), rules)


def reasons(found: ClassifiedCopy) -> list[str]:
    return [one.reason for one in found.decisions]


def test_the_page_is_read_and_classified_and_nothing_is_stored(
    database: Database, tmp_path: Path
) -> None:
    found = read(database, tmp_path, None)
    assert found.extraction.metadata.title == "Port 1"
    assert reasons(found)[:2] == ["cookie", "navigation"] and "rule" not in reasons(found)
    assert any(block.kept for block in found.extraction.blocks)


def test_a_rule_of_the_site_decides(sqlite: Database, tmp_path: Path) -> None:
    found = read(sqlite, tmp_path, ExtractionRules(remove=(".partner-box",)))
    assert reasons(found).count("rule") == 1
