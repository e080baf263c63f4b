"""Which articles are one story: the index, similar pairs, clusters."""
