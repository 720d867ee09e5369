"""How do older stores become today's? One file a step in `versions`, run at start."""
