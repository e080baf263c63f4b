"""What commands do, above spiders and pipelines."""
