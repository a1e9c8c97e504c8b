"""Drafts: changes of the whole structure that are collected, looked at, and published together."""
