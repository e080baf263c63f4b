"""Who asks for pages."""
