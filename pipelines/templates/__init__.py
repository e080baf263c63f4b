"""Learned templates: what a page shows of its template, and pages read off where it says."""
