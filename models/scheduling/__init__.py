"""When a site or a page is asked again, and how a run begins and ends."""
