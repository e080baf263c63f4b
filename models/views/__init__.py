"""The SQL views that readers rely on."""
