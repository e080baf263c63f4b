"""One page, put together for people from the database, the archive and the extractor."""
