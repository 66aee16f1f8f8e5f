"""Exploring further: what authkit knows as tables of pandas."""

from authkit.explore.tables import table

__all__ = ["table"]
