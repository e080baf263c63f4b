"""What one page teaches its site, from its extraction alone."""

from datetime import datetime
from typing import Final

from models.items import Contribution, Extraction, PlaceUse
from models.urls import url_key
from pipelines.boilerplate.evidence import sightings_of

EXCERPT: Final = 200  # characters of a text that people are shown
# Keys a page may teach. The longest honest page measured has 1,900 blocks; what lies beyond, on a
# page of 50,000, is a list or a trap, and would only push other pages' texts out of the memory.
MOST: Final = 2_000


def contribution_of(
    url: str, url_id: int, fetched_at: datetime, extraction: Extraction
) -> Contribution:
    """The same for the same page, whatever the site has taught; `judged_on` is left empty."""
    sightings = sightings_of(extraction)
    blocks: dict[int, str] = {}
    places: dict[int, PlaceUse] = {}
    for block in extraction.blocks:
        if len(blocks) >= MOST:
            break
        for key in {block.key, block.loose_key} & sightings.blocks:
            blocks.setdefault(key, block.text[:EXCERPT])
        if block.place_key in sightings.places:
            use = sightings.places[block.place_key]
            places.setdefault(block.place_key, PlaceUse(block.place, *use))
    return Contribution(
        page=url_id,
        page_hash=page_hash(url),
        witness=sightings.witness,
        layout_key=extraction.layout_key,
        fetched_at=fetched_at,
        blocks=blocks,
        places=places,
    )


def page_hash(url: str) -> int:
    """63 bits of the URL's key: no order of crawling changes which pages are in a sample."""
    return int.from_bytes(url_key(url)[:8]) >> 1
