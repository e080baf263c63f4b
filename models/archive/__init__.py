"""Fetched copies, kept as WARC records."""
