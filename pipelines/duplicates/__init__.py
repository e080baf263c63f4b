"""Which articles are one story, and which of them is the original."""
