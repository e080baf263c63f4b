"""Sites: their TOML files, who holds one, the sources that name their pages."""
