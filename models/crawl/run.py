"""The run that is under way, as the stages and spiders see it."""

from dataclasses import dataclass, field
from datetime import datetime

from models.crawl.schedule import RevisitYield
from models.crawl.shared_targets import SharedTargets
from models.sites.config import Site
from models.tdm_rules import TdmFiles


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one spider on one site."""

    run_id: int
    kind: str  # discover | recrawl | reextract | visit
    site: Site
    site_id: int
    owner: str
    started_at: datetime | None = None  # None: it is not in the database
    revisit_yield: RevisitYield = field(
        default_factory=RevisitYield
    )  # of the site's revisits, at the start
    shared_targets: SharedTargets = field(default_factory=SharedTargets, compare=False, repr=False)
    # url_keys of pages that were taken out on request
    erased: frozenset[bytes] = field(default=frozenset(), repr=False)
    # what the /.well-known/tdmrep.json of its hosts say, as far as it is known by now
    tdm_files: TdmFiles = field(default_factory=TdmFiles, compare=False, repr=False)
