"""What tests share: a site server, commands as a user types them, small sites, factories."""
