"""Where links come from: a body in, Links out. Pure."""
