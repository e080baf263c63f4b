"""Many machines: what is handed out to workers, who they are, and which hosts they hold."""
