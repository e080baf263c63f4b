"""One verb of `scrapy` a file: options in, one call, an exit code out."""
