"""The sub-commands of `scrapy sites`, one a module."""
