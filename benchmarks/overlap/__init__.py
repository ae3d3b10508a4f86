"""Find where databases hold the same data: how right the matcher is, and how fast on a lake."""
