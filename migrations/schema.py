"""Every table loaded, so that the metadata is whole: what migrations compare with."""

from typing import Final

from sqlalchemy import MetaData

from models.archive import capture_parts, captures, files
from models.articles import (
    classifications,
    extractions,
    former_urls,
    revisions,
    rows,
    search_index,
)
from models.crawl import queues, run_rows, url_rows
from models.db import changes
from models.db.types import METADATA
from models.duplicates import tables
from models.erasures import tombstones
from models.fleet import handouts, host_holds, workers
from models.memory import (
    entries,
    learned_templates,
    reclassify_queue,
    samples,
    template_samples,
    templates,
)
from models.monitoring import alert_receivers, alerts, health
from models.sites import leases, readings, registry, sources, tdm_readings

DECLARING: Final = (
    registry,
    sources,
    readings,
    tdm_readings,
    leases,
    handouts,
    host_holds,
    workers,
    run_rows,
    url_rows,
    queues,
    captures,
    capture_parts,
    files,
    rows,
    revisions,
    extractions,
    classifications,
    former_urls,
    search_index,
    changes,
    entries,
    samples,
    templates,
    learned_templates,
    template_samples,
    reclassify_queue,
    tables,
    health,
    alert_receivers,
    alerts,
    tombstones,
)
metadata: Final[MetaData] = METADATA
