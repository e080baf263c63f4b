"""A page's bytes into measured blocks. Pure: no SQL, no settings, no clock."""
