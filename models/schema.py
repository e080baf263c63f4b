"""Every table loaded, so that the metadata is whole: what migrations compare with."""

from models import (
    articles,
    blocks,
    captures,
    changes,
    clusters,
    frontier,
    health,
    places,
    registry,
    runs,
    sources,
)
from models.database import Base

TABLES = (
    articles,
    blocks,
    captures,
    changes,
    clusters,
    frontier,
    health,
    places,
    registry,
    runs,
    sources,
)
metadata = Base.metadata
