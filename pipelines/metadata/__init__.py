"""A page's metadata: title, authors, dates. Pure."""
