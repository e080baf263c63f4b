"""What each request and response passes between the spiders and the network."""
