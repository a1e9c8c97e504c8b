"""Forms of organisations, people and rights."""
