"""Figures of an authority's work in the portal over time. Volumes of post are not among them: they are not known."""
