"""Completion of commands in a shell."""
