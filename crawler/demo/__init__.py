"""The bundled sites, and the small server that `scrapy demo` crawls."""
