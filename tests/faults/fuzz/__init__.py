"""Random bytes for every reader of what strangers wrote."""
