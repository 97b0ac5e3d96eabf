"""Hands: what takes messages to the world, one module per driver. Knows no music and no time but its own."""
