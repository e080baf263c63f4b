"""Bytes of SQL and of the archive, as they were measured, and for how long they are kept."""

from typing import Final, NamedTuple

from benchmarks.scaling.model import Load
from benchmarks.scaling.workload import GZIP, TEXT

OUTCOMES_KEPT: Final = 180  # days, WINNOW_KEEP_OUTCOMES
RUNS_KEPT: Final = 180  # days, WINNOW_KEEP_RUNS
_MEASURED_TEXT: Final = 8_122  # characters of an article of the measured pages, on average
_OF_A_RECORD: Final = 1_800  # bytes: headers, warcinfo, what gzip adds


class Table(NamedTuple):
    """What a table and its indexes hold, in bytes."""

    name: str
    unit: str  # article, revision, capture, outcome or run
    rows: float
    indexes: float
    by_text: bool = False  # grows with the length of the articles

    @property
    def each(self) -> float:
        """Bytes a unit, for articles as long as those of the model."""
        return (self.rows + self.indexes) * (TEXT.mean / _MEASURED_TEXT if self.by_text else 1)


# python -m benchmarks.scaling.measure URL --sites 18 --articles 120 --again 0, and captures and
# outcomes with --again 40; of runs, `--generated --sites 4 --articles 1000 --runs 3000`
TABLES: Final = (
    Table("v1_search", "article", 10_441, 3_114, by_text=True),
    Table("extractions", "article", 9_292, 30, by_text=True),
    Table("revisions", "revision", 7_058, 277, by_text=True),
    Table("block_classifications", "article", 8_067, 1_597),
    Table("memory_occurrences", "article", 4_270, 3_197),
    Table("template_samples", "article", 1_070, 23),
    Table("sketch_keys", "article", 595, 493),
    Table("memory_pages", "article", 815, 38),
    Table("urls", "article", 436, 406),
    Table("articles", "article", 121, 216),
    Table("learned_templates", "article", 303, 8),
    Table("cluster_members", "article", 95, 114),
    Table("memory_entries", "article", 129, 42),
    Table("changes", "revision", 91, 68),
    Table("captures", "capture", 302, 87),
    Table("outcomes", "outcome", 80, 61),
    Table("runs", "run", 128, 149),
)


def units_a_day(load: Load) -> dict[str, float]:
    """How many of each unit a day brings."""
    return {
        "article": load.new,
        "revision": load.new + load.changed,
        "capture": load.pages,
        "outcome": load.pages,
        "run": load.visits,
    }


def kept_for(unit: str, days: float) -> float:
    """Days of a unit that the database holds after so many days."""
    most = {"outcome": OUTCOMES_KEPT, "run": RUNS_KEPT}.get(unit, days)
    return min(days, most)


def bytes_after(load: Load, days: float) -> dict[str, float]:
    """By table, if nothing but outcomes and runs is pruned."""
    many = units_a_day(load)
    return {
        table.name: table.each * many[table.unit] * kept_for(table.unit, days) for table in TABLES
    }


def archive_a_day(load: Load) -> float:
    """Bytes: every page that is fetched is kept, unchanged ones too."""
    return load.pages * (GZIP.mean + _OF_A_RECORD)
