"""The run that is under way, as the stages and spiders see it."""

from dataclasses import dataclass

from models.sites import Site


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one spider on one site."""

    run_id: int
    kind: str  # discover | recrawl | reextract | visit
    site: Site
    site_id: int
    holder: str
