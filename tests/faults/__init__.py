"""Faults of machines, of sites and of strangers, made on purpose."""
