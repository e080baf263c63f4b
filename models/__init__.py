"""What a thing is, and where it rests."""
