"""Where links to pages come from: sitemaps, feeds, section pages."""
