"""Pages taken out on request: what of them goes, and the tombstones that keep them away."""
