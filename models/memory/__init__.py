"""Site memory: the texts and DOM paths that a site repeats."""
