"""Pages that need JavaScript: a browser, all of whose traffic passes the guard."""
