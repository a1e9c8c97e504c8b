"""The pages of the contact structure."""
