"""The vocabulary of the engine, and what all its parts stand on."""
