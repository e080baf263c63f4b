"""Which blocks are the article, by the page alone and by its site. Pure."""
