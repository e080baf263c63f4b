"""What is known of every URL, and what each run did."""
