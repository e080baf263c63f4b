"""What many sites need: measured costs, a model of closed formulas, and a simulation of it."""
