"""Completion of commands in a shell: read from the commands themselves, written as a script."""
