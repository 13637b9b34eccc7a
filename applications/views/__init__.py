"""The web of this room; one module per area."""
