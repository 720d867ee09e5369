"""One function per panel, saying only what differs from the house."""
