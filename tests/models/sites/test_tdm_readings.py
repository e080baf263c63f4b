"""What a host's tdmrep.json said is kept for the runs of its site, in the order of its rules."""

from datetime import timedelta

from models.db.database import Database
from models.sites import tdm_readings
from models.tdm_rules import TdmFile, TdmFiles, TdmRule
from tests.factories import NOW, known_site

RULES = (TdmRule("/b/*$", False), TdmRule("/", True, "https://a.test/policy"), TdmRule("/a", True))


def test_a_file_takes_the_place_of_the_one_before(database: Database) -> None:
    with database.transaction() as conn:
        site, other = known_site(conn), known_site(conn, "other")
        assert tdm_readings.of_site(conn, site) == TdmFiles()
        tdm_readings.keep(conn, site, "https://a.test", TdmFile(NOW, RULES))
        tdm_readings.keep(conn, site, "https://b.test", TdmFile(NOW))
        tdm_readings.keep(conn, other, "https://a.test", TdmFile(NOW, fault="HTTP 500"))
        known = {"https://a.test": TdmFile(NOW, RULES), "https://b.test": TdmFile(NOW)}
        assert tdm_readings.of_site(conn, site).known == known
        later = TdmFile(NOW + timedelta(days=1), RULES[:1], "no answer in 10 s")
        tdm_readings.keep(conn, site, "https://a.test", later)
        assert tdm_readings.of_site(conn, site).known == known | {"https://a.test": later}
        assert tdm_readings.of_site(conn, other).known["https://a.test"].rules == ()
