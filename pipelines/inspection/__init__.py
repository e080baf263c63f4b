"""An archived page shown to a person: its blocks and their fates, where they are, selectors."""
