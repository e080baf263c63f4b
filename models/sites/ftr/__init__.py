"""Rules of ftr-site-config: read, matched with sites, and translated. Pure."""
