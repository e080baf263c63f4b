"""Brings pages in and tells what came of them."""
