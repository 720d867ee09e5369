"""What would happen if the office closed, now, then, and how is that developing? Asked of the fleet."""
