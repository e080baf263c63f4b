"""Every table loaded, so that the metadata is whole: what migrations compare with."""

from models import (
    articles,
    blocks,
    captures,
    changes,
    clusters,
    frontier,
    health,
    layouts,
    places,
    registry,
    runs,
    sources,
    unsettled,
)
from models.columns import Base

TABLES = (
    articles,
    blocks,
    captures,
    changes,
    clusters,
    frontier,
    health,
    layouts,
    places,
    registry,
    runs,
    sources,
    unsettled,
)
metadata = Base.metadata
