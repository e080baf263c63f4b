"""Every table loaded, so that the metadata is whole: what migrations compare with."""

from models.archive import captures
from models.articles import articles
from models.crawl import frontier, runs
from models.db import changes
from models.db.types import Base
from models.duplicates import tables
from models.memory import entries, reclassify_queue, samples, templates
from models.monitoring import health
from models.sites import leases, registry, sources

TABLES = (
    articles,
    entries,
    captures,
    changes,
    tables,
    frontier,
    health,
    templates,
    samples,
    leases,
    registry,
    runs,
    sources,
    reclassify_queue,
)
metadata = Base.metadata
