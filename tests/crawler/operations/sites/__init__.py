"""Sub-commands of scrapy sites."""
