"""A source's body in, links out. Pure."""
