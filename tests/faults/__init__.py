"""What goes wrong outside of us: hostile answers, kills, broken machines."""

"""Faults of machines, of sites and of strangers, made on purpose."""
