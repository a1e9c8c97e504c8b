"""The pages of drafts of the structure, and of what was published."""
