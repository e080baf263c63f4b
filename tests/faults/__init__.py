"""What goes wrong outside of us: hostile answers, kills, broken machines."""
