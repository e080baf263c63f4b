"""The local web application of `scrapy look`: pages over the database and the archive."""
