"""Fetches pages, runs the commands and reports the outcomes."""
