"""How large a database is that is made for `scrapy look`, and what of its articles is known."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

WORDS: Final = ("harbour", "council", "ferry", "bridge", "storm", "school", "market", "library")


@dataclass(frozen=True, slots=True)
class Size:
    """How many articles, on how many sites."""

    articles: int
    sites: int
    now: datetime
    busy_runs: int = 3_000  # more runs of the first site, in the last 90 days
    noted_runs: int = 4_000  # the last ones, whose outcomes are kept
    cluster: int = 300  # members of the largest cluster, the first articles
    texts: int = 2_000  # that the first site repeats, and DOM paths

    def site_of(self, article: int) -> int:
        """The site of an article, both counted from 1."""
        return 1 if article % 2 else 2 + article // 2 % (self.sites - 1)

    def url_of(self, article: int) -> str:
        """The address of its page."""
        slug = f"{WORDS[article % 8]}-story-of-the-day-{article}"
        return f"https://site-{self.site_of(article)}.test/2026/{slug}"

    def text_of(self, article: int) -> str:
        """Its text: 300 words in six paragraphs."""
        words = [WORDS[(article + k * k) % 8] for k in range(300)]
        return "\n\n".join(" ".join(words[k : k + 50]).capitalize() for k in range(0, 300, 50))

    def seen_at(self, article: int) -> datetime:
        """When an article was found: the last is the newest, the first is 90 days old."""
        return self.now - timedelta(days=90 * (self.articles - article) / self.articles)
