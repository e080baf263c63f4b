"""What every list of articles shows of one."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ArticleFacts:
    """Columns of v1_articles."""

    site: str
    url: str
    title: str | None
    published_at: datetime | None  # UTC
    published_precision: str | None  # time | day
    word_count: int
