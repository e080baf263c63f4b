"""What runs brought, in figures, and the state of each site."""
