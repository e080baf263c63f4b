"""Figures that may rise and never fall unseen: each against its floor in floors.json."""
