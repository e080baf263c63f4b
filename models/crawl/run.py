"""The run that is under way, as the stages and spiders see it."""

from dataclasses import dataclass, field

from models.crawl.schedule import Earning
from models.sites.config import Site


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one spider on one site."""

    run_id: int
    kind: str  # discover | recrawl | reextract | visit
    site: Site
    site_id: int
    holder: str
    earning: Earning = field(default_factory=Earning)  # of the site's revisits, at the start
