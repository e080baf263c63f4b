"""The fleet: work handed out to several machines, on Celery."""
