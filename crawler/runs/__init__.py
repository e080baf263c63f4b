"""How a run starts, which pages it asks for, what each answer means."""
