"""Page to blocks, metadata and verdicts. Pure: no SQL, no settings, no clock."""
