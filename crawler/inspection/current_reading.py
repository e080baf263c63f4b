"""An archived copy as the extractor, the site's memory and its rules read it today."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from models.archive.reader import Capture
from models.articles.classifications import summary
from models.items import Extraction, Hint
from models.memory.cache import EvidenceCache
from models.sites import registry
from models.sites.config import ExtractionRules
from pipelines.boilerplate.classify import classify
from pipelines.boilerplate.observation import observation_of
from pipelines.inspection.page_fates import Decision
from pipelines.page_reader import extract


@dataclass(frozen=True, slots=True)
class ClassifiedCopy:
    """A page's blocks and what would become of each."""

    extraction: Extraction = field(repr=False)
    decisions: Sequence[Decision] = field(repr=False)


def current_reading(
    conn: Connection,
    site: str,
    copy: Capture,
    url_id: int,
    hint: Hint,
    rules: ExtractionRules | None,
) -> ClassifiedCopy:
    """Reads a copy by search, and classifies it by what the site's memory knows now.

    Raises ExtractionFailed as the extractor does.
    """
    found = extract(copy.body, copy.charset, copy.final_url, hint, rules or None, copy.fetched_at)
    shown = observation_of(copy.final_url, url_id, copy.fetched_at, found)
    numbers = {name: number for number, name in registry.names(conn).items()}
    evidence = EvidenceCache(numbers[site]).evidence(conn, shown)
    classified = classify(found, evidence, url_id, rules)
    decisions = [
        Decision(row["position"], row["action"], row["reason"], row["evidence"])
        for row in summary(found, classified.blocks)
    ]
    return ClassifiedCopy(found, decisions)
