"""Requests for access, from the first answer of a draft to what an approval grants and a revocation ends."""
