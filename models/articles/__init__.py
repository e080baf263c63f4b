"""Articles, their revisions, and how each page was classified."""
