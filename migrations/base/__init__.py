"""The base revision, by subject: the tables and views that a new database begins with."""
